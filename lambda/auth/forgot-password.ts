import type { CodeRequest } from '../../src/auth/contract';
import type { ApiRequest, ApiResponse } from '../shared/api';
import { normaliseEmail } from './email';
import { concernsEverybody, mailCode, type MailCodeDependencies } from './mail-code';
import type { Usernames } from './ports';
import { answering } from './refusal';

export interface ForgotPasswordDependencies extends MailCodeDependencies {
  readonly usernames: Usernames;
}

/**
 * Mails a code with which a new password can be set. An address without an account gets the same answer, and no mail. So does
 * every address while no mail can be sent: Cognito says so of addresses with an account only. An alarm rings then.
 */
export function forgotPassword({ usernames, ...mailing }: ForgotPasswordDependencies) {
  return async ({ body }: ApiRequest<CodeRequest>): Promise<ApiResponse> => {
    await answering({}, async () => {
      const username = await usernames.of(normaliseEmail(body.email));
      await mailCode(mailing, username).catch((error) => {
        if (!concernsEverybody(error)) throw error;
      });
    });
    return { status: 204 };
  };
}
