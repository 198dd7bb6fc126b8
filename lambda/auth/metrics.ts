import { AuthMetrics } from '../../src/auth/contract';

/**
 * The fields that make a line of the log one count of a metric, too (CloudWatch's embedded metric format): no call, no permission.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function countOf(metric: string, now: number, userPoolId: string): Record<string, unknown> {
  const { NAMESPACE, USER_POOL_DIMENSION } = AuthMetrics;
  return {
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [{ Namespace: NAMESPACE, Dimensions: [[USER_POOL_DIMENSION]], Metrics: [{ Name: metric, Unit: 'Count' }] }],
    },
    [USER_POOL_DIMENSION]: userPoolId,
    [metric]: 1,
  };
}
