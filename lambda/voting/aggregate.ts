import { eachOf } from './concurrency';
import type { BallotChange } from './fold';
import { countedMetric } from './metrics';
import type { DeadLetters, LaneKey, Tallies } from './ports';
import { countLane } from './tally';
import { buryUncounted } from './unreadable';
import type { Clock, Log } from '../shared/api';

/** Lanes that are written at once: enough for a poll of the default number of lanes to need one round trip. */
const CONCURRENCY = 16;

/** What one batch of the stream holds of one lane, in the stream's order. */
export interface LaneBatch {
  /** Undefined where not even the lane can be read; then none of the changes can. */
  readonly lane: LaneKey | undefined;
  readonly changes: readonly BallotChange[];
}

export type RecordRef = Pick<BallotChange, 'recordId' | 'sequence'>;

export interface AggregateDependencies {
  readonly tallies: Pick<Tallies, 'add' | 'ofLane'>;
  readonly deadLetters: DeadLetters;
  readonly log: Log;
  readonly clock: Clock;
  readonly tableName: string;
}

/**
 * Counts a batch, every lane by itself, and names the record from which the stream must deliver again: the lowest that
 * failed. What comes again with it was partly counted, in this lane or in others; the marks make that harmless.
 *
 * A change that cannot be read goes to the dead letters, and then its lane goes on: it holds nobody up, and takes nothing with it.
 * Where the dead letters do not take it, its lane stops before it in this invocation: a later change that was counted would
 * move the mark beyond it.
 */
export function aggregate({ tallies, deadLetters, log, clock, tableName }: AggregateDependencies) {
  return async (batches: readonly LaneBatch[]): Promise<RecordRef | undefined> => {
    let counted = 0;
    let lowest: RecordRef | undefined;
    const fail = (record: RecordRef, about: Record<string, unknown>) => {
      log.error('Ballots not counted', { ...about, record: record.recordId });
      if (lowest === undefined || record.sequence < lowest.sequence) lowest = record;
    };
    const bury = async (change: BallotChange) => {
      await deadLetters.bury(change.dead!);
      log.error('A change of a ballot cannot be read and went to the dead letters', { ...change.dead!.lane, record: change.recordId, reason: change.dead!.reason });
    };

    await eachOf(batches, CONCURRENCY, async ({ lane, changes }) => {
      if (lane === undefined) return;
      try {
        const { rest, error } = await buryUncounted({ tallies, bury }, lane, changes);
        const added = await countLane(tallies, lane, changes.slice(0, changes.length - rest.length));
        counted += added;
        if (rest.length > 0) fail(rest[0], { ...lane, error });
      } catch (error) {
        fail(changes[0], { ...lane, error });
      }
    });

    // No mark tells which of these were buried before. So they wait for what will not come again with them.
    for (const change of batches.flatMap(({ lane, changes }) => (lane === undefined ? changes : []))) {
      if (lowest !== undefined && change.sequence >= lowest.sequence) continue;
      await bury(change).catch((error) => {
        // Without a place in the order it cannot be named: then all must come again.
        if (change.sequence === '') throw error;
        fail(change, { error });
      });
    }
    log.info('Ballots counted', { lanes: batches.length, ...countedMetric(counted, { now: clock(), tableName }) });
    return lowest;
  };
}
