import type { Results } from '../../src/voting/contract';
import type { Memberships } from '../rooms/ports';
import type { ApiResponse, CallerRequest, Clock } from '../shared/api';
import { invalidParameter, Problem } from '../shared/problem';
import { laneOf } from './lane';
import { requirePoll, statusOf } from './poll';
import type { BallotReader, LaneTally, PollReader, PollRecord } from './ports';
import { type Snapshot, versionOf } from './snapshots';

export interface ResultsDependencies {
  readonly memberships: Memberships;
  /** May answer from the instance's memory, by the rules of poll-cache.ts: who has seen the answer of a close finds it closed. */
  readonly polls: PollReader;
  readonly ballots: Pick<BallotReader, 'find'>;
  /** The tallies of a poll as they were a moment ago, of that version at least: see snapshots.ts. */
  readonly snapshot: (pollId: string, atLeast: number) => Promise<Snapshot>;
  readonly clock: Clock;
}

/** The votes counted so far, for whom the poll shows them to. There is no exception for its creator or the room's owner. */
export function results({ memberships, polls, ballots, snapshot, clock }: ResultsDependencies) {
  return async (request: CallerRequest): Promise<ApiResponse> => {
    const atLeast = readVersion(request.query.atLeast);
    const { poll } = await requirePoll(memberships, polls, request);
    if (!(await isShown(poll, request.caller.userId, ballots, clock()))) throw new Problem('results-hidden');
    const { lanes, readAt } = await snapshot(poll.pollId, atLeast);
    const now = clock();
    return { status: 200, body: sumOf(poll, lanes, now, readAt), headers: { age: String(Math.floor(Math.max(0, now - readAt) / 1000)) } };
  };
}

async function isShown(poll: PollRecord, userId: string, ballots: Pick<BallotReader, 'find'>, now: number): Promise<boolean> {
  const { pollId, visibility, lanes } = poll;
  if (visibility === 'always' || statusOf(poll, now) === 'closed') return true;
  return visibility === 'after-vote' && await ballots.find({ pollId, lane: laneOf(userId, lanes) }, userId) !== undefined;
}

function readVersion(atLeast = '0'): number {
  if (!/^\d{1,15}$/.test(atLeast)) throw invalidParameter('atLeast', 'must be the version of earlier results');
  return Number(atLeast);
}

export function sumOf(poll: PollRecord, lanes: readonly LaneTally[], now: number, readAt = now): Results {
  const counts: Record<string, number> = {};
  for (const { optionId } of poll.options) counts[optionId] = lanes.reduce((sum, lane) => sum + (lane.counts[optionId] ?? 0), 0);
  return {
    pollId: poll.pollId,
    status: statusOf(poll, now),
    counts,
    total: lanes.reduce((sum, { ballots }) => sum + ballots, 0),
    version: versionOf(lanes),
    asOf: new Date(readAt).toISOString(),
  };
}
