import { CfnOutput, CfnResource, Duration, Fn, Token } from 'aws-cdk-lib';
import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { type IUserPool, type IUserPoolClient, Mfa, type UserPool } from 'aws-cdk-lib/aws-cognito';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type CfnKey, type IKey, KeySpec } from 'aws-cdk-lib/aws-kms';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { Construct } from 'constructs';
import { DEFAULT_USER_ID_CLAIM } from '../api/contract';
import type { Endpoint } from '../api/endpoint';
import { type IEndpointAuthorizer, JwtAuthorizer } from '../api/endpoint-authorizer';
import type { IServerlessApi } from '../api/serverless-api';
import { AlarmSeverity, Monitoring } from '../monitoring';
import { type AlarmContext, metricAlarm } from '../private/alarms';
import { bundledEndpoint, type BundledService } from '../private/bundled-endpoint';
import { checkChoices, checkDuration, checkGiven, checkThrottle, checkWhole, isWithStageOf, validateEnvironment, validateKnown, WHOLE_MINUTES } from '../private/checks';
import { resolveEncryptionKey } from '../private/encryption-key';
import { ConstructError } from '../private/errors';
import { StagePreset } from '../stage';
import type { AuthServiceOptions } from './auth-service-options';
import { AuthEnv, AuthMetrics } from './contract';
import { checkSignIn, publicLimits, warnOfMails, warnOfQuotas, withoutOwnWarning } from './private/account-limits';
import { AUTH_ENDPOINTS } from './private/endpoints';
import type { PublicRoute } from './private/limits';
import { withPasswordPolicy } from './private/password-schema';
import { createUsernameKey, createUserPool, createUserPoolClient, passwordPolicy } from './private/user-pool';

/** Who lets callers in: its access tokens open endpoints that have it as their `auth`. */
export interface IAuthService extends IEndpointAuthorizer {
  /** The user pool. */
  readonly userPool: IUserPool;
  /** The app client by which the auth endpoints speak to it. */
  readonly userPoolClient: IUserPoolClient;
}

/** Props of `AuthService`. */
export interface AuthServiceProps extends AuthServiceOptions {
  /** The API that the endpoints belong to. */
  readonly api: IServerlessApi;
}

/** What must be known of an auth service of another app. */
export interface AuthServiceAttributes {
  /** The API that it is to stand before. */
  readonly api: IServerlessApi;
  /** Its user pool. */
  readonly userPool: IUserPool;
  /** Its app client. */
  readonly userPoolClient: IUserPoolClient;
  /**
   * The claim of its access tokens that is the user's id: the `userIdClaim` of that service. With another one, everybody would
   * be somebody else in this app.
   *
   * @default 'username' - that of a service that made its pool. Give 'sub' if that service was given its pool without `usernameKey`.
   */
  readonly userIdClaim?: string;
}

const MOST_PER_SECOND = 1_000_000;

/**
 * Accounts: register, confirm, reset a password, log in, refresh, log out, and `/me`, over a Cognito user pool; and the
 * authorizer that endpoints name as their `auth`.
 *
 * An account belongs to whoever has its mailbox. The password is set together with the code of an e-mail, and with nothing
 * else: whoever registered the address before gets nothing by it. No answer tells by status or body whether an address has an
 * account, up to ten logins per second for one address; what can be told beyond is in ADR 0011. The user's id is a keyed hash of the address: whoever deletes
 * the account and registers again is the same voter (ADR 0011).
 *
 * The pool and the key of the user names are retained and protected unless the stage says otherwise. Costs USD 0.015 a monthly active user above 10,000
 * (https://aws.amazon.com/cognito/pricing/, Essentials), USD 1 a month for the key and USD 0.03 for 10,000 logins by it
 * (https://aws.amazon.com/kms/pricing/).
 */
export class AuthService extends Construct implements IAuthService {
  /** An auth service of another app: opens endpoints of this app to its users, and makes no endpoints. */
  static fromAttributes(scope: Construct, id: string, attributes: AuthServiceAttributes): IAuthService {
    class Imported extends Construct implements IAuthService {
      readonly api = attributes.api;
      readonly userPool = attributes.userPool;
      readonly userPoolClient = attributes.userPoolClient;
      readonly tokenSource = TOKEN_SOURCE;
      readonly userIdClaim = attributes.userIdClaim ?? USERNAME_CLAIM;
      readonly authorizerId = poolAuthorizer(this, attributes).authorizerId;
    }
    return new Imported(scope, id);
  }

