import type { DeadBallot } from '../../src/voting/contract';
import { splitChoice } from './choice';

/** One change in a lane: of a ballot (what it chose before, and what after), a marker that comes by, or one that cannot be read. */
export interface BallotChange {
  /** The stream's own name of the record. */
  readonly recordId: string;
  /** Compares as a string; rises from change to change within a lane. */
  readonly sequence: string;
  readonly before?: string;
  readonly after?: string;
  /** The name of the marker; empty where one was taken away. */
  readonly marker?: string;
  readonly dead?: DeadBallot;
}

/** Many changes of one lane as one. */
export interface Fold {
  readonly first: string;
  readonly last: string;
  /** By option id; never 0. */
  readonly deltas: ReadonlyMap<string, number>;
  /** How many ballots more there are. */
  readonly ballots: number;
  /** Changes of ballots, also of those that cannot be read: a marker is none. */
  readonly changes: number;
  /** The last marker that came by. */
  readonly marker?: string;
}

/** Below every sequence: the mark of a lane where nothing was counted. */
export const NO_MARK = '';

/**
 * The sum of the changes above the mark, or undefined where there is none: one pass, and memory for the poll's options only.
 *
 * What is not above the one before it is a repetition. That holds because the changes of one lane come in order, which
 * takes two things beyond DynamoDB Streams' order within a partition key:
 * - The table has a local secondary index. Without one DynamoDB may split a large partition key by its sort key over
 *   several partitions, and then the records of one lane come from several shards.
 * - The stream's mapping has a parallelization factor of 1. With a higher one Lambda keeps the order of one item (partition
 *   and sort key) only, and a lane is many items.
 */
export function fold(changes: readonly BallotChange[], mark: string): Fold | undefined {
  const deltas = new Map<string, number>();
  let first: string | undefined;
  let last = mark;
  let ballots = 0;
  let counted = 0;
  let seen: string | undefined;
  for (const { sequence, before, after, marker } of changes) {
    if (sequence <= last) continue;
    first ??= sequence;
    last = sequence;
    if (marker !== undefined) {
      if (marker !== '') seen = marker;
      continue;
    }
    counted += 1;
    if (before === after) continue;
    ballots += Number(after !== undefined) - Number(before !== undefined);
    add(deltas, before, -1);
    add(deltas, after, 1);
  }
  return first === undefined ? undefined : { first, last, deltas, ballots, changes: counted, ...(seen === undefined ? {} : { marker: seen }) };
}

/** Every option of the choice, one more or less. What was chosen before and after as well cancels out. */
function add(deltas: Map<string, number>, choice: string | undefined, one: 1 | -1): void {
  for (const option of choice === undefined ? [] : splitChoice(choice)) {
    const sum = (deltas.get(option) ?? 0) + one;
    if (sum === 0) deltas.delete(option);
    else deltas.set(option, sum);
  }
}
