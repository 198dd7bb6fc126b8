import { CfnParameter, Duration, Lazy, Size, Stack } from 'aws-cdk-lib';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Architecture, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct, type IConstruct } from 'constructs';
import {
  AuthService, Endpoint, type EndpointOptions, Ingestion, JwtAuthorizer, Monitoring, RoomService, ServerlessApi, type ServerlessApiProps, StagePreset,
  Trinity, VotingPipeline, type VotingPipelineOptions,
} from '../../src';
import { someCode } from './app';

/**
 * How a sample gets the values of its props. `prop` names them as API.md does: `EndpointProps.memorySize`. A prop whose value must be known
 * at synthesis is written as a literal, and is named in `KNOWN_AT_SYNTHESIS`.
 */
export interface Values {
  text(prop: string, value: string): string;
  number(prop: string, value: number): number;
  list(prop: string, value: string[]): string[];
}

/** One construct with every prop given that goes together. */
export interface Sample {
  readonly name: string;
  make(scope: Construct, values: Values): IConstruct;
}

/** Props that must be known at synthesis: a token is refused. Everything else of type string, number, Duration or Size takes one. */
export const KNOWN_AT_SYNTHESIS: Record<string, string> = {
  'EndpointProps.route': 'the construct id, the OpenAPI document and the throttle of the stage are made from it',
  'EndpointDescription.operationId': 'it is compared with those of the other endpoints',
  'EndpointResponse.status': 'it is compared with what API Gateway answers itself',
  'AuthServiceProps.passwordMinLength': 'the CDK makes the pool by it',
  'AuthServiceProps.accessTokenValidity': 'the CDK makes the client by it',
  'AuthServiceProps.refreshTokenValidity': 'the CDK makes the client by it',
  'AuthServiceProps.expectedPeakLoginsPerSecond': 'the throttles are decided at synthesis',
  'AuthServiceProps.expectedPeakRegistrationsPerSecond': 'the throttles are decided at synthesis',
  'CognitoQuotas.userAuthentication': 'the throttles are decided at synthesis',
  'CognitoQuotas.userToken': 'the throttles are decided at synthesis',
  'CognitoQuotas.userAccountRecovery': 'the throttles are decided at synthesis',
  'VotingPipelineProps.expectedPeakVotesPerSecond': 'the size of the pipeline is decided at synthesis',
};

const throttle = (values: Values) => ({ rateLimit: values.number('Throttle.rateLimit', 10), burstLimit: values.number('Throttle.burstLimit', 20) });

const apiProps = (values: Values): ServerlessApiProps => ({
  title: values.text('ServerlessApiProps.title', 'Polls'),
  version: values.text('ServerlessApiProps.version', '2.3.4'),
  description: values.text('ServerlessApiProps.description', 'What it is for.'),
  corsOrigins: values.list('ServerlessApiProps.corsOrigins', ['https://example.com']),
  throttle: throttle(values),
  maxBodySize: Size.bytes(values.number('ServerlessApiProps.maxBodySize', 1_000)),
  latencyObjective: Duration.millis(values.number('ServerlessApiProps.latencyObjective', 700)),
  errorPercentage: values.number('ServerlessApiProps.errorPercentage', 3),
  logRetention: values.number('ServerlessApiProps.logRetention', RetentionDays.ONE_DAY),
});

const endpointProps = (values: Values): EndpointOptions => ({
  code: someCode(),
  handler: values.text('EndpointProps.handler', 'main.run'),
  runtime: Runtime.NODEJS_22_X,
  architecture: Architecture.X86_64,
  memorySize: values.number('EndpointProps.memorySize', 256),
  timeout: Duration.seconds(values.number('EndpointProps.timeout', 7)),
  environment: { GREETING: values.text('EndpointProps.environment', 'hello') },
  ephemeralStorage: Size.mebibytes(values.number('EndpointProps.ephemeralStorage', 1_024)),
  reservedConcurrency: values.number('EndpointProps.reservedConcurrency', 30),
  logRetention: values.number('EndpointProps.logRetention', RetentionDays.ONE_DAY),
  throttle: throttle(values),
  latencyObjective: Duration.millis(values.number('EndpointProps.latencyObjective', 300)),
  warmInstances: values.number('EndpointProps.warmInstances', 2),
  description: {
    summary: values.text('EndpointDescription.summary', 'Get something'),
    operationId: 'getSomething',
    tag: values.text('EndpointDescription.tag', 'things'),
    request: { type: 'object', properties: { text: { type: 'string', maxLength: values.number('EndpointDescription.request', 12) } } },
    query: [{
      name: values.text('QueryParameter.name', 'limit'),
      description: values.text('QueryParameter.description', 'How many.'),
      schema: { type: 'integer', maximum: values.number('QueryParameter.schema', 100) },
      required: true,
    }],
    headers: { 'x-trace': values.text('EndpointDescription.headers', 'A trace.') },
    responses: [{
      status: 200,
      description: values.text('EndpointResponse.description', 'It.'),
      schema: { type: 'string', maxLength: values.number('EndpointResponse.schema', 50) },
      mediaType: values.text('EndpointResponse.mediaType', 'application/json'),
    }],
  },
});

