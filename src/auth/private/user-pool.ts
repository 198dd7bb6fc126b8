import { Duration } from 'aws-cdk-lib';
import { AccountRecovery, ClientAttributes, FeaturePlan, Mfa, UserPool, UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import { acknowledge } from '../../private/nag';
import type { StagePreset } from '../../stage';
import type { AuthServiceOptions } from '../auth-service-options';
import type { PasswordPolicy } from '../contract';

const DEFAULT_PASSWORD_LENGTH = 12;
/** A client that lost the answer of a refresh may repeat it for so long. */
const ROTATION_GRACE = Duration.seconds(30);

/** What a pool that is made here asks of a password. */
export function passwordPolicy({ passwordMinLength }: AuthServiceOptions): PasswordPolicy {
  const minLength = passwordMinLength ?? DEFAULT_PASSWORD_LENGTH;
  return { minLength, requireDigits: true, requireLowercase: true, requireUppercase: true, requireSymbols: true };
}

export function createUserPool(scope: Construct, options: AuthServiceOptions, stage: StagePreset): UserPool {
  const pool = new UserPool(scope, 'UserPool', {
    selfSignUpEnabled: true,
    signInAliases: { email: true },
    signInCaseSensitive: false,
    autoVerify: { email: true },
    keepOriginal: { email: true },
    standardAttributes: { email: { required: true, mutable: true } },
    passwordPolicy: passwordPolicy(options),
    mfa: options.mfa ?? Mfa.OPTIONAL,
    mfaSecondFactor: { otp: true, sms: false },
    accountRecovery: AccountRecovery.EMAIL_ONLY,
    featurePlan: FeaturePlan.ESSENTIALS,
    deletionProtection: stage.deletionProtection,
    removalPolicy: stage.removalPolicy,
  });
  acknowledge(pool, 'A second factor is each person\'s own choice: the tokens of this pool open a voting application, not an operator\'s console. Bring a pool that asks it of everybody (`userPool`) where the accounts are worth it.', 'AwsSolutions-COG2');
  acknowledge(pool, 'Threat protection needs the Plus plan, which costs more for each active user: bring a pool that has it (`userPool`) where the accounts are worth it. Sign-in attempts are limited by Cognito and by the throttle of the route.', 'AwsSolutions-COG3', 'AwsSolutions-COG8');
  return pool;
}

export function createUserPoolClient(scope: Construct, pool: UserPool, options: AuthServiceOptions): UserPoolClient {
  const profile = new ClientAttributes().withStandardAttributes({ email: true, fullname: true });
  return new UserPoolClient(scope, 'UserPoolClient', {
    userPool: pool,
    generateSecret: false,
    authFlows: { userPassword: true },
    disableOAuth: true,
    preventUserExistenceErrors: true,
    enableTokenRevocation: true,
    refreshTokenRotationGracePeriod: ROTATION_GRACE,
    accessTokenValidity: options.accessTokenValidity ?? Duration.minutes(15),
    idTokenValidity: options.accessTokenValidity ?? Duration.minutes(15),
    refreshTokenValidity: options.refreshTokenValidity ?? Duration.days(30),
    readAttributes: profile.withStandardAttributes({ emailVerified: true }),
    writeAttributes: profile,
  });
}
