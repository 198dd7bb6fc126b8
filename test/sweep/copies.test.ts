import { NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type * as Library from '../../src';
import { monitoredStack, someCode, testApp } from '../support/app';
import { findings } from '../support/findings';
import { refusal } from '../support/refusal';
import { PLAIN, SAMPLES } from '../support/samples';
import { properties, resources } from '../support/template';

const SYSTEM = SAMPLES.find(({ name }) => name === 'Trinity')!;

/** A copy of the package of its own, as a shared construct library has it in its own node_modules. */
function copy(): typeof Library {
  let loaded: typeof Library | undefined;
  jest.isolateModules(() => { loaded = jest.requireActual<typeof Library>('../../src'); });
  return loaded!;
}

describe('two copies of the package in one app', () => {
  const [mine, theirs] = [copy(), copy()];
  test('are two', () => {
    expect(mine.ServerlessApi).not.toBe(theirs.ServerlessApi);
  });

  test('a choice by one of them holds for the constructs of the other', () => {
    const stack = new Stack(testApp(), 'Test', { env: { account: '111122223333', region: 'eu-central-1' } });
    mine.Monitoring.to(new Topic(stack, 'Alarms')).on(stack);
    mine.StagePreset.staging().on(stack);
    const key = new Key(stack, 'Key');
    mine.Encryption.withKey(key).on(stack);
    new theirs.Trinity(stack, 'Trinity');
    const template = Template.fromStack(stack);
    for (const { KmsKeyId, RetentionInDays } of properties(template, 'AWS::Logs::LogGroup')) expect([KmsKeyId, RetentionInDays]).toEqual([stack.resolve(key.keyArn), 30]);
  });

  test('a choice by one of them that is too late for a construct of the other is refused', () => {
    const stack = monitoredStack();
    new theirs.ServerlessApi(stack, 'Api');
    expect(refusal(() => mine.StagePreset.development().on(stack)).what).toContain('comes too late for Test/Api');
  });

  test('a topic and a key are permitted once', () => {
    const stack = new Stack(testApp(), 'Test');
    const masterKey = new Key(stack, 'Key');
    const topic = new Topic(stack, 'Alarms', { masterKey });
    for (const library of [mine, theirs]) new library.ServerlessApi(new Construct(stack, library === mine ? 'Mine' : 'Theirs'), 'Api', { monitoring: library.Monitoring.to(topic), encryptionKey: masterKey });
    const template = Template.fromStack(stack);
    expect(properties(template, 'AWS::SNS::TopicPolicy')[0].PolicyDocument.Statement).toHaveLength(1);
    expect(properties(template, 'AWS::KMS::Key')[0].KeyPolicy.Statement).toHaveLength(3);
  });

  test('endpoints of one of them at an API of the other: duplicates are refused, throttles work, the role is shared', () => {
    const stack = monitoredStack();
    const api = new mine.ServerlessApi(stack, 'Api');
    const endpoint = (library: typeof Library, id: string, route: string) => new library.Endpoint(stack, id, {
      api, route, code: someCode(), publicBecause: 'a test', throttle: { rateLimit: 1, burstLimit: 1 },
    });
    endpoint(mine, 'First', 'GET /a/{id}');
    endpoint(theirs, 'Second', 'GET /b');
    expect(refusal(() => endpoint(theirs, 'Third', 'GET /a/{other}')).what).toContain('the route of two endpoints');
    const roles = Object.keys(resources(Template.fromStack(stack), 'AWS::IAM::Role')).filter((id) => id.startsWith('ApiEndpoints'));
    expect(roles).toHaveLength(1);
    expect(Object.keys(api.openApi().paths)).toEqual(['/a/{id}', '/b']);
  });
});

test('every construct twice in a nested stack, and the system in two stages: nothing clashes', () => {
  const app = testApp();
  const stageOf = (id: string) => monitoredStack(new Stage(app, id, { env: { account: '111122223333', region: 'eu-central-1' } }), 'Test');
  const blue = stageOf('Blue');
  for (const { name, make } of SAMPLES.filter((each) => !each.name.startsWith('Trinity'))) {
    const nested = new NestedStack(blue, name.replace(/\W/g, ''));
    for (const id of ['First', 'Second']) make(new Construct(nested, id), PLAIN);
  }
  for (const stack of [blue, stageOf('Green')]) SYSTEM.make(new NestedStack(stack, 'Trinity'), PLAIN);
  expect(() => app.synth()).not.toThrow();
});

test('the whole system in a nested stack has nothing unexplained in it', () => {
  const stack = monitoredStack(testApp(), 'Test', { env: { account: '111122223333', region: 'eu-central-1' } });
  SYSTEM.make(new NestedStack(stack, 'Nested'), PLAIN);
  expect(findings(stack)).toEqual([]);
});
