import { Aws, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { type CfnKey, type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { HIPAASecurityChecks, NIST80053R4Checks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { AuthService, Encryption, Monitoring, RoomService, ServerlessApi, StagePreset, Trinity, VotingPipeline } from '../../src';
import { alarmTopic, monitoredStack, someCode, stackWithRegion, testApp } from '../support/app';
import { findings } from '../support/findings';
import { grantsOf } from '../support/grants';
import { refusal } from '../support/refusal';
import { only, properties } from '../support/template';

const ENV = { account: '111122223333', region: 'eu-central-1' };

/** Where each type that stores something names its key. */
const KEY_OF: Record<string, (resource: Record<string, any>) => unknown> = {
  'AWS::DynamoDB::GlobalTable': ({ Replicas }) => Replicas[0].SSESpecification?.KMSMasterKeyId,
  'AWS::SQS::Queue': ({ KmsMasterKeyId }) => KmsMasterKeyId,
  'AWS::Logs::LogGroup': ({ KmsKeyId }) => KmsKeyId,
  'AWS::Lambda::Function': ({ KmsKeyArn }) => KmsKeyArn,
};

/** Types that store nothing of the users', and the two that keep a key of their service (`src/encryption/README.md`) or are one. */
const WITHOUT_KEY = /^AWS::(ApiGatewayV2::\w+|CloudWatch::Alarm|IAM::\w+|Lambda::(EventSourceMapping|Version|Alias|Permission)|SNS::\w+|SQS::QueuePolicy|Logs::ResourcePolicy|Cognito::\w+|KMS::Key)$/;

/** The key of each resource that stores something: `null` if it has none. */
function keysOf(template: Template): unknown[] {
  return Object.entries(KEY_OF).flatMap(([type, key]) => properties(template, type).map((resource) => key(resource) ?? null));
}

/** What the packs of compliance programmes find below a scope: `<rule> at <path>`. */
function complianceFindings(scope: IConstruct): string[] {
  return [new NIST80053R4Checks(), new NIST80053R5Checks(), new HIPAASecurityChecks(), new PCIDSS321Checks()]
    .flatMap((pack) => pack.validateScope(scope).violations)
    .flatMap(({ ruleName, violatingResources }) => violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`));
}

describe('one key for the whole system', () => {
  let stack: Stack;
  let key: Key;
  let trinity: Trinity;
  beforeAll(() => {
    stack = new Stack(testApp(), 'Test', { env: ENV });
    key = new Key(stack, 'Key', { enableKeyRotation: true });
    Monitoring.to(new Topic(stack, 'Alarms', { enforceSSL: true, masterKey: key })).on(stack);
    trinity = new Trinity(stack, 'Trinity', { encryptionKey: key, stage: StagePreset.production() });
    trinity.addEndpoint('GET /own', { code: someCode(), auth: trinity.auth, environment: { A: 'b' } });
  });

  test('reaches every table, queue, log group and function environment, those of own endpoints included', () => {
    const keys = keysOf(Template.fromStack(stack));
    expect(keys.length).toBeGreaterThan(45);
    expect(new Set(keys.map((each) => JSON.stringify(each)))).toEqual(new Set([JSON.stringify(stack.resolve(key.keyArn))]));
  });

  test('has no type of resource of which nobody has said where its key stands', () => {
    const types = new Set(Object.values(Template.fromStack(stack).toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type));
    expect([...types].filter((type) => !(type in KEY_OF) && !WITHOUT_KEY.test(type))).toEqual([]);
  });

  test('lets every function decrypt its environment, and gives no function more actions than its data needs', () => {
    const functions = stack.node.findAll().filter((construct) => construct.node.tryFindChild('Role') !== undefined && construct.node.tryFindChild('Logs') !== undefined);
    expect(functions.length).toBe(Object.keys(Template.fromStack(stack).findResources('AWS::Lambda::Function')).length);
    for (const each of functions) expect(grantsOf(each)).toContainEqual(expect.stringMatching(/^kms:Decrypt.* on Key$/));
    expect(grantsOf(trinity.auth.loginEndpoint).filter((grant) => grant.endsWith(' on Key'))).toEqual(['kms:Decrypt on Key']);
  });

  test('lets CloudWatch Logs use the key for log groups of this account and region only', () => {
    const { KeyPolicy } = Template.fromStack(stack).toJSON().Resources[stack.getLogicalId(key.node.defaultChild as CfnKey)].Properties;
    const statements = KeyPolicy.Statement as Array<Record<string, any>>;
    const ofLogs = statements.filter(({ Principal }) => JSON.stringify(Principal).includes('logs.'));
    expect(ofLogs).toEqual([expect.objectContaining({
      Principal: { Service: 'logs.eu-central-1.amazonaws.com' },
      Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': stack.resolve(`arn:${Aws.PARTITION}:logs:eu-central-1:111122223333:*`) } },
    })]);
  });

  test('leaves the packs NIST 800-53 R4 and R5, HIPAA and PCI DSS without a finding that is not explained', () => {
    // The code of an own endpoint is its owner's: whether it belongs into a VPC, the library cannot explain.
    expect(complianceFindings(stack).filter((finding) => !finding.includes('/GetOwn/'))).toEqual([]);
    expect(findings(stack)).toEqual([]);
  });
});

describe('one key over several stacks', () => {
  /** Each service in a stack of its own, the key in another. */
  function services(keyOf: (stack: Stack) => IKey): Record<'Keys' | 'Api' | 'Auth' | 'Rooms' | 'Voting', Template> {
    const app = testApp();
    const own = (id: string) => new Stack(app, id, { env: ENV });
    const [keys, apiStack, authStack, roomStack, votingStack] = ['Keys', 'Api', 'Auth', 'Rooms', 'Voting'].map(own);
    Monitoring.to(alarmTopic(keys)).on(app);
    Encryption.withKey(keyOf(keys)).on(app);
    const api = new ServerlessApi(apiStack, 'Api');
    const auth = new AuthService(authStack, 'Auth', { api });
    const rooms = new RoomService(roomStack, 'Rooms', { api, auth });
    new VotingPipeline(votingStack, 'Voting', { rooms });
    const of = (stack: Stack) => Template.fromStack(stack);
    return { Keys: of(keys), Api: of(apiStack), Auth: of(authStack), Rooms: of(roomStack), Voting: of(votingStack) };
  }

  test('is chosen once for all below a scope, and the stack of the key refers to no other', () => {
    const { Keys, ...users } = services((keys) => new Key(keys, 'Key', { enableKeyRotation: true }));
    for (const template of Object.values(users)) expect(keysOf(template)).not.toContain(null);
    expect(JSON.stringify(Keys.toJSON())).not.toContain('Fn::ImportValue');
    expect(only(Keys, 'AWS::KMS::Key').KeyPolicy.Statement).toHaveLength(2);
  });

  test('can be a key of another app: nothing is added to its policy, which must allow CloudWatch Logs already', () => {
    const keyArn = 'arn:aws:kms:eu-central-1:444455556666:key/11111111-2222-3333-4444-555555555555';
    const { Keys, ...users } = services((keys) => Key.fromKeyArn(keys, 'Key', keyArn));
    Keys.resourceCountIs('AWS::KMS::Key', 0);
    for (const template of Object.values(users)) expect(keysOf(template)).toEqual(keysOf(template).map(() => keyArn));
  });
});

describe('the choice', () => {
  test('the nearest key wins: of the part, of the whole, of the stack', () => {
    const stack = stackWithRegion();
    const [ofStack, ofTrinity, ofRooms, ofEndpoint] = ['OfStack', 'OfTrinity', 'OfRooms', 'OfEndpoint'].map((id) => new Key(stack, id));
    Encryption.withKey(ofStack).on(stack);
    const trinity = new Trinity(stack, 'Trinity', { encryptionKey: ofTrinity, rooms: { encryptionKey: ofRooms } });
    trinity.addEndpoint('GET /own', { code: someCode(), auth: trinity.auth, encryptionKey: ofEndpoint });
    new ServerlessApi(stack, 'Other');
    const logGroup = (id: RegExp) => {
      const found = Object.entries(Template.fromStack(stack).findResources('AWS::Logs::LogGroup')).filter(([logicalId]) => id.test(logicalId));
      return found.map(([, { Properties }]) => Properties.KmsKeyId);
    };
    expect(logGroup(/^OtherAccessLog/)).toEqual([stack.resolve(ofStack.keyArn)]);
    expect(logGroup(/^TrinityApiAccessLog/)).toEqual([stack.resolve(ofTrinity.keyArn)]);
    expect(logGroup(/^TrinityApiGetOwn/)).toEqual([stack.resolve(ofEndpoint.keyArn)]);
    expect(new Set(logGroup(/^TrinityRooms/).map((each) => JSON.stringify(each)))).toEqual(new Set([JSON.stringify(stack.resolve(ofRooms.keyArn))]));
    Template.fromStack(stack).hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      Replicas: [Match.objectLike({ SSESpecification: { KMSMasterKeyId: stack.resolve(ofRooms.keyArn) } })],
    });
  });

  test('without one, no resource names a key', () => {
    const stack = monitoredStack();
    new Trinity(stack, 'Trinity');
    expect(Encryption.of(stack)).toBeUndefined();
    expect(new Set(keysOf(Template.fromStack(stack)))).toEqual(new Set([null]));
    expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toMatch(/kms:(Decrypt|Encrypt|GenerateDataKey)/);
  });

  test('before a running system is given a key, the key can let whoever may use a table or a queue of the account use it through them, and nobody else', () => {
    const stack = new Stack(testApp(), 'Test', { env: ENV });
    Encryption.allowThroughServices(stack, new Key(stack, 'Key', { enableKeyRotation: true }));
    const [{ KeyPolicy }] = properties(Template.fromStack(stack), 'AWS::KMS::Key');
    expect(KeyPolicy.Statement.slice(1)).toEqual([{
      Sid: 'WhileTheKeyIsSwitched',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      Resource: '*',
      Condition: {
        StringEquals: { 'kms:CallerAccount': '111122223333', 'kms:ViaService': ['dynamodb.eu-central-1.amazonaws.com', 'sqs.eu-central-1.amazonaws.com'] },
      },
    }]);
    expect(complianceFindings(stack)).toEqual([]);
    expect(findings(stack)).toEqual([]);
  });

  test('the policy of an imported key is not taken for changed', () => {
    const stack = new Stack(testApp(), 'Test', { env: ENV });
    const imported = Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-central-1:111122223333:key/k');
    expect(refusal(() => Encryption.allowThroughServices(stack, imported))).toEqual({
      what: 'The policy of an imported key cannot be changed here', at: 'Test', mend: expect.stringContaining('src/encryption/README.md'),
    });
  });

  test('a key of another region is refused, with both regions', () => {
    const stack = stackWithRegion();
    const key = Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555');
    expect(refusal(() => new Trinity(stack, 'Trinity', { encryptionKey: key }))).toEqual({
      what: 'The encryption key is in us-east-1, and what it encrypts in eu-central-1', at: 'Test/Trinity', mend: expect.stringContaining('give a key of eu-central-1'),
    });
  });

  test('something that is no key is refused', () => {
    expect(() => Encryption.withKey('alias/mine' as unknown as IKey)).toThrow(/^Encryption.withKey: the key is "alias\/mine"\n {2}mend: give a kms\.Key/);
    expect(() => Encryption.withKey(undefined as unknown as IKey)).toThrow(/mend/);
  });
});
