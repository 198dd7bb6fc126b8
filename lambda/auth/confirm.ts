import type { Confirmation } from '../../src/auth/contract';
import type { ApiRequest, ApiResponse } from '../shared/api';
import { setPassword, type SetPasswordDependencies } from './set-password';

/** Finishes a registration by the code that was mailed: whoever has the mailbox sets the password and the name. */
export function confirm(dependencies: SetPasswordDependencies) {
  return async ({ body }: ApiRequest<Confirmation>): Promise<ApiResponse> => {
    await setPassword(dependencies, body);
    return { status: 204 };
  };
}