const votingProps = (values: Values): VotingPipelineOptions => ({
  expectedPeakVotesPerSecond: 2_000,
  ingestion: Ingestion.overflow({ drainConcurrency: values.number('IngestionOptions.drainConcurrency', 5) }),
  lanes: values.number('VotingPipelineProps.lanes', 32),
  maximumWriteUnits: values.number('VotingPipelineProps.maximumWriteUnits', 50_000),
  voteThrottle: throttle(values),
  warmInstances: values.number('VotingPipelineProps.warmInstances', 3),
  voteReservedConcurrency: values.number('VotingPipelineProps.voteReservedConcurrency', 50),
  countReservedConcurrency: values.number('VotingPipelineProps.countReservedConcurrency', 6),
});

const authProps = (values: Values) => ({
  passwordMinLength: 14,
  accessTokenValidity: Duration.minutes(30),
  refreshTokenValidity: Duration.days(4),
  publicThrottle: throttle(values),
  publicReservedConcurrentExecutions: values.number('AuthServiceProps.publicReservedConcurrentExecutions', 9),
  expectedPeakLoginsPerSecond: 30,
  expectedPeakRegistrationsPerSecond: 3,
});

const jwt = (scope: Construct, api: ServerlessApi, values?: Values) => new JwtAuthorizer(scope, 'Jwt', {
  api,
  issuer: values?.text('JwtAuthorizerProps.issuer', 'https://login.example.com') ?? 'https://login.example.com',
  audience: values?.list('JwtAuthorizerProps.audience', ['web']) ?? ['web'],
});

