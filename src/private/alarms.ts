import { Duration, type IResolvable, Lazy, Tokenization } from 'aws-cdk-lib';
import { CfnAlarm, type IMetric, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { type Construct } from 'constructs';
import { AlarmSeverity, type Monitoring } from '../monitoring';
import type { StagePreset } from '../stage';
import { useTopic } from './alarm-topic';
import { plainText } from './plain';
import { type RunbookKey, runbookLink } from './runbook';

/** Where an alarm belongs: who is told, and how urgently this stage takes it. */
export interface AlarmContext {
  readonly monitoring: Monitoring;
  readonly stage: StagePreset;
}

interface AlarmRule {
  readonly severity: AlarmSeverity;
  readonly runbook: RunbookKey;
  /** What it watches: with the link to the runbook, that is its description. */
  readonly watches: string;
  readonly threshold: number;
  /** How many of the evaluated periods must be beyond the threshold. @default 1 */
  readonly datapoints?: number;
  /** @default 5 */
  readonly evaluationPeriods?: number;
  /** @default - one minute */
  readonly period?: Duration;
  /** What holds while no data comes. @default - that all is well */
  readonly missing?: TreatMissingData;
}

export interface MetricRule extends AlarmRule {
  readonly metric: IMetric;
}

export interface SumRule extends AlarmRule {
  /** Evaluated at synthesis: metrics may still be added. CloudWatch sums at most ten in one alarm. */
  readonly metrics: () => CfnAlarm.MetricDataQueryProperty[];
}

const PERIOD = Duration.minutes(1);
const EVALUATED_PERIODS = 5;

/** An alarm on one metric. Makes nothing where there is no monitoring. */
export function metricAlarm(scope: Construct, id: string, context: AlarmContext, rule: MetricRule): CfnAlarm | undefined {
  const { metricStat } = rule.metric.toMetricConfig();
  if (metricStat === undefined) throw new Error('metricAlarm takes a single metric: sumAlarm takes several');
  const percentile = /^(p\d|tm|tc|ts|wm)/.test(metricStat.statistic);
  return alarm(scope, id, context, rule, {
    namespace: metricStat.namespace,
    metricName: metricStat.metricName,
    dimensions: metricStat.dimensions?.map(({ name, value }) => ({ name, value: value as string })),
    ...(percentile ? { extendedStatistic: metricStat.statistic, evaluateLowSampleCountPercentile: 'ignore' } : { statistic: metricStat.statistic }),
    period: (rule.period ?? PERIOD).toSeconds(),
  });
}

/** One alarm on several metrics (each with its id), by an expression over them. Makes nothing where there is no monitoring. */
export function sumAlarm(scope: Construct, id: string, context: AlarmContext, rule: SumRule, expression = 'SUM(METRICS())'): CfnAlarm | undefined {
  return alarm(scope, id, context, rule, {
    metrics: Lazy.any({ produce: () => [{ id: 'watched', expression, returnData: true }, ...rule.metrics()] }) as unknown as IResolvable,
  });
}

/** One metric of a `sumAlarm`. */
export function summand(id: string, metric: IMetric, period: Duration = PERIOD): CfnAlarm.MetricDataQueryProperty {
  const { metricStat } = metric.toMetricConfig();
  if (metricStat === undefined) throw new Error('summand takes a single metric');
  return {
    id,
    returnData: false,
    metricStat: {
      metric: {
        namespace: metricStat.namespace,
        metricName: metricStat.metricName,
        dimensions: metricStat.dimensions?.map(({ name, value }) => ({ name, value: value as string })),
      },
      period: period.toSeconds(),
      stat: metricStat.statistic,
    },
  };
}

function alarm(scope: Construct, id: string, context: AlarmContext, rule: AlarmRule, watched: object): CfnAlarm | undefined {
  const { monitoring, stage } = context;
  const paged = rule.severity === AlarmSeverity.PAGE && stage.pages;
  const topic = paged ? monitoring.pageTopic : monitoring.ticketTopic;
  if (topic === undefined) {
    scope.node.addMetadata('trinity-constructs:no-alarm', `${id}: ${plainText(monitoring.reason ?? 'no topic', 'the reason is known at deployment only')}`);
    return undefined;
  }
  useTopic(scope, topic);
  return new CfnAlarm(scope, id, {
    alarmDescription: `[${rule.severity}] ${rule.watches}: ${runbookLink(rule.runbook, monitoring.runbookUrl)}`,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    threshold: rule.threshold,
    evaluationPeriods: rule.evaluationPeriods ?? EVALUATED_PERIODS,
    datapointsToAlarm: rule.datapoints ?? 1,
    treatMissingData: rule.missing ?? TreatMissingData.NOT_BREACHING,
    alarmActions: [topic.topicArn],
    okActions: [topic.topicArn],
    ...watched,
  });
}

/** A duration for a description: a token as the number that it will be, in milliseconds. */
export function durationInWords(duration: Duration): string {
  return duration.isUnresolved() ? `${Tokenization.stringifyNumber(duration.toMilliseconds())} millis` : duration.toHumanString();
}
