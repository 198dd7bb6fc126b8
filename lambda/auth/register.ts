import type { PasswordPolicy, Registered, Registration } from '../../src/auth/contract';
import type { ApiRequest, ApiResponse } from '../shared/api';
import { DependencyUnavailable, Problem } from '../shared/problem';
import { normaliseEmail } from './email';
import { mailCode, type MailCodeDependencies } from './mail-code';
import { checkPassword } from './password-policy';
import type { Accounts, Usernames } from './ports';
import { answering, Refusal } from './refusal';

type RegistrationAccounts = Pick<Accounts, 'create' | 'status' | 'seal' | 'disown' | 'sendCode'>;

export interface RegisterDependencies extends MailCodeDependencies {
  readonly accounts: RegistrationAccounts;
  readonly usernames: Usernames;
  /** Left out, a password is not checked here. */
  readonly passwordPolicy?: PasswordPolicy;
  /** Resolves after so many milliseconds. */
  readonly wait: (ms: number) => Promise<void>;
}

/**
 * After this, the function that made an account is no longer running, and will not seal it any more: functions have
 * 10 seconds, and the rest is for clocks that differ.
 */
const ABANDONED_AFTER_MS = 20_000;
/** How long a registration waits for another one to seal the account that it has made, which takes one call. */
const WAITS_MS = [250, 500, 1_000];

/**
 * Makes the account of an address, if it has none, and mails a code to the address. The answer is the same for a new and
 * for a known address. So is the number of calls. It is 201 only if a mail is on its way, or if the address was mailed too
 * many codes before.
 *
 * Nothing that this request carries becomes part of the account, because nothing shows that it comes from the owner of the
 * mailbox: the password and the name are given with the code (`confirm`). Here a password is only held against the policy,
 * so that a form that asks for all at once can say so early.
 */
export function register(dependencies: RegisterDependencies) {
  const { accounts, usernames, passwordPolicy = {} } = dependencies;
  return async ({ body }: ApiRequest<Registration>): Promise<ApiResponse> => {
    if (body.password !== undefined) checkPassword(body.password, passwordPolicy);
    const email = normaliseEmail(body.email);
    await answering({
      'invalid-email': () => new Problem('invalid-request', { errors: [{ pointer: '/email', detail: 'is not an address that can have an account' }] }),
    }, async () => {
      const username = await usernames.of(email);
      const outcome = await accounts.create(username, email);
      if (outcome === 'created') await seal(accounts, username);
      else await adopt(dependencies, username, outcome === 'unclear');
      await mailCode(dependencies, username);
    });
    return { status: 201, body: { confirmationRequired: true } satisfies Registered };
  };
}

/** Takes an account over from whoever made it, if nobody has proved to own it. The account of an owner stays as it is. */
async function adopt({ accounts, clock, wait }: RegisterDependencies, username: string, perhapsOurs: boolean): Promise<void> {
  const { state, createdAt } = await accounts.status(username);
  if (state === 'ready') return;
  if (state === 'unproved') await accounts.disown(username);
  const remaining = createdAt + ABANDONED_AFTER_MS - clock();
  if (state === 'unfinished' && !perhapsOurs && remaining >= 0) return sealedByAnother(accounts, username, { wait, remaining });
  await seal(accounts, username);
}

/**
 * Waits for the registration that made an account moments ago to seal it: a second seal could hit the owner's password, and
 * before the account is sealed nobody can be mailed a code. If that registration was cut off, the caller is told when the
 * account counts as abandoned.
 */
async function sealedByAnother(accounts: RegistrationAccounts, username: string, { wait, remaining }: { readonly wait: RegisterDependencies['wait']; readonly remaining: number }): Promise<void> {
  for (const ms of WAITS_MS) {
    await wait(ms);
    if ((await accounts.status(username)).state !== 'unfinished') return;
  }
  throw new Refusal('too-many-requests', { retryAfter: (remaining + 1) / 1_000 });
}

/**
 * Seals an account, and tries again if no answer came and it is not sealed: before it is, nobody has a code. One that could
 * not be sealed is adopted by a later registration, when it counts as abandoned: the caller is told to come back then.
 */
async function seal(accounts: RegistrationAccounts, username: string): Promise<void> {
  const retryAfter = ABANDONED_AFTER_MS / 1_000;
  try {
    await accounts.seal(username).catch(async (error) => {
      if (!(error instanceof DependencyUnavailable)) throw error;
      const { state } = await accounts.status(username);
      if (state !== 'ready') await accounts.seal(username);
    });
  } catch (error) {
    if (error instanceof Refusal && error.reason === 'too-many-requests') throw new Refusal(error.reason, { message: error.message, retryAfter });
    if (error instanceof DependencyUnavailable) throw new DependencyUnavailable(error.dependency, { cause: error, retryAfter });
    throw error;
  }
}