  readonly api: IServerlessApi;
  readonly userPool: IUserPool;
  readonly userPoolClient: IUserPoolClient;
  readonly authorizerId: string;
  readonly tokenSource = TOKEN_SOURCE;
  readonly userIdClaim: string;
  /** The key of the user names. Undefined for a pool that was given without it: its user names are e-mail addresses. */
  readonly usernameKey?: IKey;
  /** `POST /auth/register`. */
  readonly registerEndpoint: Endpoint;
  /** `POST /auth/confirm`. */
  readonly confirmEndpoint: Endpoint;
  /** `POST /auth/forgot-password`. */
  readonly forgotPasswordEndpoint: Endpoint;
  /** `POST /auth/reset-password`. */
  readonly resetPasswordEndpoint: Endpoint;
  /** `POST /auth/login`. */
  readonly loginEndpoint: Endpoint;
  /** `POST /auth/refresh`. */
  readonly refreshEndpoint: Endpoint;
  /** `POST /auth/logout`. */
  readonly logoutEndpoint: Endpoint;
  /** `GET /me`. */
  readonly meEndpoint: Endpoint;
  /** `PATCH /me`. */
  readonly updateMeEndpoint: Endpoint;
  /** `DELETE /me`. */
  readonly deleteMeEndpoint: Endpoint;

  constructor(scope: Construct, id: string, props: AuthServiceProps) {
    super(scope, id);
    checkGiven(this, { api: props.api }, 'give the ServerlessApi of its endpoints');
    checkChoices(this, props);
    validateEnvironment(this, { api: props.api, userPool: props.userPool });
    this.check(props);
    const stage = props.stage ?? StagePreset.of(this);
    stage.on(this);
    const monitoring = props.monitoring ?? Monitoring.of(this);
    monitoring.on(this);
    resolveEncryptionKey(this, props.encryptionKey);

    const limit = publicLimits(this, props, stage);
    warnOfQuotas(this, props);

    this.api = props.api;
    this.userPool = props.userPool ?? createUserPool(this, props, stage);
    this.userPoolClient = props.userPoolClient ?? createUserPoolClient(this, this.userPool as UserPool, props);
    this.authorizerId = poolAuthorizer(this, this).authorizerId;

    const made = props.userPool === undefined;
    if (made) warnOfMails(this, this.userPool as UserPool, stage);
    this.usernameKey = props.usernameKey ?? (made ? createUsernameKey(this, stage) : undefined);
    this.userIdClaim = this.usernameKey === undefined ? DEFAULT_USER_ID_CLAIM : USERNAME_CLAIM;

    const rotation = made || (props.refreshTokenRotation ?? false);
    const service: BundledService = { api: props.api, serviceName: 'auth', auth: this, environment: {} };
    const make = (route: PublicRoute, environment: Record<string, string>, actions: readonly string[] = []) => {
      const setsPassword = made && environment[AuthEnv.PASSWORD_POLICY] !== undefined;
      const definition = setsPassword ? withPasswordPolicy(AUTH_ENDPOINTS[route], passwordPolicy(props)) : AUTH_ENDPOINTS[route];
      const endpoint = bundledEndpoint(this, service, definition, { environment, ...limit(route) });
      withoutOwnWarning(endpoint);
      if (actions.length > 0) grant(endpoint, actions.map((action) => `cognito-idp:${action}`), this.userPool.userPoolArn);
      if (this.usernameKey !== undefined && environment[AuthEnv.USERNAME_KEY] !== undefined) grant(endpoint, ['kms:GenerateMac'], this.usernameKey.keyArn);
      return endpoint;
    };
    // Whoever has a token speaks to Cognito by it; whoever has none, by the client.
    const client = { [AuthEnv.CLIENT_ID]: this.userPoolClient.userPoolClientId };
    const pool = {
      ...client,
      ...(this.usernameKey === undefined ? {} : { [AuthEnv.USERNAME_KEY]: this.usernameKey.keyArn }),
      [AuthEnv.USER_POOL_ID]: this.userPool.userPoolId,
    };
    // Judged before Cognito is asked: a weak password is refused alike, whether the address has an account or not.
    const password = { ...pool, ...(made ? { [AuthEnv.PASSWORD_POLICY]: JSON.stringify(passwordPolicy(props)) } : {}) };

    this.registerEndpoint = make('register', password, [...REGISTRATION_ACTIONS, ...(made ? [] : ADOPTION_ACTIONS)]);
    this.confirmEndpoint = make('confirm', password, [...PASSWORD_ACTIONS, 'AdminUpdateUserAttributes']);
    this.forgotPasswordEndpoint = make('forgotPassword', pool);
    this.resetPasswordEndpoint = make('resetPassword', password, PASSWORD_ACTIONS);
    this.loginEndpoint = make('login', pool, LOGIN_ACTIONS);
    this.refreshEndpoint = make('refresh', { ...client, [AuthEnv.REFRESH_ROTATION]: `${rotation}` });
    this.logoutEndpoint = make('logout', client);
    this.meEndpoint = bundledEndpoint(this, service, AUTH_ENDPOINTS.me);
    this.updateMeEndpoint = bundledEndpoint(this, service, AUTH_ENDPOINTS.updateMe);
    this.deleteMeEndpoint = bundledEndpoint(this, service, AUTH_ENDPOINTS.deleteMe);
    this.alarm({ monitoring, stage });
    new CfnOutput(this, 'UserPoolId', { value: this.userPool.userPoolId, description: 'The user pool' });
    new CfnOutput(this, 'ClientId', { value: this.userPoolClient.userPoolClientId, description: 'The app client of the user pool' });
  }

