import type { Vote, VoteRequest } from '../../src/voting/contract';
import type { Memberships } from '../rooms/ports';
import type { ApiResponse, CallerRequest } from '../shared/api';
import { Problem } from '../shared/problem';
import { presentChoice, readChoice } from './choice';
import { type Verdict, verdictOn } from './closing';
import { laneOf } from './lane';
import { requirePoll } from './poll';
import type { BallotBox, CastOutcome, PollReader } from './ports';

export interface CastVoteDependencies {
  readonly memberships: Memberships;
  /** May answer from the instance's memory, by the rules of poll-cache.ts. */
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
    const { caller: { userId: voter }, body: asked, acceptedAt } = request;
    const choiceIn = readChoice(asked);
    const { poll } = await requirePoll(memberships, polls, request);
    const { pollId, revote, lanes } = poll;
    refuseUnlessAccepted(verdictOn(poll, acceptedAt));
    const choice = choiceIn(poll);
    const { outcome, vote } = await ballots.cast({ pollId, lane: laneOf(voter, lanes), voter, choice, acceptedAt, revote });
    if (outcome === 'refused') throw new Problem('already-voted');
    const body: Vote = { pollId, ...presentChoice(poll, vote.choice), acceptedAt: new Date(vote.acceptedAt).toISOString() };
    return { status: STATUS[outcome], body };
  };
}

function refuseUnlessAccepted(verdict: Verdict): void {
  if (verdict === 'early') throw new Problem('poll-not-open');
  if (verdict === 'closed') throw new Problem('poll-closed');
  if (verdict === 'undecided') throw new Problem('unavailable', { detail: 'The poll is being closed, the vote was not taken', retryAfter: 1 });
}
