import { App, Aws, Lazy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Monitoring, ServerlessApi, StagePreset, Trinity } from '../../src';
import { RUNBOOK, RUNBOOK_URL } from '../../src/private/runbook';
import { alarmTopic, someCode, testApp } from '../support/app';
import { findings } from '../support/findings';
import { refusal } from '../support/refusal';
import { only, properties } from '../support/template';

const TOPIC_ARN = 'arn:aws:sns:eu-central-1:111122223333:alarms';

let app: App;
let stack: Stack;
beforeEach(() => {
  app = testApp();
  stack = new Stack(app, 'Test');
});

const alarms = (of = stack) => properties(Template.fromStack(of), 'AWS::CloudWatch::Alarm');
const actions = (of = stack) => [...new Set(alarms(of).flatMap(({ AlarmActions }) => AlarmActions.map((action: unknown) => JSON.stringify(action))))];
const reference = (topic: Topic) => JSON.stringify(stack.resolve(topic.topicArn));

describe('a choice must be made', () => {
  test('with none, synthesis refuses and shows both lines', () => {
    expect(refusal(() => new ServerlessApi(stack, 'Api'))).toEqual({
      what: 'Nothing says where alarms go',
      at: 'Test/Api',
      mend: expect.stringMatching(/Monitoring\.to\(topic\)\.on\(stack\);[\s\S]*Monitoring\.none\(\{ reason: '…' \}\)\.on\(stack\);[\s\S]*`monitoring`/),
    });
  });

  test('on a scope: for everything below that is defined afterwards', () => {
    const chosen = Monitoring.to(alarmTopic(stack));
    expect(chosen.on(stack)).toBe(chosen);
    new ServerlessApi(stack, 'Api');
    expect(alarms()).toHaveLength(2);
  });

  test('the nearest one wins, and a construct\'s own over all', () => {
    const [far, near, own] = ['Far', 'Near', 'Own'].map((id) => alarmTopic(stack, id));
    Monitoring.to(far).on(app);
    Monitoring.to(near).on(stack);
    new ServerlessApi(stack, 'Api');
    new ServerlessApi(stack, 'Other', { monitoring: Monitoring.to(own) });
    expect(actions().sort()).toEqual([reference(near), reference(own)].sort());
  });

  test('of says which one holds', () => {
    const chosen = Monitoring.none({ reason: 'a test' }).on(app);
    expect(Monitoring.of(stack)).toBe(chosen);
  });
});

describe('Monitoring.none', () => {
  test('makes no alarms, and keeps the reason where each would stand', () => {
    Monitoring.none({ reason: 'a load test that lives for an hour' }).on(stack);
    const api = new ServerlessApi(stack, 'Api');
    api.addEndpoint('GET /a', { code: someCode(), publicBecause: 'a test' });
    expect(alarms()).toEqual([]);
    const assembly = JSON.stringify(app.synth().getStackByName('Test').metadata);
    for (const id of ['ServerErrors', 'Latency', 'Errors', 'Throttles']) expect(assembly).toContain(`${id}: a load test that lives for an hour`);
  });

  test('an empty reason is refused', () => {
    expect(() => Monitoring.none({ reason: ' ' })).toThrow(/the reason is empty\n {2}mend: say why/);
  });

  test('a reason that is known only at deployment passes', () => {
    expect(Monitoring.none({ reason: Lazy.string({ produce: () => '' }) }).pageTopic).toBeUndefined();
  });
});

