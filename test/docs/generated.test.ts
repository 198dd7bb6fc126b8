import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { documents } from '../../projenrc/docs/documents';
import { Problems } from '../../src/api/contract';
import { Monitoring } from '../../src/monitoring';
import { RUNBOOK } from '../../src/private/runbook';
import { Trinity } from '../../src/trinity';

const ROOT = join(__dirname, '..', '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

test.each(documents().map(({ path, text }) => [path, text]))('%s is current: else `npm run docs`', (path, text) => {
  expect(read(path)).toBe(text);
});

test('every alarm links to a section of the runbook, and every section has its alarm', () => {
  const stack = new Stack(new App(), 'Stack');
  Monitoring.to(new Topic(stack, 'Alarms')).on(stack);
  new Trinity(stack, 'Trinity');
  const linked = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'))
    .map(({ Properties }) => /runbook\.md#(\S+)$/.exec(Properties.AlarmDescription)?.[1]);
  const anchors = [...read('docs/runbook.md').matchAll(/^<a id="([^"]+)"><\/a>$/gm)].map(([, id]) => id);
  expect(new Set(linked)).toEqual(new Set(Object.keys(RUNBOOK)));
  expect(anchors).toEqual(Object.keys(RUNBOOK));
});

test('every problem is documented', () => {
  const documented = read('docs/problems.md');
  for (const key of Object.keys(Problems)) expect(documented).toContain(`\`urn:trinity-constructs:problem:${key}\``);
});
