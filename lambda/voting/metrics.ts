import { VotingMetrics } from '../../src/voting/contract';

/** The fields that make a line of the log a metric, too (CloudWatch's embedded metric format): no call, no permission. */
export function countedMetric(count: number, { now, tableName }: { readonly now: number; readonly tableName: string }): Record<string, unknown> {
  const { NAMESPACE, BALLOTS_COUNTED, TABLE_DIMENSION } = VotingMetrics;
  return {
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [{ Namespace: NAMESPACE, Dimensions: [[TABLE_DIMENSION]], Metrics: [{ Name: BALLOTS_COUNTED, Unit: 'Count' }] }],
    },
    [TABLE_DIMENSION]: tableName,
    [BALLOTS_COUNTED]: count,
  };
}
