/** What the auth endpoints find in their environment. */
export const AuthEnv = {
  USER_POOL_ID: 'AUTH_USER_POOL_ID',
  CLIENT_ID: 'AUTH_CLIENT_ID',
  /** `true` where the app client rotates refresh tokens: then they are exchanged by GetTokensFromRefreshToken. */
  REFRESH_ROTATION: 'AUTH_REFRESH_ROTATION',
  /** Optional: the pool's `PasswordPolicy` as JSON, so that a weak password is refused alike for new and for known addresses. */
  PASSWORD_POLICY: 'AUTH_PASSWORD_POLICY',
  /** Optional: the KMS key of user names. Left out, the user name is the e-mail address. */
  USERNAME_KEY: 'AUTH_USERNAME_KEY',
} as const;

/** The metrics that the auth functions report in their logs. */
export const AuthMetrics = {
  NAMESPACE: 'TrinityConstructs/Auth',
  /** Codes that could not be mailed for a reason that concerns more than one address. There only when there are any. */
  CODES_NOT_MAILED: 'CodesNotMailed',
  /** Codes that did not count: wrong, used or expired ones, and those of addresses without an account. There only when there are any. */
  CODES_REFUSED: 'CodesRefused',
  /** The one dimension: the id of the user pool. */
  USER_POOL_DIMENSION: 'UserPool',
} as const;

/** What a user pool asks of a password; named as the CDK's `cognito.PasswordPolicy` names it. */
export interface PasswordPolicy {
  readonly minLength?: number;
  readonly requireLowercase?: boolean;
  readonly requireUppercase?: boolean;
  readonly requireDigits?: boolean;
  readonly requireSymbols?: boolean;
}

export interface Registration { readonly email: string; readonly password?: string; readonly displayName?: string }
export interface Confirmation { readonly email: string; readonly code: string; readonly password: string; readonly displayName?: string }
export interface CodeRequest { readonly email: string }
export interface PasswordReset { readonly email: string; readonly code: string; readonly password: string }
export interface Credentials { readonly email: string; readonly password: string; readonly mfaCode?: string }
export interface RefreshRequest { readonly refreshToken: string }
export interface ProfileChange { readonly displayName: string }

export interface Registered { readonly confirmationRequired: boolean }
export interface Tokens {
  readonly accessToken: string;
  readonly idToken: string;
  readonly refreshToken?: string;
  /** Seconds after which to refresh: up to a fifth before the access token's end. */
  readonly expiresIn: number;
  readonly tokenType: string;
}
export interface Profile { readonly userId: string; readonly email: string; readonly displayName?: string }
