import type { Duration } from 'aws-cdk-lib';
import type { IUserPool, IUserPoolClient, Mfa, UserPoolEmail } from 'aws-cdk-lib/aws-cognito';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Throttle } from '../api/throttle';
import type { Monitoring } from '../monitoring';
import type { StagePreset } from '../stage';
import type { CognitoQuotas } from './cognito-quotas';

/** What an `AuthService` can be given, whoever makes it. */
export interface AuthServiceOptions {
  /**
   * A user pool that exists already. Give its client too, and `usernameKey` if its people sign in by user name.
   *
   * Without that key, people sign in with their e-mail address in it, and two things are missing that a pool made here has. Its public
   * API tells who has an account, unless you close it. And whoever deletes their account and registers again is a new user there,
   * with another ballot in every poll. To have the e-mails sent by SES, no pool of your own is needed: see `email`.
   *
   * @default - a pool is made: accounts by e-mail address, 12 characters of all kinds, optional one-time codes, no messages by phone
   */
  readonly userPool?: IUserPool;

  /**
   * The app client of that pool: without a secret, with the flow `ADMIN_USER_PASSWORD_AUTH`, and with
   * `PreventUserExistenceErrors`.
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
   * The key that user names are made with: an HMAC-256 key that can be used for `GenerateMac`. The user's id follows from it
   * and the address, so a pool that replaces another one keeps everybody's ballots and rooms if it is given the other one's key.
   *
   * With a `userPool` of your own, user names are made by it too. That pool must let people sign in by user name alone (no e-mail address as
   * user name or alias), must make `email` immutable, and should allow only administrators to create users.
   *
   * @default - a key is made with the pool, and kept as long (USD 1 a month); in a given pool, user names are e-mail addresses
   */
  readonly usernameKey?: IKey;

  /**
   * Who sends the e-mails of the pool that is made: `UserPoolEmail.withSES({ … })`. It can be given later, the pool is changed in place.
   *
   * @default - Cognito sends them itself, 50 per day for the whole AWS account; a warning says so on `StagePreset.production()`
   */
  readonly email?: UserPoolEmail;

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
   * With `Mfa.OPTIONAL`, whoever holds an access token can set an authenticator app up (Cognito's `AssociateSoftwareToken`), also with a
   * stolen token. The owner of the account is then asked for its codes, and a reset of the password does not change that. An operator gives
   * the account back: `aws cognito-idp admin-set-user-mfa-preference --user-pool-id … --username … --software-token-mfa-settings
   * Enabled=false,PreferredMfa=false`.
   *
   * @default - off: nobody can set up a second factor
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
   * Logins per second at the peak: sizes the throttles of login and refresh, and of logout by a fifth of it. After a burst of logins,
   * refreshes come at about the same rate, spread over a fifth of `accessTokenValidity`.
   *
   * A throttle is never above what Cognito lets through (`cognitoQuotas`, 120 per second at first) and a fifth, nor above the throttle
   * of the API, because anybody may call these routes. A warning says when the expected peak is.
   *
   * @default - 50 requests per second and 100 at once for login and refresh, 10 and 20 for logout; `Trinity` takes the votes per
   * second at the peak
   */
  readonly expectedPeakLoginsPerSecond?: number;

  /**
   * Registrations per second at the peak: sizes the throttles of registration and confirmation.
   *
   * A throttle is never above what Cognito lets through (`cognitoQuotas`, 10 per second at first) and a fifth. A warning says when
   * the expected peak is. Let people register before an event, not at its beginning.
   *
   * @default - 10 requests per second and 20 at once on each of the two routes
   */
  readonly expectedPeakRegistrationsPerSecond?: number;

  /**
   * Cognito's quotas of the AWS account, where Service Quotas has raised them: what they let through, these routes may let through.
   *
   * @default - the quotas of a new account
   */
  readonly cognitoQuotas?: CognitoQuotas;

  /**
   * One throttle for each of the routes that need no token, instead of those by the expected peaks. Only where the service
   * stands in the stack of its API.
   *
   * @default - by the expected peaks; 5 requests per second and 10 at once for the two routes of a password reset
   */
  readonly publicThrottle?: Throttle;

  /**
   * Instances that may run at once of each function that needs no token. They are reserved: the rest of the account cannot use
   * them.
   *
   * @default - in the stack of the API, none is reserved, because its routes have throttles. In another stack, where a route can
   * have no throttle of its own, what the expected peaks need, up to what Cognito lets through: 25 for login (72 at most by the first
   * quotas), 10 for refresh (29), 2 to 6 for each of the others. A warning gives the sum, and more than 900 are refused. On
   * `StagePreset.development()` none: a new account may have no instances to spare.
   */
  readonly publicReservedConcurrentExecutions?: number;

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
