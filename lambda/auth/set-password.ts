import { AuthMetrics, type PasswordPolicy } from '../../src/auth/contract';
import type { Clock, Log } from '../shared/api';
import { Problem } from '../shared/problem';
import { normaliseEmail } from './email';
import { countOf } from './metrics';
import { checkPassword, weakPassword } from './password-policy';
import type { Accounts, Sessions, Usernames } from './ports';
import { answering, type Reason, Refusal } from './refusal';

export interface SetPasswordDependencies {
  readonly accounts: Pick<Accounts, 'setPassword' | 'endSessions' | 'setDisplayName'>;
  readonly sessions: Pick<Sessions, 'open'>;
  readonly usernames: Usernames;
  /** Left out, the user pool alone judges passwords: then a weak one may be answered otherwise if the address has an account. */
  readonly passwordPolicy?: PasswordPolicy;
  readonly log: Log;
  readonly clock: Clock;
  /** The dimension of the metric. */
  readonly userPoolId: string;
}

export interface NewPassword {
  readonly email: string;
  readonly code: string;
  readonly password: string;
  readonly displayName?: string;
}

/** Why a code does not count, when it does not. All of these get one answer. */
const NOT_THE_CODE: readonly string[] = ['wrong-code', 'unknown-account', 'not-authorized', 'not-confirmed', 'invalid-email', 'too-many-attempts'];

/**
 * Sets the password of the account whose mailbox the code proves, and ends all its sessions. A wrong code, an unknown
 * address, a disabled account and too many attempts get one answer, and are counted in the metric `CodesRefused`: Cognito limits the
 * guesses at one account, and nobody those at all accounts together.
 *
 * It may be repeated. The user pool forgets a code when it is used, so a repeat cannot be told from a guess by its code; it
 * can by the password, if that one opens the account by now. For an account with a second factor the repeat is refused like a
 * wrong code: its owner logs in.
 */
export async function setPassword(dependencies: SetPasswordDependencies, { email, code, password, displayName }: NewPassword): Promise<void> {
  const { accounts, sessions, usernames, passwordPolicy = {}, log, clock, userPoolId } = dependencies;
  checkPassword(password, passwordPolicy);
  const username = await usernames.of(normaliseEmail(email));
  await answering({ 'weak-password': () => weakPassword() }, async () => {
    try {
      await accounts.setPassword(username, code, password);
    } catch (error) {
      if (!(error instanceof Refusal) || !NOT_THE_CODE.includes(error.reason)) throw error;
      if (!await opens(sessions, username, password)) {
        // Without the reason: the log need not tell which addresses have accounts.
        log.warn('A code was refused', countOf(AuthMetrics.CODES_REFUSED, clock(), userPoolId));
        throw new Problem('invalid-code', { detail: 'Ask for a new code. After several wrong ones, no code is taken for up to an hour.' });
      }
    }
    // After the password, so that nobody opens another session by the old one. A repeat ends what a cut call left open.
    await accounts.endSessions(username);
    if (displayName !== undefined) await accounts.setDisplayName(username, displayName);
  });
}

/** Reasons that say nothing about the password. */
const SAYS_NOTHING: readonly Reason[] = ['too-many-requests', 'forbidden', 'trigger-failed'];

/** Whether the password alone opens the account. If a second factor is asked for, the password is not enough to change anything. */
async function opens(sessions: Pick<Sessions, 'open'>, username: string, password: string): Promise<boolean> {
  try {
    return (await sessions.open(username, password)).step === 'done';
  } catch (error) {
    if (error instanceof Refusal && !SAYS_NOTHING.includes(error.reason)) return false;
    throw error;
  }
}
