import type { Memberships, Role } from '../../../lambda/rooms/ports';
import type { PageRequest } from '../../../lambda/shared/page';
import { type Checkpoint, NO_SEQUENCE } from '../../../lambda/voting/checkpoint';
import type { BallotChange, Onto } from '../../../lambda/voting/fold';
import { tallyOf } from '../../../lambda/voting/lane';
import type {
  Ballot, BallotReader, Ballots, Creation, DeadLetters, LaneCheckpoints, LaneFolds, LaneKey, LaneLog, MarkedTally,
  OverflowQueue, PollKey, PollRecord, Polls, PutResult, Repeatable, StoredBallot, Tallies,
} from '../../../lambda/voting/ports';
import type { DeadBallot, LaneCounts } from '../../../src/voting/contract';

/** Ids of the form that the service makes; a higher number is a later one. */
export function uuid(number: number): string {
  return `01900000-0000-7000-8000-${String(number).padStart(12, '0')}`;
}

export const ROOM = uuid(1_000_000);

export class FakeMemberships implements Memberships {
  readonly roles = new Map<string, Role>();

  add(userId: string, role: Role = 'member', roomId = ROOM): this {
    this.roles.set(`${roomId} ${userId}`, role);
    return this;
  }

  async roleOf(roomId: string, userId: string) {
    return this.roles.get(`${roomId} ${userId}`);
  }
}

export function aPoll(more: Partial<PollRecord> = {}): PollRecord {
  return {
    roomId: ROOM,
    pollId: uuid(1),
    question: 'Where to?',
    options: [{ optionId: 'o1', text: 'North' }, { optionId: 'o2', text: 'South' }, { optionId: 'o3', text: 'Stay' }],
    revote: false,
    maxChoices: 1,
    secret: true,
    visibility: 'always',
    lanes: 4,
    createdBy: 'creator',
    createdAt: 0,
    ...more,
  };
}

/** The polls' part of the table. Its writes are atomic and conditional as the real one's; `clock` is what it forgets keys by. */
export class FakePolls implements Polls {
  readonly polls = new Map<string, PollRecord>();
  readonly memory = new Map<string, { readonly poll: PollKey; readonly until: number }>();
  reads = 0;

  constructor(readonly clock: () => number = () => 0) {}

  add(poll: PollRecord): PollRecord {
    this.polls.set(`${poll.roomId} ${poll.pollId}`, poll);
    return poll;
  }

  get({ roomId, pollId }: PollKey): PollRecord {
    return this.polls.get(`${roomId} ${pollId}`)!;
  }

  async create(poll: PollRecord, repeatable?: Repeatable): Promise<Creation> {
    if (repeatable !== undefined) {
      const name = `${repeatable.userId} ${repeatable.key}`;
      const known = this.memory.get(name);
      if (known !== undefined && known.until > this.clock()) return { outcome: 'remembered', poll: known.poll };
      this.memory.set(name, { poll, until: repeatable.until });
    }
    this.add(poll);
    return { outcome: 'created' };
  }

  async remembered(userId: string, key: string) {
    const known = this.memory.get(`${userId} ${key}`);
    return known !== undefined && known.until > this.clock() ? known.poll : undefined;
  }

  async find(key: PollKey) {
    this.reads += 1;
    return this.polls.get(`${key.roomId} ${key.pollId}`);
  }

  async list(roomId: string, { limit, after }: PageRequest) {
    const all = [...this.polls.values()].filter((poll) => poll.roomId === roomId && (after === undefined || poll.pollId < after));
    all.sort((a, b) => (a.pollId < b.pollId ? 1 : -1));
    return { polls: all.slice(0, limit), more: all.length > limit };
  }

  async announceClose(key: PollKey, closingAt: number, instead: number | undefined) {
    const poll = this.get(key);
    return poll.closedAt === undefined && poll.closingAt === instead ? this.add({ ...poll, closingAt }) : poll;
  }

