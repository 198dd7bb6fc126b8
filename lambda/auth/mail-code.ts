import { AuthMetrics } from '../../src/auth/contract';
import type { Clock, Log } from '../shared/api';
import { countOf } from './metrics';
import type { Accounts } from './ports';
import { type Reason, Refusal } from './refusal';

export interface MailCodeDependencies {
  readonly accounts: Pick<Accounts, 'sendCode'>;
  readonly log: Log;
  readonly clock: Clock;
  /** The dimension of the metric. */
  readonly userPoolId: string;
}

/** Reasons that concern every address: the daily quota of e-mails is used up, e-mails cannot be delivered, or a trigger that makes them fails. */
const CONCERN_EVERYBODY: readonly Reason[] = ['mail-quota', 'mail-undelivered', 'trigger-failed'];

/**
 * Mails a code. A refusal that is about this one account (disabled, too many codes in an hour) is logged and not answered:
 * it would tell that there is an account. A throttle of the whole user pool is about no account, and is answered.
 *
 * If no code can be mailed to anybody, the metric `CodesNotMailed` counts it, and the refusal is thrown: registration answers
 * it, because it mails to every address. The endpoint for forgotten passwords must not, because Cognito tries to mail only to
 * addresses that have an account.
 */
export async function mailCode({ accounts, log, clock, userPoolId }: MailCodeDependencies, username: string): Promise<void> {
  try {
    await accounts.sendCode(username);
  } catch (error) {
    if (!(error instanceof Refusal) || error.reason === 'too-many-requests') throw error;
    const everybody = concernsEverybody(error);
    // Without the username: in a pool that is given, it is the address.
    log.warn('No code was mailed', { reason: error.reason, ...(everybody ? countOf(AuthMetrics.CODES_NOT_MAILED, clock(), userPoolId) : {}) });
    if (everybody) throw error;
  }
}

export function concernsEverybody(error: unknown): error is Refusal {
  return error instanceof Refusal && CONCERN_EVERYBODY.includes(error.reason);
}
