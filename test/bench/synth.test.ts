import { App } from 'aws-cdk-lib';
import { compare } from '../../bench/synth/figures';
import type { Run } from '../../bench/synth/measure';
import { ours } from '../../bench/synth/ours';
import { peer } from '../../bench/synth/peer/stack';
import { report } from '../../bench/synth/report';
import { countTemplate, median } from '../../bench/synth/template';

process.env.JSII_DEPRECATED = 'quiet';

const template = (resources: Record<string, string>) =>
  JSON.stringify({ Resources: Object.fromEntries(Object.entries(resources).map(([id, Type]) => [id, { Type }])) }, undefined, 1);

const run = (synthMs: number, text: string): Run => ({ synthMs, loadMs: 100, esbuildMs: 0, template: countTemplate(text) });

test('a template is counted without its indentation, by type, and without alarms', () => {
  const text = template({ A: 'AWS::Lambda::Function', B: 'AWS::Lambda::Function', C: 'AWS::CloudWatch::Alarm' });
  expect(countTemplate(text)).toEqual({
    bytes: JSON.stringify(JSON.parse(text)).length,
    bytesAsWritten: text.length,
    resources: 3,
    byType: { 'AWS::Lambda::Function': 2, 'AWS::CloudWatch::Alarm': 1 },
    withoutAlarms: { bytes: JSON.stringify(JSON.parse(template({ A: 'AWS::Lambda::Function', B: 'AWS::Lambda::Function' }))).length, resources: 2 },
  });
});

test('the median is the middle one, or between the two in the middle', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 2, 9])).toBe(3);
});

test('ratios are of medians, and what is over its limit is named', () => {
  const small = template({ A: 'T' });
  const large = template({ A: 'T', B: 'T' });
  const figures = compare([run(200, small), run(100, small), run(900, small)], [run(1_000, large), run(1_000, large), run(1_000, large)]);
  expect(figures.ratios).toMatchObject({ synthTime: 0.2, resources: 0.5 });
  expect(figures.broken).toEqual(['synthTime']);
  expect(report(figures)).toMatch(/time to synthesize.*0\.200.*NOT HELD/);
});

/** What a system is made of, synthesized without bundling. References differ, because logical ids do. */
function features(build: (app: App) => void): Record<string, unknown> {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  build(app);
  const { Resources, Outputs } = app.synth().getStackByName('System').template as {
    Resources: Record<string, { Type: string; Properties: Record<string, any> }>;
    Outputs: Record<string, unknown>;
  };
  const of = (type: string) => Object.values(Resources).filter(({ Type }) => Type === type).map(({ Properties }) => Properties);
  const sorted = (items: unknown[]) => items.map((item) => JSON.stringify(item)).sort();
  return {
    routes: sorted(of('AWS::ApiGatewayV2::Route').map(({ RouteKey, AuthorizationType }) => `${RouteKey} ${AuthorizationType ?? 'NONE'}`)),
    tables: of('AWS::DynamoDB::GlobalTable').map(({ SSESpecification, ...rest }) => rest),
    functions: sorted(of('AWS::Lambda::Function').map(({ Environment, Timeout, MemorySize }) => [Object.keys(Environment.Variables).sort(), Timeout, MemorySize])),
    queues: sorted(of('AWS::SQS::Queue').map(({ MessageRetentionPeriod, VisibilityTimeout, RedrivePolicy }) => [MessageRetentionPeriod, VisibilityTimeout, RedrivePolicy?.maxReceiveCount])),
    mappings: of('AWS::Lambda::EventSourceMapping')
      .map(({ EventSourceArn, FunctionName, DestinationConfig, ...rest }) => ({ ...rest, kept: DestinationConfig !== undefined }))
      .sort((a, b) => Number(a.kept) - Number(b.kept)),
    outputs: Object.keys(Outputs).length,
  };
}

test('the peer has the routes, functions, queues, event sources, tables and outputs of the library\'s system', () => {
  expect(features((app) => peer(app, { aliases: {}, sdk: true }))).toEqual(features(ours));
});