describe('Monitoring.to', () => {
  test('alarms go to the topic when they begin and when they end', () => {
    const topic = alarmTopic(stack);
    Monitoring.to(topic).on(stack);
    new ServerlessApi(stack, 'Api');
    const told = [stack.resolve(topic.topicArn)];
    for (const { AlarmActions, OKActions } of alarms()) expect([AlarmActions, OKActions]).toEqual([told, told]);
  });

  test('the topic\'s policy lets CloudWatch publish, for this account alone', () => {
    const topic = new Topic(stack, 'Alarms');
    Monitoring.to(topic);
    Monitoring.to(topic);
    expect(only(Template.fromStack(stack), 'AWS::SNS::TopicPolicy').PolicyDocument.Statement).toEqual([{
      Sid: 'AllowCloudWatchAlarms',
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: 'sns:Publish',
      Resource: stack.resolve(topic.topicArn),
      Condition: { StringEquals: { 'aws:SourceAccount': stack.resolve(Aws.ACCOUNT_ID) } },
    }]);
  });

  test('tickets: alarms that can wait go to a topic of their own, which CloudWatch may use too', () => {
    const [pages, tickets] = [alarmTopic(stack, 'Pages'), alarmTopic(stack, 'Tickets')];
    Monitoring.to(pages, { tickets }).on(stack);
    new ServerlessApi(stack, 'Api');
    const topics = Object.fromEntries(alarms().map(({ AlarmDescription, AlarmActions }) => [
      AlarmDescription.slice(0, AlarmDescription.indexOf(']') + 1),
      AlarmActions,
    ]));
    expect(topics).toEqual({ '[page]': [stack.resolve(pages.topicArn)], '[ticket]': [stack.resolve(tickets.topicArn)] });
    Template.fromStack(stack).resourcePropertiesCountIs('AWS::SNS::TopicPolicy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Sid: 'AllowCloudWatchAlarms' })]) },
    }, 2);
  });

  test('tickets left out: they go where pages go', () => {
    const topic = alarmTopic(stack);
    const { pageTopic, ticketTopic } = Monitoring.to(topic);
    expect([pageTopic, ticketTopic]).toEqual([topic, topic]);
  });

  test.each([
    ['development', StagePreset.development(), 'Tickets'],
    ['staging', StagePreset.staging(), 'Tickets'],
    ['production', StagePreset.production(), 'Pages'],
  ])('in %s a page goes to the right topic', (_, stage, expected) => {
    const [pages, tickets] = [alarmTopic(stack, 'Pages'), alarmTopic(stack, 'Tickets')];
    Monitoring.to(pages, { tickets }).on(stack);
    new ServerlessApi(stack, 'Api', { stage });
    const page = alarms().find(({ AlarmDescription }) => AlarmDescription.startsWith('[page]'))!;
    expect(page.AlarmActions).toEqual([stack.resolve({ Pages: pages, Tickets: tickets }[expected]!.topicArn)]);
  });

  test('a topic of another stack is one: the services depend on it, not it on them', () => {
    const topic = alarmTopic(stack);
    const services = new Stack(app, 'Services');
    Monitoring.to(topic).on(services);
    new ServerlessApi(services, 'Api');
    const assembly = app.synth();
    expect(assembly.getStackByName('Test').dependencies.map(({ id }) => id)).not.toContain('Services');
    expect(assembly.getStackByName('Services').dependencies.map(({ id }) => id)).toContain('Test');
  });
});

