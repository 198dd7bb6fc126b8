import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { AuthService, Endpoint, JwtAuthorizer, Monitoring, RoomService, type RoomServiceOptions, ServerlessApi, StagePreset } from '../../src';
import { alarmTopic, monitoredStack, someCode, stackWithRegion } from '../support/app';
import { findings } from '../support/findings';
import { grantsOf } from '../support/grants';
import { refusal } from '../support/refusal';
import { brokenRules, only, properties, resources } from '../support/template';

let stack: Stack;
let api: ServerlessApi;
let auth: JwtAuthorizer;
const begin = (scope = monitoredStack()) => {
  stack = scope;
  api = new ServerlessApi(stack, 'Api');
  auth = new JwtAuthorizer(stack, 'Auth', { api, issuer: 'https://login.example.com', audience: ['web'] });
};
const make = (options: RoomServiceOptions = {}) => new RoomService(stack, 'Rooms', { api, auth, ...options });
const template = () => Template.fromStack(stack);
const table = () => only(template(), 'AWS::DynamoDB::GlobalTable');
const endpointsOf = (rooms: RoomService) => ({
  'POST /rooms': rooms.createEndpoint,
  'GET /rooms': rooms.listEndpoint,
  'GET /rooms/{roomId}': rooms.readEndpoint,
  'POST /rooms/join': rooms.joinEndpoint,
});

