import { App } from 'aws-cdk-lib';
import * as flags from 'aws-cdk-lib/recommended-feature-flags.json';
import { compare, LIMITS } from '../../bench/synth/figures';
import type { Run } from '../../bench/synth/measure';
import { ours } from '../../bench/synth/ours';
import { peer } from '../../bench/synth/peer/stack';
import { report } from '../../bench/synth/report';
import { countTemplate, median, readTemplate } from '../../bench/synth/template';

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

const LARGE = template({ A: 'T', B: 'T' });

test.each<[string, string, string[]]>([
  ['a template that is no smaller is over every limit but that of time', LARGE, ['templateBytesAsWritten', 'templateBytes', 'resources']],
  ['one that is smaller without white space alone is over the limit', JSON.stringify(JSON.parse(template({ A: 'T' })), undefined, 6), ['templateBytesAsWritten']],
])('%s', (_, text, broken) => {
  expect(compare([run(1, text)], [run(1_000, LARGE)]).broken).toEqual(broken);
});

/** The two systems, synthesized without bundling: an asset's hash has one length, whatever is in it. */
function synthesized(build: (app: App) => void) {
  const app = new App({ context: { ...flags, 'aws:cdk:bundling-stacks': [] } });
  build(app);
  return app.synth().getStackByName('System');
}

const OURS = synthesized(ours);
const PEER = synthesized((app) => peer(app, { aliases: {}, sdk: true }));

test('the library\'s template is below the limits, in bytes as the CDK writes it and in resources', () => {
  const [mine, theirs] = [OURS, PEER].map(({ templateFullPath }) => readTemplate(templateFullPath));
  expect(mine.bytesAsWritten / theirs.bytesAsWritten).toBeLessThanOrEqual(LIMITS.templateBytesAsWritten);
  expect(mine.bytes / theirs.bytes).toBeLessThanOrEqual(LIMITS.templateBytes);
  expect(mine.resources / theirs.resources).toBeLessThanOrEqual(LIMITS.resources);
});

/** What a system is made of. References differ, because logical ids do. */
function features({ template: synthesis }: typeof OURS): Record<string, unknown> {
  const { Resources, Outputs } = synthesis as {
    Resources: Record<string, { Type: string; Properties: Record<string, any>; DependsOn?: string[] }>;
    Outputs: Record<string, unknown>;
  };
  const of = (type: string) => Object.values(Resources).filter(({ Type }) => Type === type).map(({ Properties }) => Properties);
  const sorted = (items: unknown[]) => items.map((item) => JSON.stringify(item)).sort();
  return {
    routes: sorted(of('AWS::ApiGatewayV2::Route').map(({ RouteKey, AuthorizationType }) => `${RouteKey} ${AuthorizationType ?? 'NONE'}`)),
    stages: Object.values(Resources).filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Stage')
      .map(({ Properties: { DefaultRouteSettings, RouteSettings, AccessLogSettings }, DependsOn }) => (
        { DefaultRouteSettings, RouteSettings, format: AccessLogSettings.Format, waitsFor: DependsOn?.length }
      )),
    pools: of('AWS::Cognito::UserPool'),
    clients: of('AWS::Cognito::UserPoolClient').map(({ GenerateSecret, ...rest }) => rest),
    tables: of('AWS::DynamoDB::GlobalTable'),
    functions: sorted(of('AWS::Lambda::Function').map(({ Environment, Timeout, MemorySize }) => [Object.keys(Environment.Variables).sort(), Timeout, MemorySize])),
    queues: sorted(of('AWS::SQS::Queue').map(({ MessageRetentionPeriod, VisibilityTimeout, RedrivePolicy }) => [MessageRetentionPeriod, VisibilityTimeout, RedrivePolicy?.maxReceiveCount])),
    mappings: of('AWS::Lambda::EventSourceMapping')
      .map(({ EventSourceArn, FunctionName, DestinationConfig, ...rest }) => ({ ...rest, kept: DestinationConfig !== undefined }))
      .sort((a, b) => Number(a.kept) - Number(b.kept)),
    outputs: Object.keys(Outputs).length,
  };
}

test('the peer has the routes, throttles, accounts, functions, queues, event sources, tables and outputs of the library\'s system', () => {
  expect(features(PEER)).toEqual(features(OURS));
});
