import { App, Stack, Stage } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { Encryption, Monitoring, ServerlessApi, StagePreset } from '../../src';
import { alarmTopic, monitoredStack, someCode, testApp } from '../support/app';
import { refusal } from '../support/refusal';
import { PLAIN, SAMPLES } from '../support/samples';

const CHOICES: Array<[string, (scope: Construct) => unknown]> = [
  ['StagePreset', (scope) => StagePreset.production().on(scope)],
  ['Monitoring', (scope) => Monitoring.none({ reason: 'too late' }).on(scope)],
  ['Encryption', (scope) => Encryption.withKey(new Key(new Stack(testApp(), 'Keys'), 'Key')).on(scope)],
];

describe.each(SAMPLES.filter(({ name }) => !/with its own/.test(name)))('$name', (sample) => {
  const stack = monitoredStack();
  sample.make(stack, PLAIN);

  test.each(CHOICES)('%s.on afterwards is refused, naming the construct that came first', (name, choose) => {
    const { what, at, mend } = refusal(() => choose(stack));
    expect(what).toMatch(new RegExp(`^${name}\\.on comes too late for Test/(Api|Auth|Trinity)\\S*, which was defined before`));
    expect(at).toBe('Test');
    expect(mend).toMatch(/^move the line before that construct, or give that construct its own `(stage|monitoring|encryptionKey)`$/);
  });
});

describe.each(CHOICES)('%s.on after constructs below exist', (name, choose) => {
  test('is refused on every scope above: app, stage, stack, construct', () => {
    const app = testApp();
    const stage = new Stage(app, 'Prod');
    const stack = new Stack(stage, 'Test');
    const construct = new Construct(stack, 'Mine');
    Monitoring.to(alarmTopic(stack)).on(construct);
    new ServerlessApi(construct, 'Api');
    const missed = name === 'Monitoring' ? [construct] : [app, stage, stack, construct];
    for (const scope of missed) expect(refusal(() => (scope === app ? choose(app) : choose(scope))).what).toContain('Prod/Test/Mine/Api');
  });
});

test('development on the app, production set late on the stack: refused, so that no table stays on DESTROY', () => {
  const app = new App();
  StagePreset.development().on(app);
  const stack = monitoredStack(app);
  new ServerlessApi(stack, 'Api');
  expect(refusal(() => StagePreset.production().on(stack))).toEqual({
    what: 'StagePreset.on comes too late for Test/Api, which was defined before and has another choice',
    at: 'Test',
    mend: 'move the line before that construct, or give that construct its own `stage`',
  });
});

describe('what is not late', () => {
  test('a scope beside, and a scope whose constructs are all given their own', () => {
    const stack = monitoredStack();
    new ServerlessApi(new Construct(stack, 'First'), 'Api', { stage: StagePreset.development() });
    expect(() => StagePreset.production().on(stack)).not.toThrow();
    expect(() => StagePreset.staging().on(new Construct(stack, 'Second'))).not.toThrow();
  });

  test('the same choice again', () => {
    const stack = monitoredStack();
    const chosen = StagePreset.staging().on(stack);
    new ServerlessApi(stack, 'Api');
    expect(() => chosen.on(stack)).not.toThrow();
  });

  test('a nearer choice covers what lies below it', () => {
    const stack = monitoredStack();
    const inner = new Construct(stack, 'Inner');
    StagePreset.development().on(inner);
    new ServerlessApi(inner, 'Api').addEndpoint('GET /a', { code: someCode(), publicBecause: 'a test' });
    expect(() => StagePreset.production().on(stack)).not.toThrow();
  });
});
