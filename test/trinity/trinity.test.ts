import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Monitoring, StagePreset, Trinity, type TrinityProps } from '../../src';
import { alarmTopic, monitoredStack, someCode, testApp } from '../support/app';
import { acknowledged, findings } from '../support/findings';
import { refusal } from '../support/refusal';
import { brokenRules, masked, only, properties, resources } from '../support/template';

let stack: Stack;
const make = (props?: TrinityProps) => new Trinity(stack, 'Trinity', props);
const template = () => Template.fromStack(stack);

describe('by default', () => {
  let trinity: Trinity;
  beforeAll(() => {
    stack = monitoredStack();
    trinity = make();
  });

  test('its parts are wired: one API, one pool, and every service behind it', () => {
    expect(trinity.auth.api).toBe(trinity.api);
    expect([trinity.rooms.api, trinity.rooms.auth]).toEqual([trinity.api, trinity.auth]);
    expect(trinity.voting.rooms).toBe(trinity.rooms);
    template().resourceCountIs('AWS::ApiGatewayV2::Api', 1);
    template().resourceCountIs('AWS::ApiGatewayV2::Authorizer', 1);
    template().resourceCountIs('AWS::ApiGatewayV2::Route', 21);
  });

  test('production holds where nothing else is said', () => {
    for (const table of properties(template(), 'AWS::DynamoDB::GlobalTable')) expect(table.Replicas[0].DeletionProtectionEnabled).toBe(true);
    for (const type of ['AWS::DynamoDB::GlobalTable', 'AWS::Cognito::UserPool']) {
      for (const { DeletionPolicy } of Object.values(resources(template(), type))) expect(DeletionPolicy).toBe('Retain');
    }
    for (const { RetentionInDays } of properties(template(), 'AWS::Logs::LogGroup')) expect(RetentionInDays).toBe(90);
  });

  test('the API is called as the whole', () => {
    expect(only(template(), 'AWS::ApiGatewayV2::Api').Name).toBe('Trinity');
  });

  test('cdk-nag finds nothing, nor does anybody else', () => {
    expect(findings(stack)).toEqual([]);
    expect(brokenRules(template())).toEqual([]);
  });

  test('what is acknowledged stands on one resource, with a reason of whole sentences', () => {
    const scopes = Object.entries(acknowledged(stack));
    expect(scopes.length).toBeGreaterThan(0);
    for (const [rule, reason] of scopes) {
      expect(rule).toMatch(/^(AwsSolutions|Serverless|NIST\.800\.53\.R[45]|HIPAA\.Security|PCI\.DSS\.321)-\w+(\[.+\])? at Test\/Trinity\/(Auth|Rooms|Voting)\/\w+/);
      expect(reason.length).toBeGreaterThan(40);
      expect(reason).toMatch(/\.$/);
    }
  });

  test('no resource has a name of its own, except by the name of its stack: two of them fit into one account', () => {
    const names = /^(TableName|FunctionName|RoleName|QueueName|LogGroupName|UserPoolName|ClientName|AlarmName)$/;
    const named = Object.entries(masked(stack)).filter(([, { Properties = {} }]) => Object.entries(Properties).some(([name, value]) => names.test(name) && !JSON.stringify(value).includes('${AWS::StackName}')));
    expect(new Set(named.map(([, { Type }]) => Type))).toEqual(new Set(['AWS::Lambda::EventSourceMapping']));
  });

  const PARTS = ['Api', 'Auth', 'Rooms', 'Voting'];

  test.each(PARTS)('the template of %s, without the hashes of the code', (part) => {
    expect(Object.fromEntries(Object.entries(masked(stack)).filter(([id]) => id.startsWith(`Trinity${part}`)))).toMatchSnapshot();
  });

  test('nothing stands beside the parts', () => {
    const others = Object.keys(masked(stack)).filter((id) => !PARTS.some((part) => id.startsWith(`Trinity${part}`)));
    expect(others.filter((id) => !id.startsWith('Alarms'))).toEqual([]);
  });
});

