import type { Confirmation } from '../../src/auth/contract';
import type { ApiRequest, ApiResponse } from '../shared/api';
import { Problem } from '../shared/problem';
import { normaliseEmail } from './email';
import type { Accounts } from './ports';
import { answering } from './refusal';

/**
 * Confirms an account by the code that was sent to its address.
 *
 * A wrong code, an unknown address and an account that is confirmed already get one answer. So does the repeat of a
 * confirmation that succeeded: the user pool forgets a code once it was used, hence a repeat cannot be told from a
 * guess, and 204 for any code would tell everybody which addresses have accounts. The repeat changes nothing, and the
 * answer says what to do: to log in.
 */
export function confirm({ accounts }: { readonly accounts: Pick<Accounts, 'confirm'> }) {
  const invalidCode = () => new Problem('invalid-code', { detail: 'If the code was used before, the account is confirmed: log in' });
  return async ({ body: { email, code } }: ApiRequest<Confirmation>): Promise<ApiResponse> => {
    await answering({
      'wrong-code': invalidCode,
      'unknown-account': invalidCode,
      'not-authorized': invalidCode,
      'invalid-email': invalidCode,
      // Only who has the right code gets here.
      'address-taken': () => new Problem('conflict', { detail: 'The address belongs to another account by now' }),
    }, () => accounts.confirm(normaliseEmail(email), code));
    return { status: 204 };
  };
}
