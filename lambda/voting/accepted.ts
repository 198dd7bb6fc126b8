import { VotingMetrics } from '../../src/voting/contract';
import type { Clock, Log } from '../shared/api';
import { countMetric } from './metrics';
import type { BallotBox } from './ports';

/** One log line per instance and interval: log lines cost money, and the alarm asks only whether any vote was accepted. */
const REPORT_EVERY_MS = 10_000;

export interface ReportingOptions {
  readonly log: Log;
  readonly clock: Clock;
  readonly tableName: string;
}

/**
 * A box that reports accepted ballots as a metric, so that an alarm rings when votes are accepted and none is counted. A repeated
 * vote that writes nothing is not reported: the counter never sees it. Every report comes with an accepted vote.
 */
export function reportingBox(box: BallotBox, { log, clock, tableName }: ReportingOptions): BallotBox {
  let unreported = 0;
  let nextReportAt = Number.NEGATIVE_INFINITY;
  return {
    async cast(ballot) {
      const result = await box.cast(ballot);
      if (result.outcome === 'refused' || (result.outcome === 'standing' && !ballot.revote)) return result;
      unreported += 1;
      const now = clock();
      if (now >= nextReportAt) {
        log.info('Ballots accepted', countMetric(VotingMetrics.BALLOTS_ACCEPTED, unreported, { now, tableName }));
        unreported = 0;
        nextReportAt = now + REPORT_EVERY_MS;
      }
      return result;
    },
  };
}
