import type { BallotPage, CastBallot } from '../../src/voting/contract';
import type { Memberships } from '../rooms/ports';
import type { ApiResponse, CallerRequest } from '../shared/api';
import { encodeCursor, invalidCursor, readPage } from '../shared/page';
import { Problem } from '../shared/problem';
import { presentChoice } from './choice';
import { requireInCharge, requirePoll } from './poll';
import type { BallotReader, PollReader, PollRecord, VotersBallot } from './ports';

export interface ListBallotsDependencies {
  readonly memberships: Memberships;
  readonly polls: PollReader;
  readonly ballots: Pick<BallotReader, 'list'>;
}

/** Lanes that are read at once at most. Most of a small poll's lanes are empty, most of a large one's are never reached. */
const MOST_AT_ONCE = 32;

interface Place {
  readonly lane: number;
  readonly after?: string;
}

/** Who voted what, lane by lane, for the poll's creator and the room's owner: only where the poll has told its voters so. */
export function listBallots({ memberships, polls, ballots }: ListBallotsDependencies) {
  return async (request: CallerRequest): Promise<ApiResponse> => {
    const ofPoll = `ballots ${request.path.pollId}`;
    const { limit, after } = readPage(request.query, ofPoll);
    const { role, poll } = await requirePoll(memberships, polls, request);
    if (poll.secret) throw new Problem('secret-ballot');
    requireInCharge(request, role, poll);
    const from = after === undefined ? { lane: 0 } : readPlace(after, poll);
    // One more than asked for tells whether there is a next page.
    const found = await gather(ballots, poll, from, limit + 1);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const body: BallotPage = {
      items: page.map((ballot) => presentBallot(poll, ballot)),
      ...(found.length > limit && last !== undefined ? { nextCursor: encodeCursor(ofPoll, `${last.lane} ${last.voter}`) } : {}),
    };
    return { status: 200, body };
  };
}

function presentBallot(poll: PollRecord, { voter: userId, choice, acceptedAt }: VotersBallot): CastBallot {
  return { userId, ...presentChoice(poll, choice), acceptedAt: new Date(acceptedAt).toISOString() };
}

function readPlace(cursor: string, { lanes }: PollRecord): Place {
  const [, lane, after] = /^(\d{1,3}) (.+)$/s.exec(cursor) ?? [];
  if (lane === undefined || Number(lane) >= lanes) throw invalidCursor();
  return { lane: Number(lane), after };
}

type Found = VotersBallot & Place;

/** That many ballots from a place on: one lane at first, more at once as long as they bring too few. */
async function gather(ballots: Pick<BallotReader, 'list'>, { pollId, lanes }: PollRecord, from: Place, wanted: number): Promise<Found[]> {
  const found: Found[] = [];
  let lane = from.lane;
  for (let atOnce = 1; lane < lanes && found.length < wanted; atOnce = Math.min(MOST_AT_ONCE, atOnce * 2)) {
    const some = Array.from({ length: Math.min(atOnce, lanes - lane) }, (_, index) => lane + index);
    const missing = wanted - found.length;
    const read = await Promise.all(some.map((one) => ballots.list({ pollId, lane: one }, missing, one === from.lane ? from.after : undefined)));
    found.push(...read.flatMap((page, index) => page.map((ballot) => ({ ...ballot, lane: some[index] }))));
    lane += some.length;
  }
  return found.slice(0, wanted);
}
