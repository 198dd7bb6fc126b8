import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Encryption, ServerlessApi } from '../../src';
import { monitoredStack, testApp } from '../support/app';
import { PLAIN, SAMPLES } from '../support/samples';
import { only, properties } from '../support/template';

const HERE = { account: '111122223333', region: 'eu-central-1' };

/**
 * What a policy of each kind may come to, in characters. Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 * (all inline policies of a role together, trust policies), https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html. The
 * bounds for topics and queues are ours.
 */
const QUOTAS = { inline: 10_240, trust: 2_048, key: 32_768, topic: 8_192, queue: 8_192 };
/** Longer than any ARN that the library refers to is on average. */
const ANY_VALUE = 'x'.repeat(180);

/** The length of a policy as it is deployed: what is known at deployment only counts as a long ARN. */
function deployedLength(document: unknown): number {
  return JSON.stringify(document, (_, value) => (isIntrinsic(value) ? ANY_VALUE : value)).length;
}

function isIntrinsic(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 1 && /^(Ref|Fn::\w+)$/.test(Object.keys(value)[0]);
}

/** DynamoDB actions that carry the partition keys that they touch, so that a condition on them cannot be true for lack of a key. */
const WITH_KEYS = ['BatchGetItem', 'BatchWriteItem', 'ConditionCheckItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'].map((action) => `dynamodb:${action}`);
/** What needs no key of an item: reading a stream. */
const STREAM = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map((action) => `dynamodb:${action}`);

describe.each(SAMPLES)('$name', (sample) => {
  const stack = monitoredStack(testApp(), 'Test', { env: HERE });
  sample.make(stack, PLAIN);
  const template = Template.fromStack(stack);
  const statements = (properties(template, 'AWS::IAM::Role')).flatMap(({ Policies = [] }) => Policies.flatMap(({ PolicyDocument }: any) => PolicyDocument.Statement));

  test('every policy stays well within its quota', () => {
    for (const { Policies = [], AssumeRolePolicyDocument } of properties(template, 'AWS::IAM::Role')) {
      const inline = Policies.reduce((sum: number, { PolicyDocument }: any) => sum + deployedLength(PolicyDocument), 0);
      expect(inline).toBeLessThan(QUOTAS.inline / 2);
      expect(deployedLength(AssumeRolePolicyDocument)).toBeLessThan(QUOTAS.trust / 2);
    }
    for (const { KeyPolicy } of properties(template, 'AWS::KMS::Key')) expect(deployedLength(KeyPolicy)).toBeLessThan(QUOTAS.key / 2);
    for (const { PolicyDocument } of properties(template, 'AWS::SNS::TopicPolicy')) expect(deployedLength(PolicyDocument)).toBeLessThan(QUOTAS.topic / 2);
    for (const { PolicyDocument } of properties(template, 'AWS::SQS::QueuePolicy')) expect(deployedLength(PolicyDocument)).toBeLessThan(QUOTAS.queue / 2);
  });

  test('access logs do not fill the resource policy of CloudWatch Logs', () => {
    template.resourceCountIs('AWS::Logs::ResourcePolicy', 0);
    for (const { AccessLogSettings } of properties(template, 'AWS::ApiGatewayV2::Stage')) {
      const group = template.toJSON().Resources[AccessLogSettings.DestinationArn['Fn::GetAtt'][0]];
      expect(group.Properties.LogGroupName).toEqual({ 'Fn::Sub': expect.stringMatching(/^\/aws\/vendedlogs\/\$\{AWS::StackName\}\/[A-Za-z0-9_.-]+-[0-9a-f]{8}$/) });
    }
  });

  test('what is granted on a table is bound to partition keys, by actions that have them', () => {
    for (const { Action, Condition } of statements.filter(({ Action: actions }) => [actions].flat().some((action: string) => action.startsWith('dynamodb:')))) {
      const keys = Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'];
      expect(keys === undefined ? STREAM : WITH_KEYS).toEqual(expect.arrayContaining([Action].flat()));
    }
  });
});

test('the policy of a key has one statement for logs per account and region, however many stacks use it', () => {
  const app = new App();
  const key = new Key(monitoredStack(app, 'Keys', { env: HERE }), 'Key');
  for (let index = 0; index < 5; index++) {
    const stack = monitoredStack(app, `Services${index}`, { env: HERE });
    Encryption.withKey(key).on(stack);
    new ServerlessApi(stack, 'Api');
  }
  const { Statement } = only(Template.fromStack(Stack.of(key)), 'AWS::KMS::Key').KeyPolicy;
  expect(Statement.filter(({ Principal }: any) => JSON.stringify(Principal).includes('logs.'))).toHaveLength(1);
});
