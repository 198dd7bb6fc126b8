import type { Duration } from 'aws-cdk-lib';
import type { IUserPool, IUserPoolClient, Mfa } from 'aws-cdk-lib/aws-cognito';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Throttle } from '../api/throttle';
import type { Monitoring } from '../monitoring';
import type { StagePreset } from '../stage';

/** What an `AuthService` can be given, whoever makes it. */
export interface AuthServiceOptions {
  /**
   * A user pool that exists already: people sign in with their e-mail address in it. Give its client too.
   *
   * @default - a pool is made: e-mail addresses, 12 characters of all kinds, optional one-time codes, no messages by phone
   */
  readonly userPool?: IUserPool;

  /**
   * The app client of that pool: without a secret, with the flow `USER_PASSWORD_AUTH`.
   *
   * @default - a client is made
   */
  readonly userPoolClient?: IUserPoolClient;

  /**
   * Whether the given client rotates refresh tokens.
   *
   * @default - false for a given client; a client that is made rotates them
   */
  readonly refreshTokenRotation?: boolean;

  /**
   * The least length of a password. Capital and small letters, digits and symbols are asked for too.
   *
   * @default 12
   */
  readonly passwordMinLength?: number;

  /**
   * One-time codes of an authenticator app as a second factor: `Mfa.OPTIONAL` or `Mfa.OFF`. `Mfa.REQUIRED` is refused: nobody
   * could log in to set it up, because Cognito asks for it before the first login ends.
   *
   * @default - optional: each person's own choice
   */
  readonly mfa?: Mfa;

  /**
   * How long an access token opens endpoints. Logout makes it worthless to Cognito at once, to API Gateway only when it expires.
   *
   * @default - 15 minutes
   */
  readonly accessTokenValidity?: Duration;

  /**
   * How long somebody stays logged in without logging in again.
   *
   * @default - 30 days
   */
  readonly refreshTokenValidity?: Duration;

  /**
   * Throttle of each of the routes that need no token. Only where it stands in the stack of its API.
   *
   * @default - 50 requests a second and 100 at once where it stands in the stack of its API, else the API's throttle
   */
  readonly publicThrottle?: Throttle;

  /**
   * A key for the logs and environments of all functions. It is not the key of the user pool.
   *
   * @default - the key of the nearest enclosing scope (`Encryption.withKey(key).on(scope)`), else keys that AWS owns
   */
  readonly encryptionKey?: IKey;

  /**
   * Where its alarms go.
   *
   * @default - the choice of the nearest enclosing scope
   */
  readonly monitoring?: Monitoring;

  /**
   * Defaults for one stage of the system's life.
   *
   * @default - the choice of the nearest enclosing scope, else `StagePreset.production()`
   */
  readonly stage?: StagePreset;
}
