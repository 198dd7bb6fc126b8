import type { Memberships } from '../rooms/ports';
import type { ApiResponse, CallerRequest, Clock } from '../shared/api';
import { present, requirePoll } from './poll';
import type { PollReader } from './ports';

export interface GetPollDependencies {
  readonly memberships: Memberships;
  readonly polls: PollReader;
  readonly clock: Clock;
}

/** One poll of a room that the caller is in. */
export function getPoll({ memberships, polls, clock }: GetPollDependencies) {
  return async (request: CallerRequest): Promise<ApiResponse> => {
    const { poll } = await requirePoll(memberships, polls, request);
    return { status: 200, body: present(poll, clock()) };
  };
}
