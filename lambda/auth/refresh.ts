import type { RefreshRequest } from '../../src/auth/contract';
import type { ApiRequest, ApiResponse } from '../shared/api';
import { Problem } from '../shared/problem';
import type { Sessions } from './ports';
import { answering } from './refusal';
import { spreadExpiry } from './spread-expiry';

export interface RefreshDependencies {
  readonly sessions: Pick<Sessions, 'refresh'>;
  /** 0 to 1. */
  readonly random: () => number;
}

/** New tokens for a refresh token; why one is not accepted is not told. */
export function refresh({ sessions, random }: RefreshDependencies) {
  const invalidToken = () => new Problem('invalid-refresh-token');
  return async ({ body }: ApiRequest<RefreshRequest>): Promise<ApiResponse> => {
    const tokens = await answering({
      'not-authorized': invalidToken,
      'unknown-account': invalidToken,
      'not-confirmed': invalidToken,
      'reset-required': invalidToken,
      'not-a-refresh-token': invalidToken,
    }, () => sessions.refresh(body.refreshToken));
    return { status: 200, body: spreadExpiry(tokens, random) };
  };
}
