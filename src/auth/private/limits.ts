import type { CognitoQuotas } from '../cognito-quotas';

/**
 * Requests per second that a new AWS account may send to Cognito in one region, over all its user pools, by category. AWS
 * raises those of authentication and creation on request, the others not in every account.
 *
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html (category operations)
 */
export const COGNITO_QUOTAS = {
  /** AdminInitiateAuth, InitiateAuth. */
  userAuthentication: 120,
  /** AdminCreateUser. */
  userCreation: 50,
  /** ForgotPassword, ConfirmForgotPassword, and (as is assumed here, to be safe) AdminSetUserPassword. */
  userAccountRecovery: 30,
  /** AdminUpdateUserAttributes, UpdateUserAttributes, and (as is assumed here) AdminUserGlobalSignOut. */
  userUpdate: 25,
  /** GetTokensFromRefreshToken, RevokeToken. */
  userToken: 120,
} as const;

/** Requests that one action of a person sends to Cognito, by the scarcest category. */
export const RECOVERY_REQUESTS = {
  /** Seal, mail a code, take the code. */
  registration: 3,
  /** Mail a code, take the code. */
  reset: 2,
} as const;

/** What Cognito lets through in this AWS account and region, per second. */
export interface CognitoRates {
  readonly logins: number;
  readonly refreshes: number;
  /** If nobody resets a password. */
  readonly registrations: number;
}

export function cognitoRates(raised: CognitoQuotas = {}): CognitoRates {
  const { userAuthentication, userToken, userAccountRecovery } = { ...COGNITO_QUOTAS, ...definedOnly(raised) };
  return {
    logins: userAuthentication,
    refreshes: userToken,
    registrations: Math.max(1, Math.floor(userAccountRecovery / RECOVERY_REQUESTS.registration)),
  };
}

/** Registrations per second that the first quotas of an account let through. */
export const REGISTRATIONS_PER_SECOND = cognitoRates().registrations;

/** Logins per second that a route lets through when nothing is said about them. */
const DEFAULT_LOGINS = 50;
/** What comes on top of an expected peak, and of a quota: callers beyond it get 429 either way. */
const HEADROOM = 1.2;
/** Few people log out, and nobody has to wait for it. */
const LOGOUT_SHARE = 0.2;

export interface ExpectedPeaks {
  readonly expectedPeakLoginsPerSecond?: number;
  readonly expectedPeakRegistrationsPerSecond?: number;
  readonly cognitoQuotas?: CognitoQuotas;
}

/** The routes that need no token, by what they are sized by. */
export type PublicRoute = 'login' | 'refresh' | 'logout' | 'register' | 'confirm' | 'forgotPassword' | 'resetPassword';

/**
 * Requests per second that each route is to let through: never more than Cognito does, with some headroom. Anybody may call
 * these routes, and what they let through comes out of the API's throttle, the account's quotas of API Gateway and KMS, and
 * its Lambda instances, which votes need.
 */
export function publicRates(peaks: ExpectedPeaks): Record<PublicRoute, number> {
  const { expectedPeakLoginsPerSecond: expectedLogins = 0, expectedPeakRegistrationsPerSecond: expectedRegistrations } = peaks;
  const cognito = cognitoRates(peaks.cognitoQuotas);
  const logins = Math.max(DEFAULT_LOGINS, withHeadroom(expectedLogins));
  const registrations = expectedRegistrations === undefined ? REGISTRATIONS_PER_SECOND : withHeadroom(expectedRegistrations);
  const register = Math.min(registrations, withHeadroom(cognito.registrations));
  // A reset is rare, and takes from the quota that registrations need.
  const resets = Math.max(1, Math.floor(REGISTRATIONS_PER_SECOND / 2));
  const login = Math.min(logins, withHeadroom(cognito.logins));
  return {
    login,
    refresh: Math.min(logins, withHeadroom(cognito.refreshes)),
    logout: Math.ceil(login * LOGOUT_SHARE),
    register,
    confirm: register,
    forgotPassword: resets,
    resetPassword: resets,
  };
}

function withHeadroom(perSecond: number): number {
  return Math.ceil(perSecond * HEADROOM);
}

function definedOnly(quotas: CognitoQuotas): CognitoQuotas {
  return Object.fromEntries(Object.entries(quotas).filter(([, quota]) => quota !== undefined));
}

/**
 * How long one request keeps an instance. Cognito hashes passwords at a login, a registration and a reset, which also take several calls;
 * a refresh and a logout are one call.
 */
const SECONDS_PER_REQUEST: Record<PublicRoute, number> = {
  login: 0.5, refresh: 0.2, logout: 0.2, register: 0.5, confirm: 0.5, forgotPassword: 0.5, resetPassword: 0.5,
};

/** Instances that serve so many requests per second: the limit that works where a route can have no throttle of its own. */
export function instancesOf(route: PublicRoute, rate: number): number {
  return Math.max(2, Math.ceil(rate * SECONDS_PER_REQUEST[route]));
}
