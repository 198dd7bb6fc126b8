import { OpsError } from '../errors';
import type { RecordFile, StoredItem } from '../ports';
import { COPIED, type Kind } from './kinds';

export type Counts = Partial<Record<Kind | 'written', number>>;

interface KnownPoll {
  readonly roomId: string;
  readonly pollId: string;
}

export interface Advance {
  /** Where the segment's next page begins; undefined at its end. */
  readonly next?: StoredItem;
  readonly counts: Counts;
  readonly polls: readonly KnownPoll[];
  /** The polls of the ballots of the page. */
  readonly voted: readonly string[];
}

/** What a run of a restore is of: one record file belongs to one. */
export interface RestoreName {
  readonly service: string;
  readonly from: string;
  readonly to: string;
  readonly segments: number;
}

interface Line extends Partial<Advance>, Partial<RestoreName> {
  readonly event?: string;
  readonly segment?: number;
  readonly pollId?: string;
}

/** How far a restore has come: kept line by line in its record file, so that the same command goes on where it was stopped. */
export class Progress {
  /** Reads what earlier runs have done; begins the record if there is none. Without a record nothing is kept: a dry run. */
  static async of(name: RestoreName, record?: RecordFile): Promise<Progress> {
    const progress = new Progress(name, record);
    const lines = (await record?.read() ?? []) as Line[];
    const begun = lines.find(({ event }) => event === 'restore');
    if (lines.length > 0 && (begun?.service !== name.service || begun.from !== name.from || begun.to !== name.to)) {
      throw new OpsError(`The record ${record!.path} is of something else.`, 'Name another file with --record; one restore has one record.');
    }
    if (begun === undefined) await record?.append([{ event: 'restore', ...name }]);
    else progress.split(begun.segments!);
    for (const line of lines) progress.apply(line);
    return progress;
  }

  readonly counts: Record<Kind | 'written', number> = { poll: 0, ballot: 0, item: 0, tally: 0, marker: 0, expired: 0, written: 0 };
  private readonly rooms = new Map<string, string>();
  private readonly voted = new Set<string>();
  private readonly proven = new Set<string>();
  private readonly positions = new Map<number, StoredItem | undefined>();
  private readonly done = new Set<number>();
  private total: number;

  private constructor(name: RestoreName, private readonly record?: RecordFile) {
    this.total = name.segments;
  }

  get segments(): number[] {
    return Array.from({ length: this.total }, (_, segment) => segment);
  }

  /** Whether an earlier run has come this far. */
  get resumed(): boolean {
    return this.positions.size > 0 || this.done.size > 0;
  }

  /** The polls that have ballots and are not proven equal to them yet. Their room is undefined if the source has no such poll. */
  get open(): Array<{ readonly pollId: string; readonly roomId?: string }> {
    return [...this.voted].filter((pollId) => !this.proven.has(pollId)).map((pollId) => ({ pollId, roomId: this.rooms.get(pollId) }));
  }

  isDone(segment: number): boolean {
    return this.done.has(segment);
  }

  positionOf(segment: number): StoredItem | undefined {
    return this.positions.get(segment);
  }

  async advance(segment: number, advance: Advance): Promise<void> {
    const line = { event: 'page', segment, ...advance };
    await this.record?.append([line]);
    this.apply(line);
  }

  async prove(pollId: string): Promise<void> {
    await this.record?.append([{ event: 'recounted', pollId }]);
    this.proven.add(pollId);
  }

  line(): string {
    const { written } = this.counts;
    const copied = COPIED.reduce((sum, kind) => sum + this.counts[kind], 0);
    return `${copied.toLocaleString('en-US')} items read, ${written.toLocaleString('en-US')} copied; ${this.done.size} of ${this.total} segments done`;
  }

  /** A table is read in as many segments as when it was begun: their positions hold for no other number. */
  private split(segments: number): void {
    this.total = segments;
  }

  private apply({ event, segment, next, counts = {}, polls = [], voted = [], pollId }: Line): void {
    if (event === 'recounted' && pollId !== undefined) this.proven.add(pollId);
    if (event !== 'page' || segment === undefined) return;
    for (const [kind, number] of Object.entries(counts)) this.counts[kind as Kind] += number;
    for (const poll of polls) this.rooms.set(poll.pollId, poll.roomId);
    for (const poll of voted) this.voted.add(poll);
    if (next === undefined) this.done.add(segment);
    else this.positions.set(segment, next);
  }
}