describe('props', () => {
  beforeEach(() => {
    stack = monitoredStack();
  });

  test('monitoring: of all parts', () => {
    const mine = alarmTopic(stack, 'Mine');
    make({ monitoring: Monitoring.to(mine) });
    for (const { AlarmActions } of properties(template(), 'AWS::CloudWatch::Alarm')) expect(AlarmActions).toEqual([stack.resolve(mine.topicArn)]);
  });

  test('stage: of all parts', () => {
    make({ stage: StagePreset.development() });
    for (const table of properties(template(), 'AWS::DynamoDB::GlobalTable')) expect(table.Replicas[0].DeletionProtectionEnabled).toBe(false);
    for (const { RetentionInDays } of properties(template(), 'AWS::Logs::LogGroup')) expect(RetentionInDays).toBe(7);
    expect(findings(stack)).toEqual([]);
  });

  test('api, auth, rooms, voting: what is said for a part wins over what is said for the whole', () => {
    make({
      stage: StagePreset.development(),
      api: { title: 'Votes', logRetention: RetentionDays.ONE_YEAR },
      auth: { passwordMinLength: 20 },
      rooms: { stage: StagePreset.production() },
      voting: { lanes: 3, stage: StagePreset.staging() },
    });
    expect(only(template(), 'AWS::ApiGatewayV2::Api').Name).toBe('Votes');
    template().resourcePropertiesCountIs('AWS::Logs::LogGroup', { RetentionInDays: 365 }, 1);
    expect(only(template(), 'AWS::Cognito::UserPool').Policies.PasswordPolicy.MinimumLength).toBe(20);
    expect(properties(template(), 'AWS::DynamoDB::GlobalTable').map(({ Replicas }) => Replicas[0].DeletionProtectionEnabled)).toEqual([true, false]);
    template().hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { VOTING_LANES: '3' } } });
  });

  test('voting.expectedPeakVotesPerSecond sizes the logins too, unless auth says otherwise', () => {
    const loginRate = (props: TrinityProps) => {
      stack = monitoredStack();
      make(props);
      return only(template(), 'AWS::ApiGatewayV2::Stage').RouteSettings['POST /auth/login'].ThrottlingRateLimit;
    };
    expect(loginRate({ voting: { expectedPeakVotesPerSecond: 100 } })).toBe(120);
    expect(loginRate({ voting: { expectedPeakVotesPerSecond: 100 }, auth: { expectedPeakLoginsPerSecond: 50 } })).toBe(60);
    expect(loginRate({})).toBe(50);
  });

  test('voting.expectedPeakVotesPerSecond never lets more requests without a token through than Cognito serves: votes need the rest of the API\'s throttle', () => {
    make({ voting: { expectedPeakVotesPerSecond: 10_000 } });
    const { RouteSettings: settings, DefaultRouteSettings: whole } = only(template(), 'AWS::ApiGatewayV2::Stage');
    const rates = Object.values<any>(settings).map(({ ThrottlingRateLimit }) => ThrottlingRateLimit);
    expect(Math.max(...rates)).toBe(144);
    expect(rates.reduce((sum, rate) => sum + rate, 0)).toBeLessThan(whole.ThrottlingRateLimit / 10);
  });

  test('api without a title keeps the name of the whole', () => {
    make({ api: { title: undefined, version: '2.0.0' } });
    expect(only(template(), 'AWS::ApiGatewayV2::Api').Name).toBe('Trinity');
  });

  test('addEndpoint: of one\'s own', () => {
    const trinity = make();
    expect(trinity.addEndpoint('GET /customers', { code: someCode(), auth: trinity.auth }).node.path).toBe('Test/Trinity/Api/GetCustomers');
    expect(refusal(() => trinity.addEndpoint('GET /rooms/{id}', { code: someCode(), auth: trinity.auth })).what)
      .toBe("'GET /rooms/{id}' is the route of two endpoints: Test/Trinity/Rooms/Get has 'GET /rooms/{roomId}'");
  });

  test('two of them in one app are two systems', () => {
    const app = testApp();
    for (const id of ['One', 'Two']) new Trinity(monitoredStack(app, id), 'Trinity');
    expect(app.synth().stacks.map(({ dependencies }) => dependencies.filter(({ id }) => ['One', 'Two'].includes(id)))).toEqual([[], []]);
  });
});
