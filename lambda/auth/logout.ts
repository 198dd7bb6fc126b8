import type { RefreshRequest } from '../../src/auth/contract';
import type { ApiRequest, ApiResponse } from '../shared/api';
import { Problem } from '../shared/problem';
import type { Sessions } from './ports';
import { answering, Refusal } from './refusal';

/** Ends a session. A refresh token that is unknown or revoked already has no session left to end: the same answer. */
export function logout({ sessions }: { readonly sessions: Pick<Sessions, 'revoke'> }) {
  return async ({ body }: ApiRequest<RefreshRequest>): Promise<ApiResponse> => {
    await answering({
      // Who sends an access token here would believe to be logged out, and the session would live on.
      'not-a-refresh-token': () => new Problem('invalid-request', { errors: [{ pointer: '/refreshToken', detail: 'is not a refresh token' }] }),
    }, () => revoke(sessions, body.refreshToken));
    return { status: 204 };
  };
}

async function revoke(sessions: Pick<Sessions, 'revoke'>, refreshToken: string): Promise<void> {
  try {
    await sessions.revoke(refreshToken);
  } catch (error) {
    const ended = error instanceof Refusal && (error.reason === 'not-authorized' || error.reason === 'unknown-account');
    if (!ended) throw error;
  }
}
