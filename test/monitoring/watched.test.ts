import { Template } from 'aws-cdk-lib/assertions';
import { Ingestion, StagePreset, Trinity, type VotingPipelineOptions } from '../../src';
import { RUNBOOK, type RunbookSection } from '../../src/private/runbook';
import { monitoredStack } from '../support/app';
import { properties, type Resource, resources } from '../support/template';

/** Functions that no alarm watches, each with the reason. Nothing but what is listed here may be unwatched. */
const UNWATCHED_FUNCTIONS: Readonly<Record<string, string>> = {};

interface WatchedMetric {
  readonly namespace: string;
  readonly name: string;
  /** The logical id of what the metric is of, or the text of a dimension. */
  readonly of: string;
}

interface AlarmOf {
  readonly metrics: readonly WatchedMetric[];
  readonly expression?: string;
  readonly actions: readonly unknown[];
}

function synthesized(voting: VotingPipelineOptions = {}): Template {
  const stack = monitoredStack();
  new Trinity(stack, 'Trinity', { stage: StagePreset.production(), voting });
  return Template.fromStack(stack);
}

/** Everything that the alarms of a template look at. */
function alarmsOf(template: Template): AlarmOf[] {
  return properties(template, 'AWS::CloudWatch::Alarm').map((alarm) => {
    const single = alarm.MetricName === undefined ? [] : [{ Namespace: alarm.Namespace, MetricName: alarm.MetricName, Dimensions: alarm.Dimensions }];
    const several = (alarm.Metrics ?? []).flatMap(({ MetricStat }: any) => (MetricStat === undefined ? [] : [MetricStat.Metric]));
    return {
      metrics: [...single, ...several]
        .map(({ Namespace: namespace, MetricName: name, Dimensions: [{ Value }] }) => ({ namespace, name, of: idOf(Value) })),
      expression: alarm.Metrics?.find(({ ReturnData }: any) => ReturnData === true)?.Expression,
      actions: alarm.AlarmActions ?? [],
    };
  });
}

function idOf(value: any): string {
  return value?.Ref ?? value?.['Fn::GetAtt']?.[0] ?? String(value);
}

function unwatched(template: Template, ids: readonly string[], ...names: string[]): string[] {
  const watched = new Set(alarmsOf(template).flatMap(({ metrics }) => metrics.map(({ name, of }) => `${name} of ${of}`)));
  return ids.flatMap((id) => names.map((name) => `${name} of ${id}`)).filter((metric) => !watched.has(metric));
}

const FLAVOURS: ReadonlyArray<readonly [string, VotingPipelineOptions]> = [['overflow', {}], ['direct', { ingestion: Ingestion.direct() }], ['buffered', { ingestion: Ingestion.buffered() }]];

describe.each(FLAVOURS)('the whole system, ingestion %s', (_, voting) => {
  let template: Template;
  beforeAll(() => { template = synthesized(voting); });

  test('alarms on errors and on throttles of every function', () => {
    const functions = Object.keys(resources(template, 'AWS::Lambda::Function')).filter((id) => UNWATCHED_FUNCTIONS[id] === undefined);
    expect(functions.length).toBeGreaterThan(20);
    expect(unwatched(template, functions, 'Errors', 'Throttles')).toEqual([]);
  });

  test('alarms on messages in every queue that is a dead-letter queue or a failure destination', () => {
    const targets = [
      ...properties(template, 'AWS::SQS::Queue').flatMap(({ RedrivePolicy }) => (RedrivePolicy === undefined ? [] : [idOf(RedrivePolicy.deadLetterTargetArn)])),
      ...properties(template, 'AWS::Lambda::EventSourceMapping').flatMap(({ DestinationConfig }) => (DestinationConfig === undefined ? [] : [idOf(DestinationConfig.OnFailure.Destination)])),
    ];
    expect(targets.length).toBeGreaterThan(0);
    // The metric's dimension is the queue's name, an attribute of the queue.
    expect(unwatched(template, targets, 'ApproximateNumberOfMessagesVisible')).toEqual([]);
  });

  test('alarms when an event source mapping delivers nothing, although there is something to deliver', () => {
    const alarms = alarmsOf(template);
    for (const { Properties: mapping } of Object.values<Resource>(resources(template, 'AWS::Lambda::EventSourceMapping'))) {
      const source = idOf(mapping.EventSourceArn);
      if (resources(template, 'AWS::SQS::Queue')[source] !== undefined) {
        expect(unwatched(template, [source], 'ApproximateAgeOfOldestMessage')).toEqual([]);
        continue;
      }
      // `IteratorAge` has no value while nothing is delivered: an alarm on it alone is silent then.
      expect(unwatched(template, [idOf(mapping.FunctionName)], 'IteratorAge')).toEqual([]);
      expect(alarms).toContainEqual(expect.objectContaining({
        metrics: ['BallotsAccepted', 'BallotsCounted'].map((name) => ({ namespace: 'TrinityConstructs/Voting', name, of: source })),
      }));
    }
  });

  test('has an action for every alarm, and sums at most ten metrics in one', () => {
    for (const { actions, metrics } of alarmsOf(template)) {
      expect(actions).toHaveLength(1);
      expect(metrics.length).toBeLessThanOrEqual(10);
    }
  });
});