  async settleClose(key: PollKey, closingAt: number) {
    const poll = this.get(key);
    return poll.closedAt === undefined && poll.closingAt === closingAt ? this.add({ ...poll, closedAt: closingAt }) : poll;
  }
}

export interface LaneChange extends Omit<BallotChange, 'index'>, LaneKey {}

interface BallotItem extends StoredBallot, LaneKey {
  readonly voter: string;
  readonly queued: boolean;
  readonly castBy: string | undefined;
}

/** The ballots' part of the table, with its stream. */
export class FakeBallots implements Ballots, BallotReader, LaneLog {
  readonly ballots = new Map<string, BallotItem>();
  readonly stream: LaneChange[] = [];
  reads = 0;
  /** Thrown by the next put. */
  failure?: Error;

  async put(ballot: Ballot): Promise<PutResult> {
    const { choice, acceptedAt, revote } = ballot;
    return this.write(ballot, false, (before) => (revote ? before.acceptedAt < acceptedAt : before.queued && before.choice === choice));
  }

  async putQueued(ballot: Ballot): Promise<boolean> {
    const { acceptedAt, revote } = ballot;
    return this.write(ballot, true, (before) => (revote ? before.acceptedAt < acceptedAt : before.queued && before.acceptedAt > acceptedAt)).written;
  }

  async find({ pollId, lane }: LaneKey, voter: string) {
    this.reads += 1;
    return this.ballots.get(`${pollId} ${lane} ${voter}`);
  }

  async list(lane: LaneKey, limit: number, after = '') {
    this.reads += 1;
    return this.ofLane(lane).filter(({ voter }) => voter > after).sort((a, b) => (a.voter < b.voter ? -1 : 1)).slice(0, limit);
  }

  async mark(lane: LaneKey, marker: string) {
    this.record(lane, { marker });
  }

  async count(lane: LaneKey): Promise<LaneCounts> {
    const counts: Record<string, number> = {};
    const ballots = this.ofLane(lane);
    for (const option of ballots.flatMap(({ choice }) => choice.split(','))) counts[option] = (counts[option] ?? 0) + 1;
    return { ballots: ballots.length, counts };
  }

  /** How many ballots choose each option. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { choice } of this.ballots.values()) {
      for (const option of choice.split(',')) counts[option] = (counts[option] ?? 0) + 1;
    }
    return counts;
  }

  private ofLane({ pollId, lane }: LaneKey): BallotItem[] {
    return [...this.ballots.values()].filter((ballot) => ballot.pollId === pollId && ballot.lane === lane);
  }

  private write({ revote: _, requestId, ...ballot }: Ballot, queued: boolean, over: (before: BallotItem) => boolean): PutResult {
    if (this.failure !== undefined) throw this.failure;
    const { pollId, lane, voter, choice } = ballot;
    const key = `${pollId} ${lane} ${voter}`;
    const before = this.ballots.get(key);
    const own = requestId !== undefined && before?.castBy === requestId;
    if (before !== undefined && !over(before)) return { written: false, standing: before, own };
    this.ballots.set(key, { ...ballot, queued, castBy: before === undefined || queued ? requestId : before.castBy });
    this.record({ pollId, lane }, { before: before?.choice, after: choice });
    return { written: true, before };
  }

  private record({ pollId, lane }: LaneKey, change: Pick<BallotChange, 'before' | 'after' | 'marker'>): void {
    const recordId = `4${String(this.stream.length).padStart(20, '0')}`;
    this.stream.push({ recordId, sequence: recordId.padStart(40, '0'), pollId, lane, ...change });
  }
}

/** The queue of ballots. */
export class FakeQueue implements OverflowQueue {
  readonly sent: Ballot[] = [];
  failure?: Error;

  async send(ballot: Ballot) {
    if (this.failure !== undefined) throw this.failure;
    this.sent.push(ballot);
  }
}

export class FakeDeadLetters implements DeadLetters {
  readonly buried: DeadBallot[] = [];
  failure?: Error;