  /** Codes that could not be mailed for a reason that concerns every address: the sum over five minutes. */
  metricCodesNotMailed(options?: MetricOptions): Metric {
    return this.metric(AuthMetrics.CODES_NOT_MAILED, options);
  }

  /**
   * Codes that did not count, because they were wrong, used or expired, or because the address has no account: the sum over five minutes. Some
   * are typing errors. Many more than people register are guesses (ADR 0011).
   */
  metricCodesRefused(options?: MetricOptions): Metric {
    return this.metric(AuthMetrics.CODES_REFUSED, options);
  }

  private metric(metricName: string, options?: MetricOptions): Metric {
    return new Metric({
      namespace: AuthMetrics.NAMESPACE,
      metricName,
      dimensionsMap: { [AuthMetrics.USER_POOL_DIMENSION]: this.userPool.userPoolId },
      statistic: 'Sum',
      ...options,
    });
  }

  /** A ticket, because anybody can cause it: by 50 registrations per day where Cognito sends the e-mails itself. */
  private alarm(context: AlarmContext): void {
    metricAlarm(this, 'CodesNotMailed', context, {
      metric: this.metricCodesNotMailed(),
      severity: AlarmSeverity.TICKET,
      runbook: 'auth-codes-not-mailed',
      watches: `Codes not mailed by ${this.node.path}`,
      threshold: 0,
    });
  }

