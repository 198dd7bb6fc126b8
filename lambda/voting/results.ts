import { requireMember, requirePoll, statusOf } from './poll';
import type { LaneTally, PollReader, PollRecord, Tallies } from './ports';
import type { Results } from '../../src/voting/contract';
import type { Memberships } from '../rooms/ports';
import type { ApiResponse, CallerRequest, Clock } from '../shared/api';

export interface ResultsDependencies {
  readonly memberships: Memberships;
  readonly polls: PollReader;
  readonly tallies: Pick<Tallies, 'ofPoll'>;
  readonly clock: Clock;
}

/** The votes counted so far. */
export function results({ memberships, polls, tallies, clock }: ResultsDependencies) {
  return async (request: CallerRequest): Promise<ApiResponse> => {
    const { roomId } = await requireMember(memberships, request);
    const poll = await requirePoll(polls, roomId, request);
    return { status: 200, body: sumOf(poll, await tallies.ofPoll(poll.pollId), clock()) };
  };
}

/**
 * Every lane's version rises with every write to it, so their sum never falls from one answer to the next, and is the same
 * only where every lane is the same.
 */
export function sumOf(poll: PollRecord, lanes: readonly LaneTally[], now: number): Results {
  const counts: Record<string, number> = {};
  for (const { optionId } of poll.options) counts[optionId] = lanes.reduce((sum, lane) => sum + (lane.counts[optionId] ?? 0), 0);
  return {
    pollId: poll.pollId,
    status: statusOf(poll, now),
    counts,
    total: Object.values(counts).reduce((sum, count) => sum + count, 0),
    version: lanes.reduce((sum, lane) => sum + lane.version, 0),
  };
}
