import { CfnOutput, Duration, Fn, Token } from 'aws-cdk-lib';
import { type IUserPool, type IUserPoolClient, Mfa, type UserPool } from 'aws-cdk-lib/aws-cognito';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { Construct } from 'constructs';
import type { Endpoint } from '../api/endpoint';
import { type IEndpointAuthorizer, JwtAuthorizer } from '../api/endpoint-authorizer';
import type { IServerlessApi } from '../api/serverless-api';
import type { Throttle } from '../api/throttle';
import { Monitoring } from '../monitoring';
import { type BundledEndpoint, bundledEndpoint, type BundledService } from '../private/bundled-endpoint';
import { checkChoices, checkDuration, checkGiven, checkThrottle, checkWhole, isWithStageOf, validateKnown, WHOLE_MINUTES } from '../private/checks';
import { resolveEncryptionKey } from '../private/encryption-key';
import { ConstructError } from '../private/errors';
import { StagePreset } from '../stage';
import type { AuthServiceOptions } from './auth-service-options';
import { AuthEnv } from './contract';
import { AUTH_ENDPOINTS } from './private/endpoints';
import { createUserPool, createUserPoolClient, passwordPolicy } from './private/user-pool';

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
}

const PUBLIC_THROTTLE: Throttle = { rateLimit: 50, burstLimit: 100 };

/**
 * Accounts: register, confirm, log in, refresh, log out, and `/me`, over a Cognito user pool; and the authorizer that endpoints
 * name as their `auth`. Nothing in it tells whether an address has an account. The endpoints act with the caller's own token:
 * only the registration's function may do anything to the pool, and that is to look a user up.
 *
 * The pool is retained and protected unless the stage says otherwise. Costs USD 0.015 a monthly active user above 10,000
 * (https://aws.amazon.com/cognito/pricing/, Essentials).
 */
export class AuthService extends Construct implements IAuthService {
  /** An auth service of another app: opens endpoints of this app to its users, and makes no endpoints. */
  static fromAttributes(scope: Construct, id: string, attributes: AuthServiceAttributes): IAuthService {
    class Imported extends Construct implements IAuthService {
      readonly api = attributes.api;
      readonly userPool = attributes.userPool;
      readonly userPoolClient = attributes.userPoolClient;
      readonly tokenSource = TOKEN_SOURCE;
      readonly authorizerId = poolAuthorizer(this, attributes).authorizerId;
    }
    return new Imported(scope, id);
  }

  readonly api: IServerlessApi;
  readonly userPool: IUserPool;
  readonly userPoolClient: IUserPoolClient;
  readonly authorizerId: string;
  readonly tokenSource = TOKEN_SOURCE;
  /** `POST /auth/register`. */
  readonly registerEndpoint: Endpoint;
  /** `POST /auth/confirm`. */
  readonly confirmEndpoint: Endpoint;
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
    this.check(props);
    const stage = props.stage ?? StagePreset.of(this);
    stage.on(this);
    (props.monitoring ?? Monitoring.of(this)).on(this);
    resolveEncryptionKey(this, props.encryptionKey);

    this.api = props.api;
    this.userPool = props.userPool ?? createUserPool(this, props, stage);
    this.userPoolClient = props.userPoolClient ?? createUserPoolClient(this, this.userPool as UserPool, props);
    this.authorizerId = poolAuthorizer(this, this).authorizerId;

    const rotation = props.userPoolClient === undefined || (props.refreshTokenRotation ?? false);
    const service: BundledService = { api: props.api, serviceName: 'auth', auth: this, environment: {} };
    const throttle = props.publicThrottle ?? (isWithStageOf(this, props.api) ? PUBLIC_THROTTLE : undefined);
    // Who has a token speaks to Cognito by it; who has none, by the client.
    const client = { [AuthEnv.CLIENT_ID]: this.userPoolClient.userPoolClientId };
    const make = (row: BundledEndpoint, environment: Record<string, string> = {}) => bundledEndpoint(this, service, row,
      row.publicBecause === undefined ? { environment } : { environment: { ...client, ...environment }, throttle });

