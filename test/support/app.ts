import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, type StackProps, type Stage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { Monitoring } from '../../src';

const output = mkdtempSync(join(tmpdir(), 'trinity-test-'));
afterAll(() => rmSync(output, { recursive: true, force: true }));

/** An app that synthesizes fast: nothing is copied, no tree is written, and nothing is left behind. */
export function testApp(): App {
  return new App({
    outdir: mkdtempSync(join(output, 'app-')), analyticsReporting: false, treeMetadata: false, context: { 'aws:cdk:disable-asset-staging': true },
  });
}

/** A stack whose alarms go to a topic of its own. */
export function monitoredStack(app: App | Stage = testApp(), id: string = 'Test', props: StackProps = {}): Stack {
  const stack = new Stack(app, id, props);
  Monitoring.to(alarmTopic(stack)).on(stack);
  return stack;
}

/** A stack that names its region, as a customer's key for a table needs. */
export function stackWithRegion(): Stack {
  return monitoredStack(testApp(), 'Test', { env: { account: '111122223333', region: 'eu-central-1' } });
}

export function alarmTopic(scope: Construct, id: string = 'Alarms'): Topic {
  return new Topic(scope, id, { enforceSSL: true });
}

/** Code of an endpoint of the user's own. */
export function someCode(): Code {
  return Code.fromInline('exports.handler = async () => ({ statusCode: 204 });');
}
