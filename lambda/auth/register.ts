import type { PasswordPolicy, Registered, Registration } from '../../src/auth/contract';
import type { ApiRequest, ApiResponse, Clock, Log } from '../shared/api';
import { DependencyUnavailable, Problem } from '../shared/problem';
import { normaliseEmail } from './email';
import { mailCode } from './mail-code';
import { checkPassword } from './password-policy';
import type { Accounts, Usernames } from './ports';
import { answering } from './refusal';

type RegistrationAccounts = Pick<Accounts, 'create' | 'status' | 'seal' | 'disown' | 'sendCode'>;

export interface RegisterDependencies {
  readonly accounts: RegistrationAccounts;
  readonly usernames: Usernames;
  /** Left out, a password is not checked here. */
  readonly passwordPolicy?: PasswordPolicy;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * After this, the function that made an account is no longer running, and will not seal it any more: functions have
 * 10 seconds, and the rest is for clocks that differ.
 */
const ABANDONED_AFTER_MS = 20_000;

/**
 * Makes the account of an address, if it has none, and mails a code to the address. The answer is the same for a new and
 * for a known address. So is the number of calls.
 *
 * Nothing that this request carries becomes part of the account, because nothing shows that it comes from the owner of the
 * mailbox: the password and the name are given with the code (`confirm`). Here a password is only held against the policy,
 * so that a form that asks for all at once can say so early.
 */
export function register({ accounts, usernames, passwordPolicy = {}, clock, log }: RegisterDependencies) {
  return async ({ body }: ApiRequest<Registration>): Promise<ApiResponse> => {
    if (body.password !== undefined) checkPassword(body.password, passwordPolicy);
    const email = normaliseEmail(body.email);
    await answering({
      'invalid-email': () => new Problem('invalid-request', { errors: [{ pointer: '/email', detail: 'is not an address that can have an account' }] }),
    }, async () => {
      const username = await usernames.of(email);
      const outcome = await accounts.create(username, email);
      if (outcome === 'created') await seal(accounts, username);
      else await adopt(accounts, username, { now: clock(), perhapsOurs: outcome === 'unclear' });
      await mailCode(accounts, username, log);
    });
    return { status: 201, body: { confirmationRequired: true } satisfies Registered };
  };
}

/** Takes an account over from whoever made it, if nobody has proved to own it. The account of an owner stays as it is. */
async function adopt(accounts: RegistrationAccounts, username: string, { now, perhapsOurs }: { now: number; perhapsOurs: boolean }): Promise<void> {
  const { state, createdAt } = await accounts.status(username);
  if (state === 'unproved') await accounts.disown(username);
  // The registration that made it moments ago seals it and mails the code: a second seal could hit the owner's password.
  const abandoned = state === 'unfinished' && (perhapsOurs || now - createdAt > ABANDONED_AFTER_MS);
  if (state === 'unproved' || abandoned) await seal(accounts, username);
}

/**
 * Seals an account, and tries again if no answer came and it is not sealed: before it is, nobody has a code. One that could
 * not be sealed is adopted by a later registration, when it counts as abandoned.
 */
async function seal(accounts: RegistrationAccounts, username: string): Promise<void> {
  try {
    await accounts.seal(username).catch(async (error) => {
      if (!(error instanceof DependencyUnavailable)) throw error;
      const { state } = await accounts.status(username);
      if (state !== 'ready') await accounts.seal(username);
    });
  } catch (error) {
    if (!(error instanceof DependencyUnavailable)) throw error;
    throw new DependencyUnavailable(error.dependency, { cause: error, retryAfter: ABANDONED_AFTER_MS / 1_000 });
  }
}