    this.registerEndpoint = make(AUTH_ENDPOINTS.register, {
      [AuthEnv.USER_POOL_ID]: this.userPool.userPoolId,
      // Judged before Cognito is asked: a weak password is refused alike, whether the address has an account or not.
      ...(props.userPool === undefined ? { [AuthEnv.PASSWORD_POLICY]: JSON.stringify(passwordPolicy(props)) } : {}),
    });
    this.registerEndpoint.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions: ['cognito-idp:AdminGetUser'], resources: [this.userPool.userPoolArn] }));
    this.confirmEndpoint = make(AUTH_ENDPOINTS.confirm);
    this.loginEndpoint = make(AUTH_ENDPOINTS.login);
    this.refreshEndpoint = make(AUTH_ENDPOINTS.refresh, { [AuthEnv.REFRESH_ROTATION]: `${rotation}` });
    this.logoutEndpoint = make(AUTH_ENDPOINTS.logout);
    this.meEndpoint = make(AUTH_ENDPOINTS.me);
    this.updateMeEndpoint = make(AUTH_ENDPOINTS.updateMe);
    this.deleteMeEndpoint = make(AUTH_ENDPOINTS.deleteMe);
    new CfnOutput(this, 'UserPoolId', { value: this.userPool.userPoolId, description: 'The user pool' });
    new CfnOutput(this, 'ClientId', { value: this.userPoolClient.userPoolClientId, description: 'The app client of the user pool' });
  }

  private check(props: AuthServiceProps): void {
    if ((props.userPool === undefined) !== (props.userPoolClient === undefined)) {
      const [given, missing] = props.userPool === undefined ? ['userPoolClient', 'userPool'] : ['userPool', 'userPoolClient'];
      throw new ConstructError(this, `${given} is given without ${missing}`, 'give both, or neither: then a pool with its client is made');
    }
    if (props.userPool !== undefined) {
      const shaped = (['passwordMinLength', 'mfa', 'accessTokenValidity', 'refreshTokenValidity'] as const).find((name) => props[name] !== undefined);
      if (shaped !== undefined) throw new ConstructError(this, `${shaped} is given together with a user pool that exists`, 'set it where the pool and its client are defined');
    } else if (props.refreshTokenRotation !== undefined) {
      throw new ConstructError(this, 'refreshTokenRotation is given without a client', 'leave it out: a client that is made here rotates its refresh tokens');
    }
    if (props.publicThrottle !== undefined && !isWithStageOf(this, props.api)) {
      throw new ConstructError(this, 'publicThrottle is given outside the stack of the API', 'leave it out (the API\'s throttle holds), or define the service in the API\'s stack');
    }
    if (props.mfa === Mfa.REQUIRED) {
      throw new ConstructError(this, 'mfa is REQUIRED, and nobody could log in to set it up', 'leave it optional, or bring a pool of your own whose people set it up elsewhere (userPool)');
    }
    checkThrottle(this, 'publicThrottle', props.publicThrottle);
    const { passwordMinLength, accessTokenValidity, refreshTokenValidity } = props;
    validateKnown(this, { passwordMinLength, accessTokenValidity, refreshTokenValidity }, 'the CDK makes the pool and its client by the value');
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

const TOKEN_SOURCE = 'The accessToken of POST /auth/login.';

/** The issuer as it is written in the pool's tokens. Its domain is that of the partition: `amazonaws.com.cn` in China. */
function issuerOf({ env: { region }, userPoolId }: IUserPool): string {
  if (Token.isUnresolved(region)) return Fn.sub('https://cognito-idp.${AWS::Region}.${AWS::URLSuffix}/${Pool}', { Pool: userPoolId });
  return `https://cognito-idp.${region}.${RegionInfo.get(region).domainSuffix ?? 'amazonaws.com'}/${userPoolId}`;
}

function poolAuthorizer(scope: Construct, { api, userPool, userPoolClient }: AuthServiceAttributes): JwtAuthorizer {
  return new JwtAuthorizer(scope, 'Authorizer', {
    api,
    issuer: issuerOf(userPool),
    audience: [userPoolClient.userPoolClientId],
    tokenSource: TOKEN_SOURCE,
  });
}