describe('by default', () => {
  let rooms: RoomService;
  beforeAll(() => {
    begin();
    rooms = make();
  });

  test('its table: keys, time to live, on demand', () => {
    expect(table()).toMatchObject({
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }],
      BillingMode: 'PAY_PER_REQUEST',
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
    expect(table().StreamSpecification).toBeUndefined();
  });

  test('its table is restorable to any second, protected and retained', () => {
    const [{ DeletionPolicy, UpdateReplacePolicy }] = Object.values(resources(template(), 'AWS::DynamoDB::GlobalTable'));
    expect({ DeletionPolicy, UpdateReplacePolicy }).toEqual({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(table().Replicas).toEqual([{
      Region: { Ref: 'AWS::Region' }, DeletionProtectionEnabled: true, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    }]);
  });

  test('its endpoints are those of the contract, and all ask for a token', () => {
    for (const [route, endpoint] of Object.entries(endpointsOf(rooms))) expect(endpoint.route).toBe(route);
    expect(properties(template(), 'AWS::ApiGatewayV2::Route').map(({ AuthorizationType }) => AuthorizationType)).toEqual([
      'JWT',
      'JWT',
      'JWT',
      'JWT',
    ]);
  });

  test('each may do what it does, on the partitions that it does it on', () => {
    expect(Object.fromEntries(Object.entries(endpointsOf(rooms)).map(([route, endpoint]) => [route, grantsOf(endpoint)]))).toEqual({
      'POST /rooms': ['dynamodb:PutItem on Rooms/Table, keys user#* invite#*'],
      'GET /rooms': ['dynamodb:Query on Rooms/Table, keys user#*'],
      'GET /rooms/{roomId}': ['dynamodb:GetItem on Rooms/Table, keys user#*'],
      'POST /rooms/join': [
        'dynamodb:GetItem on Rooms/Table, keys user#* invite#*',
        'dynamodb:PutItem dynamodb:UpdateItem on Rooms/Table, keys user#*',
      ],
    });
  });

  test('they find the table in their environment', () => {
    for (const { Environment } of properties(template(), 'AWS::Lambda::Function')) {
      expect(Environment.Variables).toEqual({
        POWERTOOLS_SERVICE_NAME: 'rooms', ROOMS_TABLE_NAME: stack.resolve(rooms.table.tableName),
      });
    }
  });

  test('cdk-nag finds nothing, nor does anybody else', () => {
    expect(findings(stack)).toEqual([]);
    expect(brokenRules(template())).toEqual([]);
  });
});

describe('props', () => {
  test('encryptionKey: of the table; who reads may decrypt, who writes may encrypt too', () => {
    begin(stackWithRegion());
    const key = new Key(stack, 'Key', { enableKeyRotation: true });
    const rooms = make({ encryptionKey: key });
    expect(table().SSESpecification).toEqual({ SSEEnabled: true, SSEType: 'KMS' });
    expect(table().Replicas[0].SSESpecification.KMSMasterKeyId).toEqual(stack.resolve(key.keyArn));
    expect(grantsOf(rooms.readEndpoint)).toEqual(['dynamodb:GetItem on Rooms/Table, keys user#*', 'kms:Decrypt kms:DescribeKey on Key']);
    expect(grantsOf(rooms.createEndpoint)).toContain(
      'kms:Decrypt kms:DescribeKey kms:Encrypt kms:GenerateDataKey kms:GenerateDataKeyWithoutPlaintext kms:ReEncryptFrom kms:ReEncryptTo on Key',
    );
    expect(findings(stack)).toEqual([]);
  });

  test('encryptionKey without a region is refused: CloudFormation could not name the key', () => {
    begin();
    expect(refusal(() => make({ encryptionKey: new Key(stack, 'Key') }))).toEqual({
      what: 'encryptionKey is given in a stack without a region', at: 'Test/Rooms', mend: expect.stringContaining('env: { region'),
    });
  });

  test('monitoring: of its alarms', () => {
    begin();
    const mine = alarmTopic(stack, 'Mine');
    make({ monitoring: Monitoring.to(mine) });
    template().resourcePropertiesCountIs('AWS::CloudWatch::Alarm', { AlarmActions: [stack.resolve(mine.topicArn)] }, 2);
  });

  test('stage: of its table and its logs', () => {
    begin();
    make({ stage: StagePreset.development() });
    expect(table().Replicas[0].DeletionProtectionEnabled).toBe(false);
    expect(Object.values(resources(template(), 'AWS::DynamoDB::GlobalTable'))[0].DeletionPolicy).toBe('Delete');
    template().resourcePropertiesCountIs('AWS::Logs::LogGroup', { RetentionInDays: 7 }, 4);
  });

  test('api, auth: an AuthService is one', () => {
    begin();
    const accounts = new AuthService(stack, 'Accounts', { api });
    const rooms = new RoomService(stack, 'Rooms', { api, auth: accounts });
    expect([rooms.api, rooms.auth]).toEqual([api, accounts]);
    const routes = properties(template(), 'AWS::ApiGatewayV2::Route').filter(({ RouteKey }) => RouteKey.includes('/rooms'));
    for (const { AuthorizerId } of routes) expect(AuthorizerId).toEqual(stack.resolve(accounts.authorizerId));
  });
});

describe('grantMembershipCheck', () => {
  test('a function may read memberships and nothing else, and learns the table\'s name', () => {
    begin();
    const rooms = make();
    const endpoint = api.addEndpoint('GET /customers', { code: someCode(), auth });
    rooms.grantMembershipCheck(endpoint).assertSuccess();
    expect(grantsOf(endpoint)).toEqual(['dynamodb:GetItem on Rooms/Table, keys user#*']);
    const environments = properties(template(), 'AWS::Lambda::Function').map(({ Environment }) => Environment.Variables);
    expect(environments).toContainEqual({ ROOMS_TABLE_NAME: stack.resolve(rooms.table.tableName) });
  });
});

describe('fromAttributes', () => {
  test('services of this app ask the rooms of another about memberships', () => {
    begin(stackWithRegion());
    const key = new Key(stack, 'Key');
    const theirs = TableV2.fromTableAttributes(stack, 'Theirs', {
      tableArn: 'arn:aws:dynamodb:eu-central-1:111122223333:table/rooms', encryptionKey: key,
    });
    const rooms = RoomService.fromAttributes(stack, 'Rooms', { api, auth, table: theirs });
    const endpoint = new Endpoint(stack, 'Mine', { api: rooms.api, auth: rooms.auth, route: 'GET /a', code: someCode() });
    rooms.grantMembershipCheck(endpoint);
    template().resourceCountIs('AWS::DynamoDB::GlobalTable', 0);
    expect(grantsOf(endpoint)).toEqual([
      'dynamodb:GetItem on arn:aws:dynamodb:eu-central-1:111122223333:table/rooms, keys user#*',
      'kms:Decrypt kms:DescribeKey on Key',
    ]);
    expect(only(template(), 'AWS::Lambda::Function').Environment.Variables).toEqual({ ROOMS_TABLE_NAME: 'rooms' });
  });
});
