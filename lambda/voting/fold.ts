import type { DeadBallot } from '../../src/voting/contract';
import { advance, type Checkpoint, NO_SEQUENCE, type Position, type Source, type WaitReason } from './checkpoint';
import { splitChoice } from './choice';

/** One change in a lane: of a ballot (what it chose before, and what after), a marker that comes by, or one that cannot be read. */
export interface BallotChange extends Position {
  /** The stream's own name of the record. */
  readonly recordId: string;
  /** Its place in the batch in which it came. */
  readonly index: number;
  readonly before?: string;
  readonly after?: string;
  /** The name of the marker; empty where one was taken away. */
  readonly marker?: string;
  readonly dead?: DeadBallot;
}

/**
 * What has to stand in a tally for a fold to be added: a checkpoint of the stream below the fold's first change, or none where the
 * stream has the poll's whole history; or exactly the checkpoint that the fold was made from (undefined: none).
 */
export type Onto = { readonly below: string; readonly source: Source } | { readonly exactly: Checkpoint | undefined };

/** Many changes of one lane as one. */
export interface Fold {
  readonly onto: Onto;
  /** The checkpoint after the last change. */
  readonly checkpoint: Checkpoint;
  /** By option id; never 0. */
  readonly deltas: ReadonlyMap<string, number>;
  /** How many ballots more there are. */
  readonly ballots: number;
  /** Changes of ballots, also of those that cannot be read or wait for a recount: a marker is none. */
  readonly changes: number;
  /** The changes among them that a recount has to count. */
  readonly uncounted: readonly BallotChange[];
  /** What has made the lane wait for a recount, once for each such record. */
  readonly waits: readonly WaitReason[];
  /** The last marker that came by. */
  readonly marker?: string;
}

/** A tally whose checkpoint was not read: mostly all of a batch is above it. */
export const NOT_READ = Symbol('not read');
export type Standing = Checkpoint | undefined | typeof NOT_READ;

/**
 * The sum of the changes that were not processed yet, or undefined where there is none: one pass, and memory for the poll's
 * options and for what a recount has to count.
 *
 * What is not above the one before it is a repetition (or breaks the order: see `advance`). That holds because the changes of one
 * lane come in order, which takes two things beyond DynamoDB Streams' order within a partition key:
 * - The table has a local secondary index. Without one DynamoDB may split a large partition key by its sort key over
 *   several partitions, and then the records of one lane come from several shards.
 * - The stream's mapping has a parallelization factor of 1. With a higher one Lambda keeps the order of one item (partition
 *   and sort key) only, and a lane is many items.
 */
export function fold(changes: readonly BallotChange[], standing: Standing, source: Source): Fold | undefined {
  const deltas = new Map<string, number>();
  const uncounted: BallotChange[] = [];
  const waits: WaitReason[] = [];
  let at: Checkpoint | undefined = standing === NOT_READ ? { state: 'counting', stream: source.stream, sequence: NO_SEQUENCE } : standing;
  let first: string | undefined;
  let learned = false;
  let ballots = 0;
  let counted = 0;
  let seen: string | undefined;
  for (const change of changes) {
    const step = advance(at, change, source);
    if (step.kind === 'repeated') {
      learned ||= step.at !== at;
      ({ at } = step);
      continue;
    }
    ({ at } = step);
    first ??= change.sequence;
    if (step.kind === 'uncounted' && step.reason !== undefined) waits.push(step.reason);
    const { before, after, marker } = change;
    if (marker !== undefined) {
      if (marker !== '') seen = marker;
      continue;
    }
    counted += 1;
    if (step.kind === 'uncounted') {
      uncounted.push(change);
      continue;
    }
    if (before === after) continue;
    ballots += Number(after !== undefined) - Number(before !== undefined);
    add(deltas, before, -1);
    add(deltas, after, 1);
  }
  if (first === undefined && !learned) return undefined;
  const onto = standing === NOT_READ ? { below: first!, source } : { exactly: standing };
  return { onto, checkpoint: at!, deltas, ballots, changes: counted, uncounted, waits, ...(seen === undefined ? {} : { marker: seen }) };
}

/** Every option of the choice, one more or less. What was chosen before and after as well cancels out. */
function add(deltas: Map<string, number>, choice: string | undefined, one: 1 | -1): void {
  for (const option of choice === undefined ? [] : splitChoice(choice)) {
    const sum = (deltas.get(option) ?? 0) + one;
    if (sum === 0) deltas.delete(option);
    else deltas.set(option, sum);
  }
}
