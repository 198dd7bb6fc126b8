import { isBallotPartition, isMarker } from '../../../lambda/voting/adapters/items';
import type { Stream, StreamRecord } from '../services/stream/stream';
import type { Violations } from './history';
import { BALLOTS, type Counts } from './watch';

/** What the dead letters name: single records, and ranges that the stream gave up. */
export interface DeadRecords {
  /** By partition and sequence number: two shards may use the same one. */
  readonly buried: ReadonlySet<string>;
  readonly givenUp: ReadonlyArray<readonly StreamRecord[]>;
  /** Whether what was given up has been counted again from the ballots. */
  readonly recounted: boolean;
}

const choiceOf = (image: { choice?: { S?: string } } | undefined) => image?.choice?.S;

/** Whether a record says how a ballot changed. What does not is no vote, and has to be named in the dead letters. */
function readable({ record: { dynamodb } }: StreamRecord): boolean {
  return isMarker(dynamodb?.Keys as Parameters<typeof isMarker>[0])
    || choiceOf(dynamodb?.OldImage) !== undefined || choiceOf(dynamodb?.NewImage) !== undefined;
}

function add(counts: Map<string, number>, records: readonly StreamRecord[], sign: 1 | -1): void {
  const count = (what: string, delta: number) => counts.set(what, (counts.get(what) ?? 0) + sign * delta);
  for (const { record: { dynamodb } } of records) {
    for (const [image, delta] of [[dynamodb?.OldImage, -1], [dynamodb?.NewImage, 1]] as const) {
      const choice = choiceOf(image);
      if (choice === undefined) continue;
      for (const what of [BALLOTS, ...choice.split(',')]) count(what, delta);
    }
  }
}

const nonZero = (counts: Counts) => new Map([...counts].filter(([, count]) => count !== 0));
const show = (counts: Counts) => JSON.stringify(Object.fromEntries([...nonZero(counts)].sort(([a], [b]) => (a < b ? -1 : 1))));
const equal = (a: Counts, b: Counts) => show(a) === show(b);

/** The records of every lane, in their order; parents come before their children. */
function byLane({ shards }: Stream): Map<string, StreamRecord[]> {
  const lanes = new Map<string, StreamRecord[]>();
  for (const { records } of shards) {
    for (const record of records) {
      if (!isBallotPartition(record.partition)) continue;
      const lane = lanes.get(record.partition) ?? [];
      lanes.set(record.partition, lane);
      lane.push(record);
    }
  }
  return lanes;
}

/**
 * Every lane's tally is the sum of its ballots' changes, except of what the dead letters name: that and what was counted make up
 * what was accepted. Of a range that the stream gave up, a lane may lack what comes from some record on.
 */
export function checkTallies(
  stream: Stream, { buried, givenUp, recounted }: DeadRecords, tallyOf: (lane: string) => Counts, violations: Violations,
): void {
  for (const [lane, records] of byLane(stream)) {
    const expected = new Map<string, number>();
    add(expected, records, 1);
    const counted = tallyOf(lane);
    const missing = givenUp.map((range) => range.filter(({ partition }) => partition === lane)).filter((range) => range.length > 0);
    for (const record of records) {
      const dead = buried.has(`${lane} ${record.sequence}`);
      const named = dead || missing.some((range) => range.includes(record));
      if (!readable(record) && !named) violations.add('lost', `Record ${record.sequence} of ${lane} can neither be read nor is it in the dead letters`);
      if (readable(record) && dead) violations.add('lost', `Record ${record.sequence} of ${lane} can be read and was buried`);
    }
    if (explained(expected, counted, recounted ? [] : missing)) continue;
    const difference = (counted.get(BALLOTS) ?? 0) - (expected.get(BALLOTS) ?? 0);
    const kind = difference === 0 ? 'wrong' : difference < 0 ? 'lost' : 'double';
    violations.add(kind, `${lane} is counted ${show(counted)}, its ballots are ${show(expected)}`, Math.max(1, Math.abs(difference)));
  }
}

function explained(expected: Counts, counted: Counts, missing: ReadonlyArray<readonly StreamRecord[]>): boolean {
  if (equal(expected, counted)) return true;
  const [range, ...rest] = missing;
  if (range === undefined) return false;
  return explained(expected, counted, rest) || range.some((_, from) => {
    const without = new Map(expected);
    add(without, range.slice(from), -1);
    return explained(without, counted, rest);
  });
}
