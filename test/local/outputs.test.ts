import type { DeployedStack } from '../../local/deploy/deployed';
import { functionsOf, stagesOf, translateUrls, urlsOf } from '../../local/deploy/outputs';

const ENDPOINT = 'http://127.0.0.1:4566';
const LOCAL = `${ENDPOINT}/_aws/execute-api/abc123`;

const stack: DeployedStack = {
  stack: 'Notes',
  region: 'us-east-1',
  template: {
    Resources: {
      Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } },
      Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ApiId: { Ref: 'Api' }, StageName: '$default' } },
      Socket: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'WEBSOCKET' } },
      SocketStage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ApiId: { Ref: 'Socket' }, StageName: 'live' } },
      Rest: { Type: 'AWS::ApiGateway::RestApi' },
      RestStage: { Type: 'AWS::ApiGateway::Stage', Properties: { RestApiId: { Ref: 'Rest' }, StageName: 'prod' } },
      Fn: { Type: 'AWS::Lambda::Function', Properties: { LoggingConfig: { LogGroup: { Ref: 'Logs' } } } },
      Plain: { Type: 'AWS::Lambda::Function' },
    },
  },
  resources: [
    { logicalId: 'Api', type: 'AWS::ApiGatewayV2::Api', physicalId: 'abc123', path: 'Notes/Api' },
    { logicalId: 'Socket', type: 'AWS::ApiGatewayV2::Api', physicalId: 'def456' },
    { logicalId: 'Rest', type: 'AWS::ApiGateway::RestApi', physicalId: 'rest789' },
    { logicalId: 'Fn', type: 'AWS::Lambda::Function', physicalId: 'Notes-Fn-1', path: 'Notes/Notes/Create/Handler' },
    { logicalId: 'Plain', type: 'AWS::Lambda::Function', physicalId: 'Notes-Plain-1', path: 'Notes/Plain' },
    { logicalId: 'Logs', type: 'AWS::Logs::LogGroup', physicalId: '/notes/create' },
  ],
};

test.each([
  ['http://abc123.execute-api.localhost:4566', `${LOCAL}/%24default`],
  ['https://abc123.execute-api.us-east-1.amazonaws.com/', `${LOCAL}/%24default`],
  ['https://abc123.execute-api.us-east-1.amazonaws.com/notes/7', `${LOCAL}/%24default/notes/7`],
  ['https://abc123.execute-api.us-east-1.amazonaws.com/prod/', `${LOCAL}/prod`],
  ['https://abc123.execute-api.us-east-1.amazonaws.com/prod/notes', `${LOCAL}/prod/notes`],
  ['the API is https://abc123.execute-api.us-east-1.amazonaws.com/prod for all', `the API is ${LOCAL}/prod for all`],
  ['arn:aws:sqs:us-east-1:000000000000:queue', 'arn:aws:sqs:us-east-1:000000000000:queue'],
])('%s is %s here', (given, expected) => {
  expect(translateUrls(given, ENDPOINT, stagesOf([stack]))).toBe(expected);
});

test('each API answers on its own stage, sockets by ws', () => {
  expect(urlsOf(stack, ENDPOINT)).toEqual([
    { stack: 'Notes', name: 'Notes/Api', kind: 'http', url: `${LOCAL}/%24default` },
    { stack: 'Notes', name: 'Socket', kind: 'websocket', url: 'ws://127.0.0.1:4566/_aws/execute-api/def456/live' },
    { stack: 'Notes', name: 'Rest', kind: 'rest', url: `${ENDPOINT}/_aws/execute-api/rest789/prod` },
  ]);
});

test('functions have the names that a person would use, and the log groups that they write to', () => {
  expect(functionsOf(stack)).toEqual([
    { stack: 'Notes', name: 'Notes/Create', functionName: 'Notes-Fn-1', region: 'us-east-1', logGroup: '/notes/create' },
    { stack: 'Notes', name: 'Plain', functionName: 'Notes-Plain-1', region: 'us-east-1', logGroup: '/aws/lambda/Notes-Plain-1' },
  ]);
});
