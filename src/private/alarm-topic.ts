import { CfnResource, Lazy, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { ConstructError } from './errors';
import { validateLate } from './late';
import { existingState, stateOf } from './state';

const CLOUDWATCH = new ServicePrincipal('cloudwatch.amazonaws.com');
const TOPIC = 'alarm-topic';

/** What is known of a topic that alarms go to. Shared by all copies of the package. */
interface TopicState {
  /** The accounts whose alarms may be published. */
  readonly accounts: string[];
}

/** Permits CloudWatch to publish to the topic, or refuses the topic. Whether it still may is checked again at the end of synthesis. */
export function allowAlarms(topic: ITopic, importedKey: IKey | undefined): void {
  if (existingState(topic, TOPIC) !== undefined) return;
  const key = keyOf(topic);
  if (key !== undefined) validateManagedKey(topic, key);
  const { accounts } = stateOf<TopicState>(topic, TOPIC, () => ({ accounts: [Stack.of(topic).account] }));
  // Accounts are added as alarms are made.
  const conditions = { StringEquals: { 'aws:SourceAccount': Lazy.uncachedAny({ produce: () => (accounts.length === 1 ? accounts[0] : accounts) }) } };
  if (key !== undefined) {
    const owned = topic.masterKey?.addToResourcePolicy(new PolicyStatement({
      sid: 'AllowCloudWatchAlarms', principals: [CLOUDWATCH], actions: ['kms:Decrypt', 'kms:GenerateDataKey*'], resources: ['*'], conditions,
    })).statementAdded ?? false;
    if (!owned && importedKey === undefined) throw unknownKey(topic);
  }
  topic.addToResourcePolicy(new PolicyStatement({
    sid: 'AllowCloudWatchAlarms', principals: [CLOUDWATCH], actions: ['sns:Publish'], resources: [topic.topicArn], conditions,
  }));
  validateLate(topic, () => validateKeyOfSynthesis(topic, key, importedKey));
}

/**
 * Refuses a topic that an alarm at this scope cannot be published to: one of another region. If the alarm is in another account than the
 * topic, that account is permitted.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
 */
export function useTopic(scope: IConstruct, topic: ITopic): void {
  const { account, region } = Stack.of(scope);
  if (differ(region, topic.env.region)) {
    throw new ConstructError(scope, `The alarms of ${region} cannot go to the topic ${topic.node.path} in ${topic.env.region}: CloudWatch publishes within its region only`,
      'make a topic in each region, and choose it there: Monitoring.to(topic).on(stack)');
  }
  const accounts = existingState<TopicState>(topic, TOPIC)?.accounts;
  if (accounts !== undefined && differ(account, topic.env.account) && !accounts.includes(account)) accounts.push(account);
}

function differ(a: string, b: string): boolean {
  return !Token.isUnresolved(a) && !Token.isUnresolved(b) && a !== b;
}

function keyOf(topic: ITopic): string | undefined {
  const resource = topicResource(topic);
  return resource === undefined ? topic.masterKey?.keyArn : (resource as CfnResource & { kmsMasterKeyId?: string }).kmsMasterKeyId;
}

function topicResource(topic: ITopic): CfnResource | undefined {
  const resource = topic.node.defaultChild;
  return resource !== undefined && CfnResource.isCfnResource(resource) && resource.cfnResourceType === 'AWS::SNS::Topic' ? resource : undefined;
}

function validateManagedKey(topic: ITopic, key: string): void {
  const managed = /alias\/aws\/\w+/.exec(key);
  if (managed === null) return;
  throw new ConstructError(topic, `The topic is encrypted with ${managed[0]}, which CloudWatch cannot use: it would drop every alarm in silence`,
    'encrypt it with a key of your own (new sns.Topic(…, { masterKey: new kms.Key(…) })), or leave the encryption out: alarm messages carry no secrets');
}

/** Aspects and overrides may have encrypted the topic, or with another key, after CloudWatch was permitted. */
function validateKeyOfSynthesis(topic: ITopic, before: string | undefined, importedKey: IKey | undefined): void {
  const resource = topicResource(topic);
  if (resource === undefined) return;
  const { stack } = resource;
  const { Resources: rendered } = stack.resolve((resource as unknown as { _toCloudFormation(): unknown })._toCloudFormation());
  const [{ Properties: { KmsMasterKeyId: key } = {} as { KmsMasterKeyId?: unknown } }] = Object.values<any>(rendered);
  const text = JSON.stringify(key);
  if (key === undefined || text === JSON.stringify(stack.resolve(before))) return;
  validateManagedKey(topic, text);
  const named = importedKey === undefined ? [] : [importedKey.keyArn, importedKey.keyId];
  if (!named.some((name) => text === JSON.stringify(stack.resolve(name)))) throw unknownKey(topic);
}

function unknownKey(topic: ITopic): ConstructError {
  return new ConstructError(topic, 'The topic is encrypted with a key that this app does not own or that was set afterwards, and nothing says that CloudWatch may use it: alarms could be dropped in silence',
    'give the topic its key where it is defined (masterKey), before Monitoring.to; or let cloudwatch.amazonaws.com use kms:Decrypt and kms:GenerateDataKey* in the key\'s policy, then say so: Monitoring.to(topic, { importedTopicKey: key })');
}
