import { type Duration, Tokenization } from 'aws-cdk-lib';
import { AlarmSeverity } from '../../monitoring';
import { type AlarmContext, durationInWords, metricAlarm, sumAlarm, summand } from '../../private/alarms';
import type { ServerlessApi } from '../serverless-api';

/** Below this many in a minute, single failures are no reason to wake somebody. */
const LEAST_ERRORS = 5;

/** Alarms on what the callers of an API feel: the share of server errors, and the slowest twentieth. */
export function apiAlarms(api: ServerlessApi, context: AlarmContext, latency: Duration, errorPercentage: number): void {
  sumAlarm(api, 'ServerErrors', context, {
    metrics: () => [
      summand('errors', api.metricServerErrors({ statistic: 'Sum' })),
      summand('requests', api.metricCount({ statistic: 'Sum' })),
    ],
    severity: AlarmSeverity.PAGE,
    runbook: 'api-server-errors',
    watches: `More than ${Tokenization.stringifyNumber(errorPercentage)} % 5xx from ${api.node.path}`,
    threshold: errorPercentage,
    datapoints: 2,
  }, `IF(errors >= ${LEAST_ERRORS}, 100 * errors / requests, 0)`);
  metricAlarm(api, 'Latency', context, {
    metric: api.metricLatency({ statistic: 'p95' }),
    severity: AlarmSeverity.TICKET,
    runbook: 'api-latency',
    watches: `p95 of ${api.node.path} above ${durationInWords(latency)}`,
    threshold: latency.toMilliseconds(),
    datapoints: 3,
  });
}