test('exceptions name functions that exist', () => {
  const functions = Object.keys(resources(synthesized(), 'AWS::Lambda::Function'));
  for (const [id, reason] of Object.entries(UNWATCHED_FUNCTIONS)) expect([functions.includes(id), reason.length > 20]).toEqual([true, true]);
});

describe('the alarm on votes that are accepted while none is counted', () => {
  const alarm = () => properties(synthesized(), 'AWS::CloudWatch::Alarm').find(({ AlarmDescription }) => AlarmDescription.endsWith('#voting-not-counted'))!;

  /** What CloudWatch makes of the expression: a missing value of one metric counts as 0 in the subtraction; with neither there is no value. */
  const evaluate = (accepted?: number, counted?: number) => {
    if (accepted === undefined && counted === undefined) return undefined;
    return Number((accepted ?? 0) > 0) - Number((counted ?? 0) > 0);
  };

  test('subtracts what was counted from what was accepted, over three of twelve periods of five minutes', () => {
    const { Metrics, Threshold, ComparisonOperator, EvaluationPeriods, DatapointsToAlarm, TreatMissingData } = alarm();
    expect(Metrics.find(({ ReturnData }: any) => ReturnData === true).Expression).toBe('IF(accepted > 0, 1, 0) - IF(counted > 0, 1, 0)');
    expect(Metrics.flatMap(({ MetricStat }: any) => (MetricStat === undefined ? [] : [[MetricStat.Stat, MetricStat.Period]]))).toEqual([['Sum', 300], ['Sum', 300]]);
    expect({ Threshold, ComparisonOperator, EvaluationPeriods, DatapointsToAlarm, TreatMissingData }).toEqual({
      Threshold: 0, ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 12, DatapointsToAlarm: 3, TreatMissingData: 'notBreaching',
    });
  });

  test.each([
    ['votes arrive and the counter reports nothing at all', 7, undefined, true],
    ['votes arrive and the counter reports that it counted none', 7, 0, true],
    ['votes arrive and are counted', 7, 7, false],
    ['only some votes are counted', 7, 1, false],
    ['nobody votes', undefined, undefined, false],
    ['nobody votes and a backlog is counted', undefined, 9, false],
  ])('a period is beyond the threshold when %s', (__, accepted, counted, rings) => {
    expect((evaluate(accepted, counted) ?? 0) > 0).toBe(rings);
  });
});

describe('the runbook', () => {
  const sections = Object.entries<RunbookSection>(RUNBOOK);

  test.each(sections)('%s says what makes its alarm silent, and closes each gap by another alarm or says why not', (key, { silentWhen }) => {
    expect(silentWhen.length).toBeGreaterThan(0);
    for (const { coveredBy, accepted } of silentWhen) {
      expect([coveredBy === undefined, accepted === undefined].filter(Boolean)).toHaveLength(1);
      if (coveredBy !== undefined) expect(Object.keys(RUNBOOK).filter((other) => other !== key)).toContain(coveredBy);
    }
  });
});
