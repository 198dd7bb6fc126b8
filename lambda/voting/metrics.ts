import { VotingMetrics } from '../../src/voting/contract';
import { embeddedMetrics } from '../shared/embedded-metrics';

const { BALLOTS_ACCEPTED, BALLOTS_COUNTED, BALLOTS_AWAITING_RECOUNT, CHECKPOINT_VIOLATIONS } = VotingMetrics;
type MetricName = typeof BALLOTS_ACCEPTED | typeof BALLOTS_COUNTED | typeof BALLOTS_AWAITING_RECOUNT | typeof CHECKPOINT_VIOLATIONS;

interface MetricContext {
  readonly now: number;
  readonly tableName: string;
}

/** The fields that make a line of the log one metric of the pipeline. */
export function countMetric(name: MetricName, count: number, context: MetricContext): Record<string, unknown> {
  return countMetrics({ [name]: count }, context);
}

function countMetrics(counts: Partial<Record<MetricName, number>>, { now, tableName }: MetricContext): Record<string, unknown> {
  const { NAMESPACE, TABLE_DIMENSION } = VotingMetrics;
  return embeddedMetrics(counts, { namespace: NAMESPACE, dimension: [TABLE_DIMENSION, tableName], now });
}

/** What became of a batch, in changes of ballots. */
export interface BatchCounts {
  readonly counted: number;
  /** Changes that wait for a recount. */
  readonly uncounted: number;
  /** Records that break the order which counting rests on. */
  readonly violations: number;
}

/** The metrics of one batch. What is only there when something is wrong is a metric only then: it costs nothing otherwise. */
export function batchMetrics({ counted, uncounted, violations }: BatchCounts, context: MetricContext): Record<string, unknown> {
  // The alarm watches one metric: a marker that breaks the order leaves no ballot uncounted, and must ring it as well.
  const awaiting = Math.max(uncounted, violations);
  return countMetrics({
    [BALLOTS_COUNTED]: counted,
    ...(awaiting === 0 ? {} : { [BALLOTS_AWAITING_RECOUNT]: awaiting }),
    ...(violations === 0 ? {} : { [CHECKPOINT_VIOLATIONS]: violations }),
  }, context);
}
