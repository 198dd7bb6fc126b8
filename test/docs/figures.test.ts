import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Monitoring, StagePreset, Trinity } from '../../src';

const ROOT = join(__dirname, '..', '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** CloudWatch bills each metric that an alarm watches (https://aws.amazon.com/cloudwatch/pricing/, "Standard Resolution alarm metric", us-east-1). */
const USD_PER_ALARM_METRIC = 0.1;

interface Alarm {
  readonly Properties: { readonly Metrics?: ReadonlyArray<{ readonly MetricStat?: object }> };
}

/** The smallest app, in production. */
function smallestApp(): Template {
  const stack = new Stack(new App(), 'Trinity');
  Monitoring.to(new Topic(stack, 'Alarms', { enforceSSL: true })).on(stack);
  new Trinity(stack, 'Trinity', { stage: StagePreset.production() });
  return Template.fromStack(stack);
}

/** The monthly price of the alarms of one service, or of all, as the documents write it. */
function priceOfAlarms(template: Template, service = ''): string {
  const alarms = Object.entries<any>(template.findResources('AWS::CloudWatch::Alarm')).filter(([id]) => id.startsWith(`Trinity${service}`)) as Array<[string, Alarm]>;
  const counts = alarms.map(([, { Properties }]) => Properties.Metrics?.filter(({ MetricStat }) => MetricStat !== undefined).length ?? 1);
  return (counts.reduce((sum, count) => sum + count, 0) * USD_PER_ALARM_METRIC).toFixed(2);
}

describe('the figures of the documents are those of the smallest app', () => {
  const template = smallestApp();

  test.each([
    ['README.md', '', /^\| Alarms of the whole system \| about (\S+) a month/m],
    ['src/monitoring/README.md', '', /about USD (\S+) for the whole system/],
    ['src/trinity/README.md', '', /about USD (\S+) a month for alarms/],
    ['src/auth/README.md', 'Auth', /Alarms: about USD (\S+) a month/],
    ['src/rooms/README.md', 'Rooms', /Alarms: about USD (\S+) a month/],
    ['src/voting/README.md', 'Voting', /Alarms: about USD (\S+) a month/],
  ])('%s: the price of the alarms', (path, service, figure) => {
    expect(figure.exec(read(path))?.[1]).toBe(priceOfAlarms(template, service));
  });

  test.each([
    ['README.md', /The whole system is about (\d+)/],
    ['src/trinity/README.md', /about (\d+) resources/],
  ])('%s: the number of resources', (path, figure) => {
    const resources = Object.keys(template.toJSON().Resources).length;
    expect(Number(figure.exec(read(path))?.[1])).toBe(Math.round(resources / 10) * 10);
  });
});
