import type { Clock, Log } from '../shared/api';
import type { WaitReason } from './checkpoint';
import { eachOf } from './concurrency';
import type { BallotChange } from './fold';
import { tallyOf } from './lane';
import { batchMetrics } from './metrics';
import type { DeadLetters, LaneKey, Tallies } from './ports';
import { countLanes, type LanesBatch } from './tally';
import { buryUncounted } from './unreadable';

/** Tally items that are written at once: enough for a poll of `MAX_LANES` lanes to need one round trip. */
const CONCURRENCY = 16;

/** What one batch of the stream holds of one lane, in the stream's order. */
export interface LaneBatch {
  /** Undefined where not even the lane can be read; then none of the changes can. */
  readonly lane: LaneKey | undefined;
  /** The stream that the changes come from, by the moment at which it was requested: see `Source`. */
  readonly stream: number;
  readonly changes: readonly BallotChange[];
}

export type RecordRef = Pick<BallotChange, 'recordId' | 'index'>;

export interface AggregateDependencies {
  readonly tallies: Pick<Tallies, 'add' | 'ofLane'>;
  readonly deadLetters: DeadLetters;
  readonly log: Log;
  readonly clock: Clock;
  readonly tableName: string;
}

/**
 * Counts a batch, the lanes of a tally item by one write, and names the record from which the stream must deliver again: the
 * first that failed. What comes again with it was partly counted, in this lane or in others; the checkpoints make that harmless.
 *
 * A change that cannot be read goes to the dead letters, and then its lane goes on: it holds nobody up, and takes nothing with it.
 * Where the dead letters do not take it, its lane stops before it in this invocation: a later change that was counted would
 * move the checkpoint beyond it.
 *
 * A lane whose tally has no base to count on from (see `advance`) is processed all the same, without its counts: a dead letter asks
 * for a recount of its poll, which sets them. Its `version` rises with every change meanwhile, by which the recount knows.
 */
export function aggregate({ tallies, deadLetters, log, clock, tableName }: AggregateDependencies) {
  return async (batches: readonly LaneBatch[]): Promise<RecordRef | undefined> => {
    let counted = 0;
    let uncounted = 0;
    let violations = 0;
    let first: RecordRef | undefined;
    const fail = (record: RecordRef, about: Record<string, unknown>) => {
      log.error('Ballots not counted', { ...about, record: record.recordId });
      if (first === undefined || record.index < first.index) first = record;
    };
    const bury = async (change: BallotChange) => {
      await deadLetters.bury(change.dead!);
      log.error('A change of a ballot cannot be read and went to the dead letters', { ...change.dead!.lane, record: change.recordId, reason: change.dead!.reason });
    };

    /** By poll and tally item, what of each lane may be counted. */
    const items = new Map<string, LanesBatch & { readonly lanes: Map<number, readonly BallotChange[]> }>();
    await eachOf(batches, CONCURRENCY, async ({ lane: key, stream, changes }) => {
      if (key === undefined) return;
      const { pollId, lane } = key;
      const { rest, error } = await buryUncounted({ tallies, bury }, { lane: key, stream, changes })
        .catch((failure) => ({ rest: changes, error: failure }));
      if (rest.length > 0) fail(rest[0], { ...key, error });
      if (rest.length === changes.length) return;
      const name = `${stream} ${pollId} ${tallyOf(lane)}`;
      const { lanes } = items.get(name) ?? { lanes: new Map() };
      items.set(name, { pollId, stream, lanes: lanes.set(lane, changes.slice(0, changes.length - rest.length)) });
    });
    const report = reportOnce(deadLetters, log);
    await eachOf([...items.values()], CONCURRENCY, async (item) => {
      const { pollId, lanes } = item;
      const { failed, ...done } = await countLanes({
        tallies,
        report: (lane, { uncounted: [change], waits }) => report({ pollId, lane }, change, waits),
      }, item);
      counted += done.changes;
      uncounted += done.uncounted;
      violations += done.waits.filter((reason) => reason === 'order-broken').length;
      for (const [lane, error] of failed) fail(lanes.get(lane)![0], { pollId, lane, error });
    });

    // No checkpoint tells which of these were buried before. So they wait for what will not come again with them.
    for (const change of batches.flatMap(({ lane, changes }) => (lane === undefined ? changes : []))) {
      if (first !== undefined && change.index >= first.index) continue;
      await bury(change).catch((error) => {
        // Without a place in the order it cannot be named: then all must come again.
        if (change.sequence === '') throw error;
        fail(change, { error });
      });
    }
    log.info('Ballots counted', { lanes: batches.length, ...batchMetrics({ counted, uncounted, violations }, { now: clock(), tableName }) });
    return first;
  };
}

/** Asks for a recount by a dead letter, once a poll and batch: a recount is of the whole poll. */
function reportOnce(deadLetters: DeadLetters, log: Log) {
  const asked = new Map<string, Promise<void>>();
  return (lane: LaneKey, change: BallotChange, waits: readonly WaitReason[]): Promise<void> => {
    const { pollId } = lane;
    const asking = asked.get(pollId) ?? askForRecount(deadLetters, log, lane, change, waits.at(-1) ?? 'stream-replaced');
    asked.set(pollId, asking);
    return asking;
  };
}

const REASONS: Readonly<Record<WaitReason, string>> = {
  'stream-replaced': 'Its tally was counted from another stream of the table: a recount has to set its counts before it is counted on',
  'order-broken': 'A sequence number of the stream did not rise: a recount has to set its counts before it is counted on',
};

async function askForRecount(deadLetters: DeadLetters, log: Log, lane: LaneKey, { recordId }: BallotChange, why: WaitReason): Promise<void> {
  await deadLetters.bury({ v: 1, kind: 'ballot', lane, keys: {}, sequence: recordId, reason: REASONS[why] });
  log.error('A lane is not counted until its poll was recounted', { ...lane, record: recordId, why });
}