  private check(props: AuthServiceProps): void {
    if ((props.userPool === undefined) !== (props.userPoolClient === undefined)) {
      const [given, missing] = props.userPool === undefined ? ['userPoolClient', 'userPool'] : ['userPool', 'userPoolClient'];
      throw new ConstructError(this, `${given} is given without ${missing}`, 'give both, or neither: then a pool with its client is made');
    }
    if (props.userPool !== undefined) {
      const shaped = (['email', 'passwordMinLength', 'mfa', 'accessTokenValidity', 'refreshTokenValidity'] as const).find((name) => props[name] !== undefined);
      if (shaped !== undefined) throw new ConstructError(this, `${shaped} is given together with a user pool that exists`, 'set it where the pool and its client are defined');
      if (props.usernameKey !== undefined) checkSignIn(this, props.userPool);
    } else if (props.refreshTokenRotation !== undefined) {
      throw new ConstructError(this, 'refreshTokenRotation is given without a client', 'leave it out: a client that is made here rotates its refresh tokens');
    }
    if (props.publicThrottle !== undefined && !isWithStageOf(this, props.api)) {
      throw new ConstructError(this, 'publicThrottle is given outside the stack of the API', 'leave it out (a number of instances limits each function there: publicReservedConcurrentExecutions), or define the service in the API\'s stack');
    }
    if (props.mfa === Mfa.REQUIRED) {
      throw new ConstructError(this, 'mfa is REQUIRED, and nobody could log in to set it up', 'leave it optional, or bring a pool of your own whose people set it up elsewhere (userPool)');
    }
    const key = props.usernameKey?.node.defaultChild;
    if (CfnResource.isCfnResource(key) && (key as CfnKey).keySpec !== KeySpec.HMAC_256) {
      throw new ConstructError(this, `usernameKey is a key of the kind ${(key as CfnKey).keySpec ?? 'SYMMETRIC_DEFAULT'}`, 'give a key with `keySpec: KeySpec.HMAC_256, keyUsage: KeyUsage.GENERATE_VERIFY_MAC`');
    }
    checkThrottle(this, 'publicThrottle', props.publicThrottle);
    const { passwordMinLength, accessTokenValidity, refreshTokenValidity, expectedPeakLoginsPerSecond, expectedPeakRegistrationsPerSecond } = props;
    validateKnown(this, { passwordMinLength, accessTokenValidity, refreshTokenValidity }, 'the CDK makes the pool and its client by the value');
    validateKnown(this, { expectedPeakLoginsPerSecond, expectedPeakRegistrationsPerSecond }, 'the throttles are decided by the value');
    checkWhole(this, 'expectedPeakLoginsPerSecond', expectedPeakLoginsPerSecond, 1, MOST_PER_SECOND);
    checkWhole(this, 'expectedPeakRegistrationsPerSecond', expectedPeakRegistrationsPerSecond, 1, MOST_PER_SECOND);
    for (const [name, quota] of Object.entries(props.cognitoQuotas ?? {})) {
      validateKnown(this, { [`cognitoQuotas.${name}`]: quota }, 'the throttles are decided by the value');
      checkWhole(this, `cognitoQuotas.${name}`, quota, 1, MOST_PER_SECOND);
    }
    checkWhole(this, 'publicReservedConcurrentExecutions', props.publicReservedConcurrentExecutions, 1, 100_000);
    checkWhole(this, 'passwordMinLength', props.passwordMinLength, 8, 99);
    checkDuration(this, 'accessTokenValidity', props.accessTokenValidity, Duration.minutes(5), Duration.days(1), WHOLE_MINUTES);
    checkDuration(this, 'refreshTokenValidity', props.refreshTokenValidity, Duration.hours(1), Duration.days(3650), WHOLE_MINUTES);
    const { accessTokenValidity: access, refreshTokenValidity: refresh } = props;
    const known = access !== undefined && refresh !== undefined && !access.isUnresolved() && !refresh.isUnresolved();
    if (known && access.toMilliseconds() >= refresh.toMilliseconds()) {
      throw new ConstructError(this, `accessTokenValidity (${access.toHumanString()}) is not below refreshTokenValidity (${refresh.toHumanString()})`,
        'Cognito refuses that: let the refresh token live longer');
    }
  }
}

const REGISTRATION_ACTIONS = ['AdminCreateUser', 'AdminGetUser', 'AdminSetUserPassword'];
/** For accounts that were made by another way into the pool: a pool that is made here has no other one. */
const ADOPTION_ACTIONS = ['AdminUpdateUserAttributes', 'AdminDeleteUserAttributes'];
/** After a code, the password is tried if the code was used before, and all sessions are ended. */
const PASSWORD_ACTIONS = ['AdminInitiateAuth', 'AdminUserGlobalSignOut'];
/** What signs people in: the second action only answers a question for a one-time code. */
const LOGIN_ACTIONS = ['AdminInitiateAuth', 'AdminRespondToAuthChallenge'];
/** Cognito's access tokens name the user by it: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html */
const USERNAME_CLAIM = 'username';
const TOKEN_SOURCE = 'The accessToken of POST /auth/login.';

function grant(endpoint: Endpoint, actions: string[], resource: string): void {
  endpoint.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [resource] }));
}

/** The issuer as it is written in the pool's tokens. Its domain is that of the partition: `amazonaws.com.cn` in China. */
function issuerOf({ env: { region }, userPoolId }: IUserPool): string {
  if (Token.isUnresolved(region)) return Fn.sub('https://cognito-idp.${AWS::Region}.${AWS::URLSuffix}/${Pool}', { Pool: userPoolId });
  return `https://cognito-idp.${region}.${RegionInfo.get(region).domainSuffix ?? 'amazonaws.com'}/${userPoolId}`;
}

function poolAuthorizer(scope: Construct, { api, userPool, userPoolClient }: Omit<AuthServiceAttributes, 'userIdClaim'>): JwtAuthorizer {
  return new JwtAuthorizer(scope, 'Authorizer', {
    api,
    issuer: issuerOf(userPool),
    audience: [userPoolClient.userPoolClientId],
    tokenSource: TOKEN_SOURCE,
  });
}

