import { COGNITO_QUOTAS, publicRates, RECOVERY_REQUESTS } from '../../../src/auth/private/limits';

/** What people do with their accounts around an event. */
export interface AccountLimit {
  readonly action: 'log in' | 'refresh' | 'register' | 'reset a password';
  /** People per second that the throttle of the route lets through. */
  readonly throttle: number;
  /** People per second that the first quota of Cognito lets through, and its name. */
  readonly quota: number;
  readonly category: keyof typeof COGNITO_QUOTAS;
  /** Seconds until the last one of a crowd has done it. */
  readonly secondsForCrowd: number;
}

export interface AccountFigures {
  readonly expectedPeak: number;
  readonly crowd: number;
  readonly limits: AccountLimit[];
  /** Refreshes per second after the crowd has logged in as fast as it can: as they come, and if nothing spread them. */
  readonly refreshesPerSecond: number;
  readonly refreshesUnspread: number;
}

const CROWD = 10_000;
const ACCESS_TOKEN_SECONDS = 15 * 60;
/** As `lambda/auth/spread-expiry.ts` has it. */
const SPREAD = 0.2;

/** What the throttles of `AuthService` and Cognito's quotas of a new account let through: arithmetic, nothing was measured. */
export function accountsModel(expectedPeak: number, quotas: Record<keyof typeof COGNITO_QUOTAS, number> = COGNITO_QUOTAS): AccountFigures {
  const rates = publicRates({ expectedPeakLoginsPerSecond: expectedPeak, cognitoQuotas: quotas });
  const limit = (action: AccountLimit['action'], throttle: number, category: AccountLimit['category'], requests: number): AccountLimit => {
    const quota = quotas[category] / requests;
    return { action, throttle, quota, category, secondsForCrowd: CROWD / Math.min(throttle, quota) };
  };
  const login = limit('log in', rates.login, 'userAuthentication', 1);
  return {
    expectedPeak,
    crowd: CROWD,
    limits: [
      login,
      limit('refresh', rates.refresh, 'userToken', 1),
      limit('register', rates.register, 'userAccountRecovery', RECOVERY_REQUESTS.registration),
      limit('reset a password', rates.resetPassword, 'userAccountRecovery', RECOVERY_REQUESTS.reset),
    ],
    // Logins over one span and announced ends over another: the longer one decides how thick they lie.
    refreshesPerSecond: CROWD / Math.max(login.secondsForCrowd, SPREAD * ACCESS_TOKEN_SECONDS),
    refreshesUnspread: CROWD / login.secondsForCrowd,
  };
}