/** Every construct, every way to make it: what sweeps the library goes through these. A new area adds its constructs here. */
export const SAMPLES: readonly Sample[] = [
  { name: 'ServerlessApi', make: (scope, values) => new ServerlessApi(scope, 'Api', apiProps(values)) },
  {
    name: 'ServerlessApi.fromAttributes',
    make: (scope, values) => {
      const api = ServerlessApi.fromAttributes(scope, 'Api', {
        apiId: values.text('ServerlessApiAttributes.apiId', 'abc'),
        url: values.text('ServerlessApiAttributes.url', 'https://api.example.com'),
        maxBodySize: Size.bytes(values.number('ServerlessApiAttributes.maxBodySize', 2_000)),
      });
      return new AuthService(scope, 'Auth', { api });
    },
  },
  {
    name: 'JwtAuthorizer',
    make: (scope, values) => {
      const api = new ServerlessApi(scope, 'Api');
      return api.addEndpoint('GET /a', { code: someCode(), auth: jwt(scope, api, values) });
    },
  },
  {
    name: 'Endpoint, private',
    make: (scope, values) => {
      const api = new ServerlessApi(scope, 'Api');
      const auth = new JwtAuthorizer(scope, 'Jwt', {
        api,
        issuer: 'https://login.example.com',
        audience: ['web'],
        tokenSource: values.text('JwtAuthorizerProps.tokenSource', 'A token of somebody.'),
        userIdClaim: values.text('JwtAuthorizerProps.userIdClaim', 'username'),
      });
      return new Endpoint(scope, 'Endpoint', { ...endpointProps(values), api, route: 'POST /a/{b}', auth, scopes: values.list('EndpointProps.scopes', ['read']) });
    },
  },
  {
    name: 'Endpoint, public, of a function that exists',
    make: (scope, values) => new Endpoint(scope, 'Endpoint', {
      api: new ServerlessApi(scope, 'Api'),
      route: 'GET /a',
      lambdaFunction: new LambdaFunction(scope, 'Mine', { code: someCode(), handler: 'index.handler', runtime: Runtime.NODEJS_22_X }),
      publicBecause: values.text('EndpointProps.publicBecause', 'a health check carries no token'),
    }),
  },
  { name: 'AuthService', make: (scope, values) => new AuthService(scope, 'Auth', { api: new ServerlessApi(scope, 'Api'), ...authProps(values) }) },
  {
    name: 'AuthService of a pool that exists',
    make: (scope) => {
      const userPool = new UserPool(scope, 'Pool');
      return new AuthService(scope, 'Auth', { api: new ServerlessApi(scope, 'Api'), userPool, userPoolClient: userPool.addClient('Web'), refreshTokenRotation: true });
    },
  },
  {
    name: 'AuthService.fromAttributes',
    make: (scope, values) => {
      const [api, userPool] = [new ServerlessApi(scope, 'Api'), new UserPool(scope, 'Pool')];
      const userIdClaim = values.text('AuthServiceAttributes.userIdClaim', 'oid');
      const auth = AuthService.fromAttributes(scope, 'Auth', { api, userPool, userPoolClient: userPool.addClient('Web'), userIdClaim });
      return new RoomService(scope, 'Rooms', { api, auth });
    },
  },
  {
    name: 'RoomService',
    make: (scope) => {
      const api = new ServerlessApi(scope, 'Api');
      return new RoomService(scope, 'Rooms', { api, auth: jwt(scope, api) });
    },
  },
  {
    name: 'VotingPipeline',
    make: (scope, values) => {
      const api = new ServerlessApi(scope, 'Api');
      return new VotingPipeline(scope, 'Voting', { ...votingProps(values), rooms: new RoomService(scope, 'Rooms', { api, auth: jwt(scope, api) }) });
    },
  },
  {
    name: 'VotingPipeline over RoomService.fromAttributes, of a table that exists, written directly',
    make: (scope) => {
      const api = new ServerlessApi(scope, 'Api');
      const rooms = RoomService.fromAttributes(scope, 'Rooms', { api, auth: jwt(scope, api), table: TableV2.fromTableName(scope, 'RoomTable', 'rooms') });
      const tableStreamArn = Stack.of(scope).formatArn({ service: 'dynamodb', resource: 'table', resourceName: 'votes/stream/2026-01-01T00:00:00.000' });
      const table = TableV2.fromTableAttributes(scope, 'VotingTable', { tableName: 'votes', tableStreamArn });
      return new VotingPipeline(scope, 'Voting', { ingestion: Ingestion.direct(), rooms, table });
    },
  },
  { name: 'Trinity', make: (scope, values) => new Trinity(scope, 'Trinity', { api: apiProps(values), auth: authProps(values), voting: votingProps(values) }) },
  {
    name: 'Trinity, encrypted, with its own monitoring and stage',
    make: (scope, values) => {
      const key = new Key(scope, 'Key');
      return new Trinity(scope, 'Trinity', {
        encryptionKey: key,
        monitoring: Monitoring.to(new Topic(scope, 'Pages', { masterKey: key }), { tickets: new Topic(scope, 'Tickets'), runbookUrl: values.text('MonitoringOptions.runbookUrl', 'https://runbook.example.com') }),
        stage: StagePreset.production({
          logRetention: values.number('StagePresetProps.logRetention', RetentionDays.ONE_DAY),
          throttleRate: values.number('StagePresetProps.throttleRate', 50),
          throttleBurst: values.number('StagePresetProps.throttleBurst', 60),
        }),
      });
    },
  },
  {
    name: 'RoomService without monitoring, of a table that exists',
    make: (scope, values) => {
      const api = new ServerlessApi(scope, 'Api');
      const monitoring = Monitoring.none({ reason: values.text('NoMonitoringProps.reason', 'a load test') });
      return new RoomService(scope, 'Rooms', { api, auth: jwt(scope, api), monitoring, table: TableV2.fromTableName(scope, 'RoomTable', 'rooms') });
    },
  },
];

/** The values as they stand in the samples. */
export const PLAIN: Values = { text: (_, value) => value, number: (_, value) => value, list: (_, value) => value };

/** Values that are known at the end of synthesis only. */
export const LAZY: Values = {
  text: (_, value) => Lazy.string({ produce: () => value }),
  number: (_, value) => Lazy.number({ produce: () => value }),
  list: (_, value) => Lazy.list({ produce: () => value }),
};

/** Values that are known at deployment only: parameters of the template that are called like the prop. */
export function parameters(scope: Construct): Values {
  const parameter = (prop: string, type: string, value: string) => {
    const id = prop.replace(/\./g, '');
    return (Stack.of(scope).node.tryFindChild(id) as CfnParameter | undefined) ?? new CfnParameter(Stack.of(scope), id, { type, default: value });
  };
  return {
    text: (prop, value) => parameter(prop, 'String', value).valueAsString,
    number: (prop, value) => parameter(prop, 'Number', `${value}`).valueAsNumber,
    list: (prop, value) => parameter(prop, 'CommaDelimitedList', value.join(',')).valueAsList,
  };
}
