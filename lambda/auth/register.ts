import type { PasswordPolicy, Registered, Registration } from '../../src/auth/contract';
import type { ApiRequest, ApiResponse, Log } from '../shared/api';
import { DependencyUnavailable, Problem } from '../shared/problem';
import { normaliseEmail } from './email';
import { weakness } from './password-policy';
import type { Accounts } from './ports';
import { answering, Refusal } from './refusal';

type RegistrationAccounts = Omit<Accounts, 'confirm'>;

export interface RegisterDependencies {
  readonly accounts: RegistrationAccounts;
  /** Left out, the user pool alone judges passwords: then a weak one may be answered otherwise where the address is known. */
  readonly passwordPolicy?: PasswordPolicy;
  readonly log: Log;
}

/** Makes an account. Whether the address had one before cannot be told from the answer. */
export function register({ accounts, passwordPolicy = {}, log }: RegisterDependencies) {
  return async ({ body }: ApiRequest<Registration>): Promise<ApiResponse> => {
    const registration = { ...body, email: normaliseEmail(body.email) };
    const weak = weakness(registration.password, passwordPolicy);
    if (weak !== undefined) throw weakPassword(weak);
    const registered = await answering({
      'weak-password': () => weakPassword('does not satisfy the password policy'),
      'invalid-email': () => new Problem('invalid-request', { errors: [{ pointer: '/email', detail: 'is not an address that can have an account' }] }),
      'not-authorized': () => new Problem('forbidden', { detail: 'Registration is closed' }),
    }, () => create(accounts, registration, log));
    return { status: 201, body: registered };
  };
}

async function create(accounts: RegistrationAccounts, registration: Registration, log: Log): Promise<Registered> {
  const created = await accounts.create(registration);
  if (created !== undefined) return { userId: created.userId, confirmationRequired: !created.confirmed };
  const known = await accounts.find(registration.email);
  // Deleted between the two calls: the same request, sent again, makes it anew.
  if (known === undefined) throw new DependencyUnavailable('The user pool');
  if (!known.confirmed) await sendCodeAgain(accounts, registration.email, log);
  return { userId: known.userId, confirmationRequired: true };
}

/** A code that cannot be sent again now is no reason for another answer: that would tell known addresses from new ones. */
async function sendCodeAgain(accounts: RegistrationAccounts, email: string, log: Log): Promise<void> {
  try {
    await accounts.sendCodeAgain(email);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    log.warn('Confirmation code not sent again', { reason: error.reason });
  }
}

function weakPassword(detail: string): Problem {
  return new Problem('weak-password', { errors: [{ pointer: '/password', detail }] });
}
