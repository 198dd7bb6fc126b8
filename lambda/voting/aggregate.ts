import { eachOf } from './concurrency';
import type { BallotChange } from './fold';
import { countedMetric } from './metrics';
import type { LaneKey, Tallies } from './ports';
import { countLane } from './tally';
import type { Clock, Log } from '../shared/api';

/** Lanes that are written at once: enough for a poll of the default number of lanes to need one round trip. */
const CONCURRENCY = 16;

/** What one batch of the stream holds of one lane, in the stream's order. */
export interface LaneBatch {
  /** Undefined where not even the lane can be read; then there are no changes either. */
  readonly lane: LaneKey | undefined;
  readonly changes: readonly BallotChange[];
  /** The first record that cannot be read. The changes end before it. */
  readonly poison?: RecordRef;
}

export type RecordRef = Pick<BallotChange, 'recordId' | 'sequence'>;

export interface AggregateDependencies {
  readonly tallies: Pick<Tallies, 'add'>;
  readonly log: Log;
  readonly clock: Clock;
  readonly tableName: string;
}

/**
 * Counts a batch, every lane by itself, and names the record from which the stream must deliver again: the lowest that
 * failed. What comes again with it was partly counted, in this lane or in others; the marks make that harmless.
 *
 * A record that cannot be read stops its lane in this invocation: a later one that was counted would move the mark beyond it.
 * Other lanes go on. After its last retry the stream gives up on the failed record, or on all of the batch from there on,
 * and names the range in the dead-letter queue. Of other lanes nothing is lost by that, they were counted each time. The
 * failed lane goes on with the next batch, and its mark moves beyond what was given up. So to send that to the function again
 * counts nothing, and must not: the lane needs a recount from its ballots, which are all there.
 */
export function aggregate({ tallies, log, clock, tableName }: AggregateDependencies) {
  return async (batches: readonly LaneBatch[]): Promise<RecordRef | undefined> => {
    let counted = 0;
    let lowest: RecordRef | undefined;
    const fail = (record: RecordRef, about: Record<string, unknown>) => {
      log.error('Ballots not counted', { ...about, record: record.recordId });
      if (lowest === undefined || record.sequence < lowest.sequence) lowest = record;
    };
    await eachOf(batches, CONCURRENCY, async ({ lane, changes, poison }) => {
      try {
        const added = lane === undefined ? 0 : await countLane(tallies, lane, changes);
        counted += added;
      } catch (error) {
        fail(changes[0], { ...lane, error });
        return;
      }
      if (poison !== undefined) fail(poison, { ...lane, reason: 'The record cannot be read' });
    });
    log.info('Ballots counted', { lanes: batches.length, ...countedMetric(counted, { now: clock(), tableName }) });
    return lowest;
  };
}
