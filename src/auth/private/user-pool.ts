import { Duration } from 'aws-cdk-lib';
import { AccountRecovery, ClientAttributes, FeaturePlan, Mfa, UserPool, UserPoolClient, type UserPoolProps } from 'aws-cdk-lib/aws-cognito';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { acknowledge } from '../../private/nag';
import type { StagePreset } from '../../stage';
import type { AuthServiceOptions } from '../auth-service-options';
import type { PasswordPolicy } from '../contract';

const DEFAULT_PASSWORD_LENGTH = 12;
/** The mail of a registration and of a reset: Cognito sends both as the code of a forgotten password, which lives for an hour. */
const CODE_MAIL = 'Your code is {####}. With it you set the password of your account, within one hour. If you did not ask for it, ignore this e-mail: without the code nothing changes.';
/** A client that lost the answer of a refresh may repeat it for so long. */
const ROTATION_GRACE = Duration.seconds(30);

/** What a pool that is made here asks of a password. */
export function passwordPolicy({ passwordMinLength }: AuthServiceOptions): PasswordPolicy {
  const minLength = passwordMinLength ?? DEFAULT_PASSWORD_LENGTH;
  return { minLength, requireDigits: true, requireLowercase: true, requireUppercase: true, requireSymbols: true };
}

/**
 * A pool whose user names are a keyed hash of the address (ADR 0011). It closes what Cognito's public API offers to everybody
 * who has the client id, which is in every token: signing up (`AllowAdminCreateUserOnly`), and asking about an address, since
 * no address is a user name or an alias of one.
 */
export function createUserPool(scope: Construct, options: AuthServiceOptions, stage: StagePreset): UserPool {
  const pool = new UserPool(scope, 'UserPool', {
    selfSignUpEnabled: false,
    signInAliases: { username: true },
    signInCaseSensitive: false,
    // The user name follows from the address: with another address, an account would belong to two mailboxes.
    standardAttributes: { email: { required: false, mutable: false }, fullname: { required: false, mutable: true } },
    email: options.email,
    userVerification: { emailSubject: 'Your code', emailBody: CODE_MAIL },
    passwordPolicy: passwordPolicy(options),
    ...secondFactor(options.mfa),
    accountRecovery: AccountRecovery.EMAIL_ONLY,
    featurePlan: FeaturePlan.ESSENTIALS,
    deletionProtection: stage.deletionProtection,
    removalPolicy: stage.removalPolicy,
  });
  acknowledge(pool, 'No second factor unless `mfa` says so: an access token alone could set one up and lock the owner out, and the tokens of this pool open a voting application, not an operator\'s console. Bring a pool that asks it of everybody (`userPool`) if the accounts are worth it.', 'AwsSolutions-COG2');
  acknowledge(pool, 'Threat protection needs the Plus plan, which costs more for each active user: bring a pool that has it (`userPool`) where the accounts are worth it. Sign-in attempts are limited by Cognito and by the throttle of the route.', 'AwsSolutions-COG3', 'AwsSolutions-COG8');
  return pool;
}

/**
 * Off by default: an access token alone sets an authenticator app up, so a stolen one would lock the owner out for good. If it is off for the pool,
 * Cognito refuses that ("users receive a SoftwareTokenMFANotFoundException").
 *
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa-totp.html
 */
function secondFactor(mfa: Mfa = Mfa.OFF): UserPoolProps {
  return mfa === Mfa.OFF ? { mfa } : { mfa, mfaSecondFactor: { otp: true, sms: false } };
}

export function createUserPoolClient(scope: Construct, pool: UserPool, options: AuthServiceOptions): UserPoolClient {
  const name = new ClientAttributes().withStandardAttributes({ fullname: true });
  return new UserPoolClient(scope, 'UserPoolClient', {
    userPool: pool,
    generateSecret: false,
    authFlows: { adminUserPassword: true },
    disableOAuth: true,
    preventUserExistenceErrors: true,
    enableTokenRevocation: true,
    refreshTokenRotationGracePeriod: ROTATION_GRACE,
    accessTokenValidity: options.accessTokenValidity ?? Duration.minutes(15),
    idTokenValidity: options.accessTokenValidity ?? Duration.minutes(15),
    refreshTokenValidity: options.refreshTokenValidity ?? Duration.days(30),
    readAttributes: name.withStandardAttributes({ email: true, emailVerified: true }),
    writeAttributes: name,
  });
}

/**
 * The key that user names are made with. It cannot be read, exported or rotated, and whoever loses it loses all accounts, so
 * it lives as long as the pool does.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/hmac.html
 */
export function createUsernameKey(scope: Construct, stage: StagePreset): Key {
  return new Key(scope, 'UsernameKey', {
    description: 'Makes the user names of accounts from e-mail addresses. Without it, no account can be found again.',
    keySpec: KeySpec.HMAC_256,
    keyUsage: KeyUsage.GENERATE_VERIFY_MAC,
    removalPolicy: stage.removalPolicy,
  });
}
