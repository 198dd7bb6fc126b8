import { AuthMetrics } from '../../src/auth/contract';
import { embeddedMetrics } from '../shared/embedded-metrics';

/** The fields that make a line of the log one count of a metric of the user pool. */
export function countOf(metric: string, now: number, userPoolId: string): Record<string, unknown> {
  const { NAMESPACE, USER_POOL_DIMENSION } = AuthMetrics;
  return embeddedMetrics({ [metric]: 1 }, { namespace: NAMESPACE, dimension: [USER_POOL_DIMENSION, userPoolId], now });
}
