import type { Vote, VoteRequest } from '../../src/voting/contract';
import type { Memberships } from '../rooms/ports';
import type { ApiResponse, CallerRequest } from '../shared/api';
import { DependencyUnavailable, Problem } from '../shared/problem';
import { presentChoice, readChoice } from './choice';
import { type Verdict, verdictOn } from './closing';
import { laneOf } from './lane';
import { requirePoll } from './poll';
import type { BallotBox, CastOutcome, PollReader } from './ports';

export interface CastVoteDependencies {
  readonly memberships: Memberships;
  /** May answer from the instance's memory, by the rules of poll-cache.ts. Settles ends that are past: settled-polls.ts. */
  readonly polls: PollReader;
  readonly ballots: BallotBox;
}

const STATUS: Record<Exclude<CastOutcome['outcome'], 'refused'>, number> = { first: 201, standing: 200, queued: 202 };

/**
 * Takes a vote. Whether it is accepted is decided here and once, by the moment that the API accepted the request: from then
 * on it only matters that the ballot arrives, however often and by which way.
 */
export function castVote({ memberships, polls, ballots }: CastVoteDependencies) {
  return async (request: CallerRequest<VoteRequest>): Promise<ApiResponse> => {
    const { caller: { userId: voter }, body: asked, acceptedAt, requestId } = request;
    const choiceIn = readChoice(asked);
    const { poll } = await requirePoll(memberships, polls, request);
    const { pollId, revote, lanes } = poll;
    refuseUnlessAccepted(verdictOn(poll, acceptedAt));
    const choice = choiceIn(poll);
    const { outcome, vote } = await sending(() => ballots.cast({ pollId, lane: laneOf(voter, lanes), voter, choice, acceptedAt, revote, requestId }));
    if (outcome === 'refused') throw new Problem('already-voted');
    const body: Vote = { pollId, ...presentChoice(poll, vote.choice), acceptedAt: new Date(vote.acceptedAt).toISOString() };
    return { status: STATUS[outcome], body };
  };
}

/** A ballot that was sent and not confirmed may stand all the same: the client is told so, and what to do. */
async function sending<T>(cast: () => Promise<T>): Promise<T> {
  try {
    return await cast();
  } catch (error) {
    if (!(error instanceof DependencyUnavailable)) throw error;
    const detail = `${error.message}: the vote may have been taken. Send the same vote again: it counts once, and the answer says what stands.`;
    throw Object.assign(new Problem('unavailable', { detail, retryAfter: error.retryAfter }), { cause: error });
  }
}

function refuseUnlessAccepted(verdict: Verdict): void {
  if (verdict === 'early') throw new Problem('poll-not-open');
  if (verdict === 'closed') throw new Problem('poll-closed');
  if (verdict === 'undecided') throw new Problem('unavailable', { detail: 'The poll is being closed: the vote was not taken. Send it again.', retryAfter: 1 });
}
