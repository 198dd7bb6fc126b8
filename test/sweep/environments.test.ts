import { Stack } from 'aws-cdk-lib';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { AuthService, Endpoint, JwtAuthorizer, Monitoring, RoomService, ServerlessApi, VotingPipeline } from '../../src';
import { someCode, testApp } from '../support/app';
import { refusal } from '../support/refusal';

const HERE = { account: '111122223333', region: 'eu-central-1' };
const THERE: Array<[string, string, { account: string; region: string }]> = [
  ['region', 'us-east-1', { ...HERE, region: 'us-east-1' }], ['account', '444455556666', { ...HERE, account: '444455556666' }],
];

describe.each(THERE)('parts of another %s', (kind, value, env) => {
  const arn = (service: string, resource: string) => `arn:aws:${service}:${env.region}:${env.account}:${resource}`;
  const stacks = () => {
    const app = testApp();
    Monitoring.none({ reason: 'a test' }).on(app);
    return { here: new Stack(app, 'Here', { env: HERE }), there: new Stack(app, 'There', { env }) };
  };
  const auth = (api: ServerlessApi) => new JwtAuthorizer(Stack.of(api), 'Jwt', { api, issuer: 'https://login.example.com', audience: ['web'] });
  const roomsThere = (there: Stack) => {
    const api = new ServerlessApi(there, 'Api');
    return new RoomService(there, 'Rooms', { api, auth: auth(api) });
  };

  test.each<[string, string, (here: Stack, there: Stack) => unknown]>([
    ['Endpoint', 'api', (here, there) => new Endpoint(here, 'X', { api: new ServerlessApi(there, 'Api'), route: 'GET /a', code: someCode(), publicBecause: 'a test' })],
    ['Endpoint', 'lambdaFunction', (here) => new Endpoint(here, 'X', {
      api: new ServerlessApi(here, 'Api'),
      route: 'GET /a',
      lambdaFunction: LambdaFunction.fromFunctionArn(here, 'Fn', arn('lambda', 'function:mine')),
      publicBecause: 'a test',
    })],
    ['JwtAuthorizer', 'api', (here, there) => new JwtAuthorizer(here, 'X', { api: new ServerlessApi(there, 'Api'), issuer: 'https://a.example.com', audience: ['web'] })],
    ['AuthService', 'api', (here, there) => new AuthService(here, 'X', { api: new ServerlessApi(there, 'Api') })],
    ['AuthService', 'userPool', (here) => {
      const userPool = UserPool.fromUserPoolArn(here, 'Pool', arn('cognito-idp', 'userpool/abc'));
      return new AuthService(here, 'X', { api: new ServerlessApi(here, 'Api'), userPool, userPoolClient: userPool.addClient('Web') });
    }],
    ['RoomService', 'api', (here, there) => new RoomService(here, 'X', { api: new ServerlessApi(there, 'Api'), auth: auth(new ServerlessApi(here, 'Api')) })],
    ['RoomService', 'auth', (here, there) => new RoomService(here, 'X', { api: new ServerlessApi(here, 'Api'), auth: auth(new ServerlessApi(there, 'Api')) })],
    ['RoomService', 'table', (here) => {
      const api = new ServerlessApi(here, 'Api');
      return new RoomService(here, 'X', { api, auth: auth(api), table: TableV2.fromTableArn(here, 'Table', arn('dynamodb', 'table/rooms')) });
    }],
    ['VotingPipeline', 'rooms', (here, there) => new VotingPipeline(here, 'X', { rooms: roomsThere(there) })],
    ['VotingPipeline', 'rooms.table', (here) => {
      const api = new ServerlessApi(here, 'Api');
      const rooms = RoomService.fromAttributes(here, 'Rooms', { api, auth: auth(api), table: TableV2.fromTableArn(here, 'Table', arn('dynamodb', 'table/rooms')) });
      return new VotingPipeline(here, 'X', { rooms });
    }],
  ])('%s: its %s is refused', (_, part, make) => {
    const { here, there } = stacks();
    expect(refusal(() => make(here, there))).toEqual({
      what: expect.stringMatching(new RegExp(`^${part} \\(.+\\) is in the ${kind} ${value}, and this in `)), at: 'Here/X', mend: expect.stringContaining('one account and region'),
    });
  });
});

test('passes if one of the environments is known at deployment only', () => {
  const app = testApp();
  Monitoring.none({ reason: 'a test' }).on(app);
  const api = new ServerlessApi(new Stack(app, 'There'), 'Api');
  expect(() => new Endpoint(new Stack(app, 'Here', { env: HERE }), 'X', { api, route: 'GET /a', code: someCode(), publicBecause: 'a test' })).not.toThrow();
});
