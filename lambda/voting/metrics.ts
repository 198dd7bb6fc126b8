import { VotingMetrics } from '../../src/voting/contract';

type MetricName = typeof VotingMetrics.BALLOTS_ACCEPTED | typeof VotingMetrics.BALLOTS_COUNTED;

interface MetricContext {
  readonly now: number;
  readonly tableName: string;
}

/** The fields that make a line of the log a metric, too (CloudWatch's embedded metric format): no call, no permission. */
export function countMetric(name: MetricName, count: number, { now, tableName }: MetricContext): Record<string, unknown> {
  const { NAMESPACE, TABLE_DIMENSION } = VotingMetrics;
  return {
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [{ Namespace: NAMESPACE, Dimensions: [[TABLE_DIMENSION]], Metrics: [{ Name: name, Unit: 'Count' }] }],
    },
    [TABLE_DIMENSION]: tableName,
    [name]: count,
  };
}
