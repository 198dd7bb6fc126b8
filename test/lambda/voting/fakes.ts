import type { Memberships, Role } from '../../../lambda/rooms/ports';
import type { PageRequest } from '../../../lambda/shared/page';
import { type BallotChange, type Fold, NO_MARK } from '../../../lambda/voting/fold';
import type {
  Ballot, Ballots, Creation, LaneKey, PollKey, PollRecord, Polls, PutResult, Repeatable, StoredBallot, Tallies,
} from '../../../lambda/voting/ports';

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

export interface LaneChange extends BallotChange, LaneKey {}

/** The ballots' part of the table, with its stream. */
export class FakeBallots implements Ballots {
  readonly ballots = new Map<string, StoredBallot & LaneKey>();
  readonly stream: LaneChange[] = [];
  /** Thrown by the next put. */
  failure?: Error;

  async put({ pollId, lane, voter, optionId, acceptedAt, revote }: Ballot): Promise<PutResult> {
    if (this.failure !== undefined) throw this.failure;
    const key = `${pollId} ${lane} ${voter}`;
    const before = this.ballots.get(key);
    if (before !== undefined && !(revote && before.acceptedAt < acceptedAt)) return { written: false, standing: before };
    this.ballots.set(key, { optionId, acceptedAt, pollId, lane });
    const recordId = `4${String(this.stream.length).padStart(20, '0')}`;
    this.stream.push({ recordId, sequence: recordId.padStart(40, '0'), pollId, lane, before: before?.optionId, after: optionId });
    return { written: true, before };
  }
}

interface TallyItem {
  readonly lane: LaneKey;
  readonly counts: Record<string, number>;
  mark: string;
  version: number;
}

/** The tallies' part of the table. */
export class FakeTallies implements Tallies {
  readonly items = new Map<string, TallyItem>();
  writes = 0;

  async add(lane: LaneKey, fold: Fold): Promise<string | undefined> {
    this.writes += 1;
    return this.write(lane, fold);
  }

  async ofPoll(pollId: string) {
    return [...this.items.values()].filter(({ lane }) => lane.pollId === pollId);
  }

  /** The counts of all lanes together, without zeros. */
  sum(): Record<string, number> {
    const sums: Record<string, number> = {};
    for (const { counts } of this.items.values()) {
      for (const [option, count] of Object.entries(counts)) sums[option] = (sums[option] ?? 0) + count;
    }
    return Object.fromEntries(Object.entries(sums).filter(([, count]) => count !== 0));
  }

  version(): number {
    return [...this.items.values()].reduce((sum, { version }) => sum + version, 0);
  }

  protected write(lane: LaneKey, { first, last, deltas }: Fold): string | undefined {
    const key = `${lane.pollId} ${lane.lane}`;
    const item = this.items.get(key) ?? { lane, counts: {}, mark: NO_MARK, version: 0 };
    if (item.mark >= first) return item.mark;
    for (const [option, delta] of deltas) item.counts[option] = (item.counts[option] ?? 0) + delta;
    item.mark = last;
    item.version += 1;
    this.items.set(key, item);
    return undefined;
  }
}
