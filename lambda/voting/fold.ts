/** One change of a ballot: which option it counted for before, and which one after. */
export interface BallotChange {
  /** The stream's own name of the record. */
  readonly recordId: string;
  /** Compares as a string; rises from change to change within a lane. */
  readonly sequence: string;
  readonly before?: string;
  readonly after?: string;
}

/** Many changes of one lane as one. */
export interface Fold {
  readonly first: string;
  readonly last: string;
  /** By option id; never 0. */
  readonly deltas: ReadonlyMap<string, number>;
  readonly changes: number;
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
  let counted = 0;
  for (const { sequence, before, after } of changes) {
    if (sequence <= last) continue;
    first ??= sequence;
    last = sequence;
    counted += 1;
    if (before === after) continue;
    if (before !== undefined) add(deltas, before, -1);
    if (after !== undefined) add(deltas, after, 1);
  }
  return first === undefined ? undefined : { first, last, deltas, changes: counted };
}

function add(deltas: Map<string, number>, option: string, one: 1 | -1): void {
  const sum = (deltas.get(option) ?? 0) + one;
  if (sum === 0) deltas.delete(option);
  else deltas.set(option, sum);
}