  async bury(dead: DeadBallot) {
    if (this.failure !== undefined) throw this.failure;
    this.buried.push(dead);
  }
}

interface TallyItem {
  readonly lane: LaneKey;
  counts: Record<string, number>;
  ballots: number;
  checkpoint?: Checkpoint;
  marker?: string;
  version: number;
}

/** The tallies' part of the table. */
export class FakeTallies implements Tallies {
  readonly items = new Map<string, TallyItem>();
  writes = 0;

  async add(pollId: string, folds: LaneFolds): Promise<LaneCheckpoints | undefined> {
    this.writes += 1;
    return this.write(pollId, folds);
  }

  async ofPoll(pollId: string) {
    return [...this.items.values()].filter(({ lane }) => lane.pollId === pollId);
  }

  async ofLane({ pollId, lane }: LaneKey) {
    const item = this.items.get(`${pollId} ${lane}`);
    return item === undefined ? undefined : { ...item, counts: { ...item.counts } };
  }

  async mend({ pollId, lane }: LaneKey, seen: MarkedTally, { ballots, counts }: LaneCounts) {
    const item = this.items.get(`${pollId} ${lane}`)!;
    if (!same(item.checkpoint, seen.checkpoint) || item.version !== seen.version) return false;
    if (item.checkpoint !== undefined) item.checkpoint = { ...item.checkpoint, state: 'counting' };
    item.counts = { ...Object.fromEntries(Object.keys(item.counts).map((option) => [option, 0])), ...counts };
    item.ballots = ballots;
    item.version += 1;
    return true;
  }

  async unmark({ pollId, lane }: LaneKey, marker: string) {
    const item = this.items.get(`${pollId} ${lane}`);
    if (item?.marker === marker) delete item.marker;
  }

  /** The counts of all lanes together, without zeros. */
  sum(): Record<string, number> {
    const sums: Record<string, number> = {};
    for (const { counts } of this.items.values()) {
      for (const [option, count] of Object.entries(counts)) sums[option] = (sums[option] ?? 0) + count;
    }
    return Object.fromEntries(Object.entries(sums).filter(([, count]) => count !== 0));
  }

  ballots(): number {
    return [...this.items.values()].reduce((sum, { ballots }) => sum + ballots, 0);
  }

  version(): number {
    return [...this.items.values()].reduce((sum, { version }) => sum + version, 0);
  }

  protected write(pollId: string, folds: LaneFolds): LaneCheckpoints | undefined {
    const items = new Map([...folds.keys()].map((lane) => [lane, this.items.get(`${pollId} ${lane}`)]));
    if (new Set([...folds.keys()].map(tallyOf)).size > 1) throw new Error('Lanes of several items are no one write');
    const standing = new Map([...items].map(([lane, item]) => [lane, item?.checkpoint]));
    if ([...folds].some(([lane, { onto }]) => !holds(standing.get(lane), onto))) return standing;
    for (const [lane, { checkpoint, deltas, ballots, changes, marker }] of folds) {
      const item: TallyItem = items.get(lane) ?? { lane: { pollId, lane }, counts: {}, ballots: 0, version: 0 };
      for (const [option, delta] of deltas) item.counts[option] = (item.counts[option] ?? 0) + delta;
      item.ballots += ballots;
      item.checkpoint = checkpoint;
      item.marker = marker ?? item.marker;
      item.version += changes;
      this.items.set(`${pollId} ${lane}`, item);
    }
    return undefined;
  }
}

const textOf = (checkpoint: Checkpoint | undefined) => JSON.stringify(checkpoint && Object.entries(checkpoint).sort());
const same = (a: Checkpoint | undefined, b: Checkpoint | undefined) => textOf(a) === textOf(b);

function holds(at: Checkpoint | undefined, onto: Onto): boolean {
  if ('exactly' in onto) return same(at, onto.exactly);
  const { below, source: { stream, complete } } = onto;
  if (at === undefined) return complete;
  return at.state === 'counting' && at.since === undefined && at.stream === stream && (at.sequence ?? NO_SEQUENCE) < below;
}
