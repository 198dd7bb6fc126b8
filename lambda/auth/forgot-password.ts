import type { CodeRequest } from '../../src/auth/contract';
import type { ApiRequest, ApiResponse, Log } from '../shared/api';
import { normaliseEmail } from './email';
import { mailCode } from './mail-code';
import type { Accounts, Usernames } from './ports';
import { answering } from './refusal';

export interface ForgotPasswordDependencies {
  readonly accounts: Pick<Accounts, 'sendCode'>;
  readonly usernames: Usernames;
  readonly log: Log;
}

/** Mails a code with which a new password can be set. An address without an account gets the same answer, and no mail. */
export function forgotPassword({ accounts, usernames, log }: ForgotPasswordDependencies) {
  return async ({ body }: ApiRequest<CodeRequest>): Promise<ApiResponse> => {
    await answering({}, async () => mailCode(accounts, await usernames.of(normaliseEmail(body.email)), log));
    return { status: 204 };
  };
}
