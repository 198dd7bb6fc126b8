import { isBallotPartition, isMarker, toLaneKey, toVoter } from '../../../lambda/voting/adapters/items';
import { toTallies } from '../../../lambda/voting/adapters/tally-item';
import type { CheckpointState } from '../../../lambda/voting/checkpoint';
import type { MarkedTally } from '../../../lambda/voting/ports';
import { VotingTable } from '../../../src/voting/contract';
import { type Change, keyText, PK, SK } from '../services/dynamo/table';
import type { Violations } from './history';

/** By option, and under `BALLOTS` how many ballots there are. */
export type Counts = ReadonlyMap<string, number>;
export const BALLOTS = 'ballots';

export interface FinalBallot {
  readonly choice: string;
  readonly acceptedAt: number;
}

interface PollState {
  readonly ballots: Map<string, FinalBallot>;
  /** The ballots that were ever put while their voters waited: somebody may have been told of them. */
  readonly put: Array<FinalBallot & { readonly voter: string }>;
  /** By partition of the lane's ballots. */
  readonly lanes: Map<string, Counts>;
  /** Likewise: the lanes that are not counted before a recount, and whether a dead letter asks for one. */
  readonly waiting: Map<string, CheckpointState>;
  /** Likewise: by voter, what their ballot chooses. */
  readonly choices: Map<string, Map<string, string>>;
  opensAt?: number;
  closesAt?: number;
  closedAt?: number;
}

const NOTHING: Counts = new Map();

/** Looks at every write of the voting table in the moment in which it is done. */
export class Watch {
  private readonly states = new Map<string, PollState>();

  /** Where the stream has given up a vote, what changes it later is counted all the same: until somebody recounts, that may be below nothing. */
  constructor(private readonly violations: Violations, private readonly givenUp: () => boolean) {}

  readonly see = (change: Change): void => {
    const pk = keyText(change.keys, PK);
    if (isBallotPartition(pk)) this.ballot(pk, change);
    else if (pk.startsWith(VotingTable.TALLY_PREFIX)) this.tally(pk, change);
    else if (pk.startsWith(VotingTable.ROOM_PREFIX)) this.poll(change);
  };

  stateOf(pollId: string): PollState {
    const state = this.states.get(pollId) ?? { ballots: new Map(), put: [], lanes: new Map(), waiting: new Map(), choices: new Map() };
    this.states.set(pollId, state);
    return state;
  }

  /** What is counted of the ballots in that partition. */
  tallyOf(partition: string): Counts {
    const { pollId = '' } = toLaneKey(partition) ?? {};
    return this.stateOf(pollId).lanes.get(partition) ?? NOTHING;
  }

  /** What the ballots in that partition are. */
  expectedOf(partition: string): Counts {
    const { pollId = '' } = toLaneKey(partition) ?? {};
    const counts = new Map<string, number>();
    for (const choice of this.stateOf(pollId).choices.get(partition)?.values() ?? []) {
      for (const what of [BALLOTS, ...choice.split(',')]) counts.set(what, (counts.get(what) ?? 0) + 1);
    }
    return counts;
  }

  /** Whether the lane of the ballots in that partition waits for a recount. */
  waits(partition: string): CheckpointState {
    const { pollId = '' } = toLaneKey(partition) ?? {};
    return this.stateOf(pollId).waiting.get(partition) ?? 'counting';
  }

  private ballot(pk: string, { keys, after = {} }: Change): void {
    const { pollId } = toLaneKey(pk) ?? {};
    const choice = after.choice?.S;
    if (pollId === undefined || choice === undefined || isMarker(keys)) return;
    const voter = toVoter(keys);
    const ballot = { choice, acceptedAt: Number(after.acceptedAt?.N) };
    const { ballots, put, choices, closedAt = Infinity, closesAt = Infinity } = this.stateOf(pollId);
    ballots.set(voter, ballot);
    choices.set(pk, (choices.get(pk) ?? new Map<string, string>()).set(voter, choice));
    if (after.queued === undefined) put.push({ ...ballot, voter });
    const end = Math.min(closedAt, closesAt);
    if (ballot.acceptedAt >= end) this.violations.add('closed', `${voter} got a ballot of ${ballot.acceptedAt} in a poll closed at ${end}`);
  }

  private tally(pk: string, { before = {}, after = {} }: Change): void {
    const pollId = pk.slice(VotingTable.TALLY_PREFIX.length);
    const state = this.stateOf(pollId);
    const earlier = toTallies(before);
    for (const [lane, tally] of toTallies(after)) this.lane(pollId, lane, earlier.get(lane), tally);
    const counted = [...state.lanes.values()].reduce((sum, one) => sum + (one.get(BALLOTS) ?? 0), 0);
    const more = counted - state.ballots.size;
    if (more > 0) this.violations.add('exceeds', `${counted} votes of ${pollId} are counted, ${state.ballots.size} were taken`, more);
  }

  private lane(pollId: string, lane: number, before: MarkedTally | undefined, after: MarkedTally): void {
    const counts = countsOf(after);
    const partition = `${VotingTable.BALLOT_PREFIX}${pollId}#${lane}`;
    const { lanes, waiting } = this.stateOf(pollId);
    lanes.set(partition, counts);
    waiting.set(partition, after.checkpoint?.state ?? 'counting');
    const negative = [...counts].find(([, count]) => count < 0);
    if (negative !== undefined && !this.givenUp()) this.violations.add('wrong', `Lane ${lane} of ${pollId} counts ${negative[1]} for ${negative[0]}`);
    const changed = JSON.stringify([...countsOf(before)]) !== JSON.stringify([...counts]);
    const { version = 0 } = before ?? {};
    if (after.version < version + (changed ? 1 : 0)) {
      this.violations.add('version', `Lane ${lane} of ${pollId} comes from version ${version} to ${after.version}`, 0);
    }
  }

  private poll({ keys, before, after = {} }: Change): void {
    const state = this.stateOf(keyText(keys, SK).slice(VotingTable.POLL_PREFIX.length));
    const settled = before?.closedAt?.N;
    const { opensAt, closedAt, closesAt } = after;
    if (settled !== undefined && settled !== closedAt?.N) this.violations.add('closed', `The end of a poll moves from ${settled} to ${closedAt?.N}`, 0);
    if (closedAt?.N !== undefined) state.closedAt = Number(closedAt.N);
    if (opensAt?.N !== undefined) state.opensAt = Number(opensAt.N);
    if (closesAt?.N !== undefined) state.closesAt = Number(closesAt.N);
  }
}

function countsOf(tally: MarkedTally | undefined): Counts {
  const counted = Object.entries(tally?.counts ?? {}).filter(([, count]) => count !== 0).sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map([[BALLOTS, tally?.ballots ?? 0], ...counted]);
}
