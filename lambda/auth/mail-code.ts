import type { Log } from '../shared/api';
import type { Accounts } from './ports';
import { Refusal } from './refusal';

/**
 * Mails a code. A refusal that is about this one account (disabled, too many codes in an hour) is logged and not answered:
 * it would tell that there is an account. A throttle of the whole user pool is about no account, and is answered.
 */
export async function mailCode(accounts: Pick<Accounts, 'sendCode'>, username: string, log: Log): Promise<void> {
  try {
    await accounts.sendCode(username);
  } catch (error) {
    if (!(error instanceof Refusal) || error.reason === 'too-many-requests') throw error;
    // Without the username: in a pool that is given, it is the address.
    log.warn('No code was mailed', { reason: error.reason });
  }
}
