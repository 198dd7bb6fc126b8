import { Duration } from 'aws-cdk-lib';
import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { AlarmSeverity } from '../../monitoring';
import { type AlarmContext, metricAlarm, sumAlarm, summand } from '../../private/alarms';
import { VotingMetrics } from '../contract';

/** A count that the pipeline's functions report in their logs, for one table. */
export function ballotMetric(metricName: string, tableName: string, options?: MetricOptions): Metric {
  const { NAMESPACE: namespace, TABLE_DIMENSION } = VotingMetrics;
  return new Metric({ namespace, metricName, dimensionsMap: { [TABLE_DIMENSION]: tableName }, statistic: 'Sum', ...options });
}

const STALL_PERIOD = Duration.minutes(5);
/** An hour of periods. A single vote at the end of a period is counted in the next one: one or two such periods mean nothing. */
const STALL_PERIODS = 12;
const STALLED_PERIODS = 3;

export interface PipelineAlarmsProps {
  readonly context: AlarmContext;
  readonly tableName: string;
  /** The functions that no endpoint owns: at most five, because CloudWatch sums ten metrics. */
  readonly functions: readonly IFunction[];
}

/** Alarms on what the metrics of no single part show: functions that fail without a caller, counting that has stopped, and ballots that a recount has to count. */
export function pipelineAlarms(scope: Construct, { context, tableName, functions }: PipelineAlarmsProps): void {
  sumAlarm(scope, 'FunctionFailures', context, {
    metrics: () => functions.flatMap((fn, index) => [
      summand(`e${index}`, fn.metricErrors({ statistic: 'Sum' })),
      summand(`t${index}`, fn.metricThrottles({ statistic: 'Sum' })),
    ]),
    severity: AlarmSeverity.PAGE,
    runbook: 'voting-functions',
    watches: `Failing functions of ${scope.node.path}`,
    threshold: 0,
    datapoints: 2,
  });
  metricAlarm(scope, 'AwaitingRecount', context, {
    metric: ballotMetric(VotingMetrics.BALLOTS_AWAITING_RECOUNT, tableName),
    severity: AlarmSeverity.PAGE,
    runbook: 'voting-awaiting-recount',
    watches: `Ballots wait for a recount in ${scope.node.path}`,
    threshold: 0,
  });
  // 1 in a period in which ballots were accepted and none was counted. A missing value counts as 0 in the subtraction, so the
  // alarm rings when the counter reports nothing at all (CloudWatch User Guide, "Using math expressions": basic arithmetic functions).
  sumAlarm(scope, 'NotCounted', context, {
    metrics: () => [
      summand('accepted', ballotMetric(VotingMetrics.BALLOTS_ACCEPTED, tableName), STALL_PERIOD),
      summand('counted', ballotMetric(VotingMetrics.BALLOTS_COUNTED, tableName), STALL_PERIOD),
    ],
    severity: AlarmSeverity.PAGE,
    runbook: 'voting-not-counted',
    watches: `Votes accepted, none counted in ${scope.node.path}`,
    threshold: 0,
    evaluationPeriods: STALL_PERIODS,
    datapoints: STALLED_PERIODS,
  }, 'IF(accepted > 0, 1, 0) - IF(counted > 0, 1, 0)');
}
