import type { PasswordReset } from '../../src/auth/contract';
import type { ApiRequest, ApiResponse } from '../shared/api';
import { setPassword, type SetPasswordDependencies } from './set-password';

/** Sets a new password by the code that was mailed, and ends all sessions. */
export function resetPassword(dependencies: SetPasswordDependencies) {
  return async ({ body: { email, code, password } }: ApiRequest<PasswordReset>): Promise<ApiResponse> => {
    await setPassword(dependencies, { email, code, password });
    return { status: 204 };
  };
}
