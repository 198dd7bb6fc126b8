import { Aspects, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnTopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Monitoring, ServerlessApi } from '../../src';
import { testApp } from '../support/app';
import { refusal } from '../support/refusal';
import { lateRefusal } from '../support/synthesis';
import { only, properties } from '../support/template';

const HERE = { account: '111122223333', region: 'eu-central-1' };

describe('a topic that is encrypted after Monitoring.to', () => {
  const monitored = (options: { importedTopicKey?: Key } = {}) => {
    const stack = new Stack(testApp(), 'Test', { env: HERE });
    const topic = new Topic(stack, 'Alarms');
    Monitoring.to(topic, options).on(stack);
    new ServerlessApi(stack, 'Api');
    return { stack, topic };
  };
  const encryptByAspect = (stack: Stack, kmsMasterKeyId: string) => Aspects.of(stack.node.root).add({
    visit: (node) => { if (node instanceof CfnTopic) Object.assign(node, { kmsMasterKeyId }); },
  });

  test('by an Aspect, with the key of AWS: refused at the end of synthesis', () => {
    const { stack } = monitored();
    encryptByAspect(stack, 'alias/aws/sns');
    expect(lateRefusal(stack)).toMatch(/The topic is encrypted with alias\/aws\/sns, which CloudWatch cannot use.*\n  at: Test\/Alarms\n  mend: /);
  });

  test('by an override, with the key of AWS: refused at the end of synthesis', () => {
    const { stack, topic } = monitored();
    (topic.node.defaultChild as CfnTopic).addPropertyOverride('KmsMasterKeyId', 'alias/aws/sns');
    expect(lateRefusal(stack)).toMatch(/alias\/aws\/sns, which CloudWatch cannot use/);
  });

  test('with another key, which nothing says CloudWatch may use: refused at the end of synthesis', () => {
    const { stack } = monitored();
    encryptByAspect(stack, new Key(stack, 'Key').keyArn);
    expect(lateRefusal(stack)).toMatch(/a key that this app does not own or that was set afterwards.*\n  at: Test\/Alarms\n  mend: .*importedTopicKey: key/);
  });

  test('with a key that importedTopicKey names: taken', () => {
    const stack = new Stack(testApp(), 'Test', { env: HERE });
    const [topic, importedTopicKey] = [new Topic(stack, 'Alarms'), new Key(stack, 'Key')];
    Monitoring.to(topic, { importedTopicKey }).on(stack);
    encryptByAspect(stack, importedTopicKey.keyArn);
    expect(only(Template.fromStack(stack), 'AWS::SNS::Topic').KmsMasterKeyId).toEqual(stack.resolve(importedTopicKey.keyArn));
  });

  test('a topic that keeps its key passes', () => {
    const stack = new Stack(testApp(), 'Test', { env: HERE });
    Monitoring.to(new Topic(stack, 'Alarms', { masterKey: new Key(stack, 'Key') })).on(stack);
    new ServerlessApi(stack, 'Api');
    expect(() => Template.fromStack(stack)).not.toThrow();
  });
});

describe('a topic of another region', () => {
  test.each<[string, (stack: Stack) => unknown]>([
    ['imported', (stack) => Topic.fromTopicArn(stack, 'Alarms', 'arn:aws:sns:us-east-1:111122223333:alarms')],
    ['of another stack', (stack) => new Topic(new Stack(stack.node.root as never, 'Other', { env: { ...HERE, region: 'us-east-1' } }), 'Alarms', { topicName: 'alarms' })],
  ])('%s: refused, CloudWatch publishes within its region', (_, make) => {
    const stack = new Stack(testApp(), 'Test', { env: HERE });
    Monitoring.to(make(stack) as Topic).on(stack);
    expect(refusal(() => new ServerlessApi(stack, 'Api'))).toMatchObject({
      what: expect.stringMatching(/^The alarms of eu-central-1 cannot go to the topic .*Alarms in us-east-1/), at: 'Test/Api', mend: expect.stringContaining('make a topic in each region'),
    });
  });

  test('passes if one of the regions is known at deployment only', () => {
    const app = testApp();
    const [stack, other] = [new Stack(app, 'Test'), new Stack(app, 'Other', { env: HERE })];
    Monitoring.to(new Topic(other, 'Alarms', { topicName: 'alarms' })).on(stack);
    expect(() => new ServerlessApi(stack, 'Api')).not.toThrow();
  });
});

test('a topic of another account, encrypted: its policy and that of its key permit the alarms of each account', () => {
  const app = testApp();
  const operations = new Stack(app, 'Operations', { env: { ...HERE, account: '444455556666' } });
  const masterKey = new Key(operations, 'Key');
  const topic = new Topic(operations, 'Alarms', { topicName: 'alarms', masterKey });
  Monitoring.to(topic).on(app);
  const services = new Stack(app, 'Services', { env: HERE });
  new ServerlessApi(services, 'Api');
  new ServerlessApi(services, 'Second');
  const template = Template.fromStack(operations);
  const condition = { StringEquals: { 'aws:SourceAccount': ['444455556666', HERE.account] } };
  expect(only(template, 'AWS::SNS::TopicPolicy').PolicyDocument.Statement).toMatchObject([{ Action: 'sns:Publish', Condition: condition }]);
  expect(only(template, 'AWS::KMS::Key').KeyPolicy.Statement[1]).toMatchObject({ Sid: 'AllowCloudWatchAlarms', Condition: condition });
  expect(properties(Template.fromStack(services), 'AWS::CloudWatch::Alarm')[0].AlarmActions).toEqual([{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':sns:eu-central-1:444455556666:alarms']] }]);
});
