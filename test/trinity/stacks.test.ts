import { readFileSync } from 'node:fs';
import { type App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { UserPool, UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { AuthService, Endpoint, JwtAuthorizer, Monitoring, RoomService, ServerlessApi, VotingPipeline, type VotingPipelineOptions } from '../../src';
import { alarmTopic, someCode, testApp } from '../support/app';
import { findings } from '../support/findings';
import { grantsOf } from '../support/grants';
import { refusal } from '../support/refusal';
import { properties } from '../support/template';

interface Services {
  readonly app: App;
  readonly api: ServerlessApi;
  readonly auth: AuthService;
  readonly rooms: RoomService;
  readonly voting: VotingPipeline;
}

/** The services, each in a stack of its own, and the topic of their alarms in another. */
function services(options: VotingPipelineOptions = {}): Services {
  const app = testApp();
  const own = (id: string) => new Stack(app, id);
  Monitoring.to(alarmTopic(own('Alarms'))).on(app);
  const api = new ServerlessApi(own('Api'), 'Api');
  const auth = new AuthService(own('Auth'), 'Auth', { api });
  const rooms = new RoomService(own('Rooms'), 'Rooms', { api, auth });
  const voting = new VotingPipeline(own('Voting'), 'Voting', { rooms, ...options });
  return { app, api, auth, rooms, voting };
}

const dependencies = ({ app }: Services) => Object.fromEntries(app.synth().stacks.map(({ stackName, dependencies: all }) => [
  stackName, all.map(({ id }) => id).filter((id) => !id.endsWith('.assets')).sort(),
]));
const templateOf = ({ app }: Services, name: string) => readFileSync(app.synth().getStackByName(name).templateFullPath, 'utf8');

test('each deploys alone, and refers to those before it only', () => {
  expect(dependencies(services())).toEqual({
    Alarms: [],
    Api: ['Alarms'],
    Auth: ['Alarms', 'Api'],
    Rooms: ['Alarms', 'Api', 'Auth'],
    Voting: ['Alarms', 'Api', 'Auth', 'Rooms'],
  });
});

test('what one is made of stands in its own stack: no resource of a later service is in an earlier one', () => {
  const all = services();
  for (const [name, foreign] of [['Api', /Auth|Room|Vot|Poll/], ['Auth', /Room|Vot|Poll/], ['Rooms', /Vot|Poll/]] as const) {
    const { Resources } = JSON.parse(templateOf(all, name));
    expect(Object.keys(Resources).filter((id) => foreign.test(id))).toEqual([]);
  }
});

test('cdk-nag finds nothing in any of them', () => {
  expect(findings(services().app)).toEqual([]);
});

describe('a change in the voting stack leaves the templates of the others as they are, to the byte', () => {
  const before = services();
  const unchanged = (after: Services, ...names: string[]) => {
    for (const name of names) expect(templateOf(after, name)).toBe(templateOf(before, name));
    expect(templateOf(after, 'Voting')).not.toBe(templateOf(before, 'Voting'));
  };

  test('lanes, warm instances', () => {
    unchanged(services({ lanes: 99, warmInstances: 4 }), 'Alarms', 'Api', 'Auth', 'Rooms');
  });

  test('an endpoint more that asks about memberships', () => {
    const after = services();
    const { api, auth, rooms, voting } = after;
    rooms.grantMembershipCheck(new Endpoint(Stack.of(voting), 'Export', { api, auth, route: 'GET /rooms/{roomId}/export', code: someCode() }));
    unchanged(after, 'Alarms', 'Api', 'Auth', 'Rooms');
  });

  test('a route of one\'s own under theirs', () => {
    const after = services();
    new Endpoint(Stack.of(after.voting), 'Health', {
      api: after.api, route: 'GET /health', code: Code.fromInline('// alive'), publicBecause: 'a health check carries no token',
    });
    unchanged(after, 'Alarms', 'Api', 'Auth', 'Rooms');
  });
});

test('an endpoint in the stack of the API cannot have the auth of a later one: that would be a circle', () => {
  const { api, auth } = services();
  expect(refusal(() => api.addEndpoint('GET /a', { code: someCode(), auth }))).toMatchObject({
    what: expect.stringContaining('needs the auth of another stack, which needs this one'), at: 'Api/Api/GetA',
  });
});

test('a service can be taken back: without voting, the others are as if it had never been', () => {
  const app = testApp();
  Monitoring.to(alarmTopic(new Stack(app, 'Alarms'))).on(app);
  const api = new ServerlessApi(new Stack(app, 'Api'), 'Api');
  const auth = new AuthService(new Stack(app, 'Auth'), 'Auth', { api });
  new RoomService(new Stack(app, 'Rooms'), 'Rooms', { api, auth });
  const resourcesOf = (text: string) => JSON.parse(text).Resources;
  const without = app.synth();
  const full = services();
  for (const name of ['Api', 'Auth', 'Rooms']) {
    expect(resourcesOf(readFileSync(without.getStackByName(name).templateFullPath, 'utf8'))).toEqual(resourcesOf(templateOf(full, name)));
  }
});

test('over apps: services of one app stand behind the API, the users and the rooms of another', () => {
  const app = testApp();
  const stack = new Stack(app, 'Mine', { env: { account: '111122223333', region: 'eu-central-1' } });
  Monitoring.to(alarmTopic(stack)).on(stack);
  const api = ServerlessApi.fromAttributes(stack, 'Api', { apiId: 'abc123' });
  const auth = AuthService.fromAttributes(stack, 'Auth', {
    api,
    userPool: UserPool.fromUserPoolId(stack, 'Pool', 'eu-central-1_abc'),
    userPoolClient: UserPoolClient.fromUserPoolClientId(stack, 'Client', 'client123'),
  });
  const rooms = RoomService.fromAttributes(stack, 'Rooms', { api, auth, table: TableV2.fromTableName(stack, 'Table', 'their-rooms') });
  const { castVoteEndpoint } = new VotingPipeline(stack, 'Voting', { rooms });

  expect(grantsOf(castVoteEndpoint)).toContainEqual(expect.stringMatching(/^dynamodb:BatchGetItem dynamodb:GetItem on .*their-rooms.*, keys user#\*$/));
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::ApiGatewayV2::Api', 0);
  template.resourceCountIs('AWS::Cognito::UserPool', 0);
  template.resourceCountIs('AWS::DynamoDB::GlobalTable', 1);
  for (const { ApiId, AuthorizationType } of properties(template, 'AWS::ApiGatewayV2::Route')) expect([ApiId, AuthorizationType]).toEqual(['abc123', 'JWT']);
  expect(findings(stack)).toEqual([]);
});

test('an imported API knows no order: its endpoints may have the auth of any stack', () => {
  const app = testApp();
  const [one, two] = [new Stack(app, 'One'), new Stack(app, 'Two')];
  Monitoring.none({ reason: 'a test' }).on(app);
  const api = ServerlessApi.fromAttributes(one, 'Api', { apiId: 'abc123' });
  const auth = new JwtAuthorizer(two, 'Auth', { api, issuer: 'https://login.example.com', audience: ['web'] });
  new Endpoint(one, 'Mine', { api, route: 'GET /a', code: someCode(), auth });
  expect(app.synth().getStackByName('One').dependencies.map(({ id }) => id)).toContain('Two');
});
