import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AuthService, Ingestion, RoomService, ServerlessApi, Trinity, VotingPipeline } from '../../src';
import { monitoredStack, testApp } from '../support/app';
import { resources } from '../support/template';

/**
 * A changed logical id, or a changed property that CloudFormation cannot change in place, makes a new, empty resource
 * in the place of the old one: every table, account, URL and log of a system that is deployed would be lost or left behind.
 * Whoever changes these ids or keys breaks every system that exists: that is a new major version.
 */
const STATEFUL: Record<string, readonly string[]> = {
  'AWS::ApiGatewayV2::Api': ['ProtocolType'],
  'AWS::ApiGatewayV2::Stage': ['StageName'],
  'AWS::Cognito::UserPool': ['UsernameAttributes', 'UsernameConfiguration', 'AliasAttributes', 'Schema'],
  'AWS::Cognito::UserPoolClient': ['GenerateSecret'],
  'AWS::KMS::Key': ['KeySpec', 'KeyUsage'],
  'AWS::DynamoDB::GlobalTable': ['KeySchema', 'LocalSecondaryIndexes', 'TableName'],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
};

/** The stateful resources of a stack, each with what it cannot change. */
function pinned(...stacks: Stack[]): Record<string, object> {
  const entries = stacks.flatMap((stack) => {
    const template = Template.fromStack(stack);
    return Object.entries(STATEFUL).flatMap(([type, keys]) => Object.entries(resources(template, type))
      .map(([id, { Properties }]) => [`${stack.stackName} ${id}`, picked(Properties, keys)]));
  });
  return Object.fromEntries(entries);
}

const picked = (from: Record<string, unknown>, keys: readonly string[]) => (
  Object.fromEntries(Object.entries(from).filter(([key]) => keys.includes(key)))
);

const KEYS = [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }];
const API = { ProtocolType: 'HTTP' };
const STAGE = { StageName: '$default' };
const USER_POOL = {
  UsernameConfiguration: { CaseSensitive: false },
  Schema: [{ Name: 'email', Mutable: false, Required: false }, { Name: 'name', Mutable: true, Required: false }],
};
/** Every user's id follows from it. */
const USERNAME_KEY = { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' };
const CLIENT = { GenerateSecret: false };
const ROOMS = { KeySchema: KEYS };
const VOTING = {
  KeySchema: KEYS,
  LocalSecondaryIndexes: [{
    IndexName: 'lanePin',
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'lanePin', KeyType: 'RANGE' }],
    Projection: { ProjectionType: 'KEYS_ONLY' },
  }],
};

test('the whole system', () => {
  const stack = monitoredStack(testApp(), 'Prod');
  new Trinity(stack, 'Trinity');
  expect(pinned(stack)).toEqual({
    'Prod TrinityApi1CCADCBC': API,
    'Prod TrinityApiStageE3E38D6E': STAGE,
    'Prod TrinityAuthUserPoolE0CFCCF1': USER_POOL,
    'Prod TrinityAuthUserPoolClientFC0EC1BB': CLIENT,
    'Prod TrinityAuthUsernameKeyFC6459C2': USERNAME_KEY,
    'Prod TrinityRoomsTable83D220FC': ROOMS,
    'Prod TrinityVotingTable04BFBBCF': VOTING,
    'Prod TrinityVotingAggregationDeadLetters9FB50376': {},
    'Prod TrinityVotingOverflowDeadLettersEE77550B': {},
    'Prod TrinityVotingOverflowQueue3B0E0412': {},
  });
});

test('piece by piece, each in a stack of its own', () => {
  const app = testApp();
  const [one, two, three, four] = ['Api', 'Auth', 'Rooms', 'Voting'].map((id) => monitoredStack(app, id));
  const api = new ServerlessApi(one, 'Api');
  const auth = new AuthService(two, 'Auth', { api });
  const rooms = new RoomService(three, 'Rooms', { api, auth });
  new VotingPipeline(four, 'Voting', { rooms });
  expect(pinned(one, two, three, four)).toEqual({
    'Api ApiCD79AAA0': API,
    'Api ApiStage4697DF29': STAGE,
    'Auth AuthUserPool8115E87F': USER_POOL,
    'Auth AuthUserPoolClient0AA456E4': CLIENT,
    'Auth AuthUsernameKey0EDBADCB': USERNAME_KEY,
    'Rooms RoomsTableAE5AE38B': ROOMS,
    'Voting VotingTableD53A7CD5': VOTING,
    'Voting VotingAggregationDeadLetters2B34E211': {},
    'Voting VotingOverflowDeadLetters130704AB': {},
    'Voting VotingOverflowQueueE7935C20': {},
  });
});

test('no prop changes an id or a key', () => {
  const ids = (build: (stack: Stack) => unknown) => {
    const stack = monitoredStack(testApp(), 'Prod');
    build(stack);
    return pinned(stack);
  };
  const plain = ids((stack) => new Trinity(stack, 'Trinity'));
  const other = ids((stack) => new Trinity(stack, 'Trinity', {
    api: { title: 'Other', corsOrigins: ['*'], version: '9.9.9' },
    auth: { passwordMinLength: 20 },
    voting: { lanes: 99, warmInstances: 2, expectedPeakVotesPerSecond: 50_000, maximumWriteUnits: 90_000, ingestion: Ingestion.buffered() },
  }));
  expect(other).toEqual(plain);
});
