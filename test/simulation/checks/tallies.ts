import { isBallotPartition, isMarker } from '../../../lambda/voting/adapters/items';
import type { Stream, StreamRecord } from '../services/stream/stream';
import type { Violations } from './history';
import { BALLOTS, type Counts, type Watch } from './watch';

/** What the dead letters name: single records, and ranges that the stream gave up. */
export interface DeadRecords {
  /** By partition and sequence number: two shards may use the same one. */
  readonly buried: ReadonlySet<string>;
  readonly givenUp: ReadonlyArray<readonly StreamRecord[]>;
  /** Whether what was given up, or waits for it, has been counted again from the ballots. */
  readonly recounted: boolean;
  /** Whether votes may stand of which no stream tells. */
  readonly unseen: boolean;
  /** Whether an operator was told that the poll of the lane has to be counted again. */
  readonly asked: (lane: string) => boolean;
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
function byLane(streams: readonly Stream[]): Map<string, StreamRecord[]> {
  const lanes = new Map<string, StreamRecord[]>();
  for (const { records } of streams.flatMap(({ shards }) => shards)) {
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
 * Every lane's tally is the sum of its ballots, except of what the dead letters name: that and what was counted make up what was
 * accepted. Of a range that the stream gave up, a lane may lack what comes from some record on. A lane that waits for a recount may
 * lack anything, as long as a dead letter says so; and where votes may stand of which no stream tells, the runbook asks for recounts.
 */
export function checkTallies(
  streams: readonly Stream[], { buried, givenUp, recounted, unseen, asked }: DeadRecords, watch: Watch, violations: Violations,
): void {
  for (const [lane, records] of byLane(streams)) {
    const expected = watch.expectedOf(lane);
    const counted = watch.tallyOf(lane);
    const missing = givenUp.map((range) => range.filter(({ partition }) => partition === lane)).filter((range) => range.length > 0);
    for (const record of records) {
      const dead = buried.has(`${lane} ${record.sequence}`);
      const named = dead || missing.some((range) => range.includes(record));
      // Of a stream that was replaced, and before a break of the order, a record may be covered by the recount that followed.
      const covered = streams.length > 1 || streams.some(({ broken }) => broken);
      if (!readable(record) && !named && !covered) violations.add('lost', `Record ${record.sequence} of ${lane} can neither be read nor is it in the dead letters`);
      if (readable(record) && dead && !covered) violations.add('lost', `Record ${record.sequence} of ${lane} can be read and was buried`);
    }
    const waits = watch.waits(lane);
    // A marker that comes late, of a recount that was killed, may leave a lane waiting whose counts are right: its next ballot is reported.
    if (recounted && waits === 'reported') violations.add('lost', `${lane} is not counted on after a recount`);
    if (!recounted && (unseen || (waits !== 'counting' && asked(lane)))) continue;
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