describe('runbooks', () => {
  const all = () => alarms().map(({ AlarmDescription }) => AlarmDescription as string);

  test('every alarm of the system says what it watches and links to its section; every section has an alarm', () => {
    Monitoring.to(alarmTopic(stack)).on(stack);
    new Trinity(stack, 'Trinity');
    const sections = all().map((description) => {
      expect(description).toMatch(/^\[(page|ticket)\] [^:]+: https:\/\/\S+#[a-z-]+$/);
      const [, url, section] = /(https:\S+)#(\S+)$/.exec(description)!;
      expect(url).toBe(RUNBOOK_URL);
      return section;
    });
    expect([...new Set(sections)].sort()).toEqual(Object.keys(RUNBOOK).sort());
  });

  test('runbookUrl: where your team reads it', () => {
    Monitoring.to(alarmTopic(stack), { runbookUrl: 'https://wiki.example.com/trinity' }).on(stack);
    new ServerlessApi(stack, 'Api');
    expect(all().map((description) => description.split(': ').pop()).sort()).toEqual([
      'https://wiki.example.com/trinity#api-latency',
      'https://wiki.example.com/trinity#api-server-errors',
    ]);
  });
});

describe('encrypted topics', () => {
  const cloudWatchMayUse = (key: Key) => {
    const { Statement } = Object.values(Template.fromStack(Stack.of(key)).findResources('AWS::KMS::Key'))[0].Properties.KeyPolicy;
    expect(Statement[1]).toEqual({
      Sid: 'AllowCloudWatchAlarms',
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Resource: '*',
      Condition: { StringEquals: { 'aws:SourceAccount': stack.resolve(Aws.ACCOUNT_ID) } },
    });
  };

  test('by a key of this app: its policy lets CloudWatch use it', () => {
    const masterKey = new Key(stack, 'Key', { enableKeyRotation: true });
    Monitoring.to(new Topic(stack, 'Alarms', { masterKey, enforceSSL: true })).on(stack);
    cloudWatchMayUse(masterKey);
    expect(findings(stack)).toEqual([]);
  });

  test('by a key of another stack of this app: the same', () => {
    const keys = new Stack(app, 'Keys');
    const masterKey = new Key(keys, 'Key');
    Monitoring.to(new Topic(stack, 'Alarms', { masterKey }));
    cloudWatchMayUse(masterKey);
  });

  test('by the alias of a key of this app: the same', () => {
    const masterKey = new Key(stack, 'Key');
    Monitoring.to(new Topic(stack, 'Alarms', { masterKey: new Alias(stack, 'Alias', { aliasName: 'alarms', targetKey: masterKey }) }));
    cloudWatchMayUse(masterKey);
  });

  test('by the key of AWS: refused, CloudWatch cannot use it', () => {
    const topic = new Topic(stack, 'Alarms', { masterKey: Alias.fromAliasName(stack, 'Managed', 'alias/aws/sns') });
    const refused = {
      what: expect.stringContaining('alias/aws/sns, which CloudWatch cannot use'), at: 'Test/Alarms', mend: expect.stringContaining('masterKey'),
    };
    expect(refusal(() => Monitoring.to(topic))).toEqual(refused);
    expect(refusal(() => Monitoring.to(alarmTopic(stack, 'Pages'), { tickets: topic }))).toEqual(refused);
  });

  test.each<[string, () => Topic]>([
    ['a topic of this app', () => new Topic(stack, 'Alarms', { masterKey: theirs() })],
    ['a topic of theirs', () => Topic.fromTopicAttributes(stack, 'Alarms', { topicArn: TOPIC_ARN, keyArn: theirs().keyArn }) as Topic],
  ])('by a key of another app, %s: refused until importedTopicKey says that CloudWatch may use it', (_, build) => {
    const topic = build();
    expect(refusal(() => Monitoring.to(topic))).toEqual({
      what: expect.stringContaining('a key that this app does not own'),
      at: 'Test/Alarms',
      mend: expect.stringContaining('Monitoring.to(topic, { importedTopicKey: key })'),
    });
    expect(Monitoring.to(topic, { importedTopicKey: theirs('Again') }).pageTopic).toBe(topic);
  });

  const theirs = (id = 'Theirs') => Key.fromKeyArn(stack, id, 'arn:aws:kms:eu-central-1:111122223333:key/abc');

  test('an imported topic that is not encrypted passes; its policy is its owner\'s', () => {
    const topic = Topic.fromTopicArn(stack, 'Alarms', TOPIC_ARN);
    Monitoring.to(topic).on(stack);
    new ServerlessApi(stack, 'Api');
    expect(actions()).toEqual([JSON.stringify(TOPIC_ARN)]);
    Template.fromStack(stack).resourceCountIs('AWS::SNS::TopicPolicy', 0);
  });
});

