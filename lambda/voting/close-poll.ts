import type { Memberships } from '../rooms/ports';
import type { ApiResponse, CallerRequest, Clock } from '../shared/api';
import { endOf, passed, settleEnd } from './closing';
import { present, requireInCharge, requirePoll } from './poll';
import type { Polls, Sleep } from './ports';

export interface ClosePollDependencies {
  readonly memberships: Memberships;
  readonly polls: Pick<Polls, 'find' | 'announceClose' | 'settleClose'>;
  readonly clock: Clock;
  readonly sleep: Sleep;
}

/** Closes a poll for its creator or the room's owner. When it answers, no vote can be accepted any more: see closing.ts. */
export function closePoll({ memberships, polls, clock, sleep }: ClosePollDependencies) {
  return async (request: CallerRequest): Promise<ApiResponse> => {
    const seenAt = clock();
    const { role, poll } = await requirePoll(memberships, polls, request);
    requireInCharge(request, role, poll);
    const closed = await settleEnd(polls, clock, { poll, seenAt });
    await passed(endOf(closed) ?? -Infinity, clock, sleep);
    return { status: 200, body: present(closed, clock()) };
  };
}
