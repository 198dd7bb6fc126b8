import type { Throttle } from '../../api/throttle';

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

/** Registrations per second that the first quotas of an account let through, if nobody resets a password. */
export const REGISTRATIONS_PER_SECOND = Math.floor(COGNITO_QUOTAS.userAccountRecovery / RECOVERY_REQUESTS.registration);

/** Logins per second that a route lets through when nothing is said about them. */
const DEFAULT_LOGINS = 50;
/** What comes on top of an expected peak. */
const HEADROOM = 1.2;
/** How long one request keeps an instance, for limits that count instances instead of requests. */
const SECONDS_PER_REQUEST = 0.5;

export interface ExpectedPeaks {
  readonly expectedPeakLoginsPerSecond?: number;
  readonly expectedPeakRegistrationsPerSecond?: number;
}

/** The routes that need no token, by what they are sized by. */
export type PublicRoute = 'login' | 'refresh' | 'logout' | 'register' | 'confirm' | 'forgotPassword' | 'resetPassword';

/** Requests per second that each route is to let through. */
export function publicRates(peaks: ExpectedPeaks): Record<PublicRoute, number> {
  const { expectedPeakLoginsPerSecond: expectedLogins = 0, expectedPeakRegistrationsPerSecond: expectedRegistrations } = peaks;
  const logins = Math.max(DEFAULT_LOGINS, withHeadroom(expectedLogins));
  const registrations = expectedRegistrations === undefined ? REGISTRATIONS_PER_SECOND : withHeadroom(expectedRegistrations);
  // A reset is rare, and takes from the quota that registrations need.
  const resets = Math.max(1, Math.floor(REGISTRATIONS_PER_SECOND / 2));
  return {
    login: logins, refresh: logins, logout: logins, register: registrations, confirm: registrations, forgotPassword: resets, resetPassword: resets,
  };
}

function withHeadroom(perSecond: number): number {
  return Math.ceil(perSecond * HEADROOM);
}

/** The throttle of such a route: twice as many at once. */
export function throttleOf(rate: number): Throttle {
  return { rateLimit: rate, burstLimit: rate * 2 };
}

/** Instances that serve so many requests per second: the limit that works where a route can have no throttle of its own. */
export function instancesOf(rate: number): number {
  return Math.max(2, Math.ceil(rate * SECONDS_PER_REQUEST));
}
