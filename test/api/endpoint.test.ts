import { Aws, type CfnElement, Duration, Size, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Alias, Architecture, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { Endpoint, type EndpointOptions, Monitoring, ServerlessApi, StagePreset } from '../../src';
import { alarmTopic, monitoredStack, someCode, testApp } from '../support/app';
import { findings } from '../support/findings';
import { grantsOf, roleGrants } from '../support/grants';
import { refusal } from '../support/refusal';
import { brokenRules, only, properties, resources } from '../support/template';
import { warnings } from '../support/warnings';
import { add, api, auth, begin, existing, fn, stack, template } from './endpoints';

beforeEach(begin);

const alarmIds = (prefix = '') => Object.keys(resources(template(), 'AWS::CloudWatch::Alarm')).filter((id) => id.startsWith(prefix));

describe('what it is by default', () => {
  test('code: a function on Node.js 24, arm64, 512 MB, 10 seconds, traced, with JSON logs', () => {
    add();
    expect(fn()).toMatchObject({
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      MemorySize: 512,
      Timeout: 10,
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON' },
    });
  });

  test('its role allows its log and its traces, and nothing else', () => {
    expect(grantsOf(add())).toEqual([]);
  });

  test('its grants are in the role that it names, so it waits for nothing else; what it is told to wait for stays', () => {
    const [plain, waiting] = [add(), add({}, 'POST /customers')];
    const queue = new Queue(stack, 'Queue');
    waiting.lambdaFunction.node.addDependency(queue);
    const id = (construct: IConstruct) => stack.getLogicalId(construct.node.defaultChild as CfnElement);
    const made = ({ lambdaFunction }: Endpoint) => resources(template(), 'AWS::Lambda::Function')[id(lambdaFunction)];
    expect(made(plain).Properties.Role).toEqual({ 'Fn::GetAtt': [id(plain.node.findChild('Role')), 'Arn'] });
    expect(made(plain)).not.toHaveProperty('DependsOn');
    expect(made(waiting).DependsOn).toEqual([id(queue)]);
  });

  test('its route leads to its integration', () => {
    add();
    const [integration] = Object.keys(resources(template(), 'AWS::ApiGatewayV2::Integration'));
    expect(only(template(), 'AWS::ApiGatewayV2::Route').Target).toEqual({ 'Fn::Sub': `integrations/\${${integration}}` });
  });

  test('API Gateway invokes the endpoints of one scope, and nothing else, by one role', () => {
    add();
    add({}, 'POST /customers');
    expect(roleGrants(api.node.findChild('ApiEndpoints').node.findChild('Role')))
      .toEqual(['lambda:InvokeFunction on Api/GetCustomers Api/PostCustomers Api/GetCustomers:live Api/PostCustomers:live']);
    expect(resources(template(), 'AWS::Lambda::Permission')).toEqual({});
  });

  test('cdk-nag finds nothing, nor does anybody else', () => {
    add({ latencyObjective: Duration.seconds(1), warmInstances: 1, throttle: { rateLimit: 1, burstLimit: 1 } });
    add({ auth: undefined, publicBecause: 'a health check carries no token' }, 'GET /health');
    expect(findings(stack)).toEqual([]);
    expect(brokenRules(template())).toEqual([]);
  });
});

describe('its function', () => {
  test.each<[string, Partial<EndpointOptions>, object]>([
    ['handler', { handler: 'main.run' }, { Handler: 'main.run' }],
    ['runtime', { runtime: Runtime.PYTHON_3_13 }, { Runtime: 'python3.13' }],
    ['architecture', { architecture: Architecture.X86_64 }, { Architectures: ['x86_64'] }],
    ['memorySize', { memorySize: 1769 }, { MemorySize: 1769 }],
    ['timeout', { timeout: Duration.seconds(29) }, { Timeout: 29 }],
    ['environment', { environment: { GREETING: 'hello' } }, { Environment: { Variables: { GREETING: 'hello' } } }],
    ['ephemeralStorage', { ephemeralStorage: Size.gibibytes(1) }, { EphemeralStorage: { Size: 1024 } }],
    ['reservedConcurrency', { reservedConcurrency: 7 }, { ReservedConcurrentExecutions: 7 }],
  ])('%s', (_, options, expected) => {
    add(options);
    expect(fn()).toMatchObject(expected);
  });

  test('logRetention: the prop, else that of the stage', () => {
    add({ logRetention: RetentionDays.ONE_DAY });
    add({}, 'POST /customers');
    template().resourcePropertiesCountIs('AWS::Logs::LogGroup', { RetentionInDays: 1 }, 1);
    template().resourcePropertiesCountIs('AWS::Logs::LogGroup', { RetentionInDays: 90 }, 2);
  });

  test('logs go with what wrote them: a log group that stayed behind would have no owner', () => {
    add();
    for (const group of Object.values(resources(template(), 'AWS::Logs::LogGroup'))) {
      expect([group.DeletionPolicy, group.UpdateReplacePolicy ?? 'Delete']).toEqual(['Delete', 'Delete']);
    }
  });

  test('encryptionKey: for its logs and environment; CloudWatch Logs of this account may use it', () => {
    const key = new Key(stack, 'Key');
    add({ encryptionKey: key, environment: { A: 'b' } });
    add({ encryptionKey: key }, 'POST /customers');
    expect(properties(template(), 'AWS::Lambda::Function')[0].KmsKeyArn).toEqual(stack.resolve(key.keyArn));
    template().resourcePropertiesCountIs('AWS::Logs::LogGroup', { KmsKeyId: stack.resolve(key.keyArn) }, 2);
    const statements = only(template(), 'AWS::KMS::Key').KeyPolicy.Statement;
    expect(statements).toHaveLength(2);
    expect(statements[1]).toMatchObject({
      Principal: { Service: stack.resolve(`logs.${Aws.REGION}.amazonaws.com`) },
      Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': stack.resolve(`arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:*`) } },
    });
  });

  test('addEnvironment sets a variable afterwards', () => {
    add().addEnvironment('TABLE', 'customers');
    expect(fn().Environment.Variables).toEqual({ TABLE: 'customers' });
  });

  test('metrics are those of the function', () => {
    const endpoint = add();
    const dimensions = { FunctionName: endpoint.lambdaFunction.functionName };
    expect(endpoint.metricErrors()).toMatchObject({ metricName: 'Errors', statistic: 'Sum', dimensions });
    expect(endpoint.metricThrottles()).toMatchObject({ metricName: 'Throttles', statistic: 'Sum', dimensions });
    expect(endpoint.metricInvocations()).toMatchObject({ metricName: 'Invocations', statistic: 'Sum', dimensions });
    expect(endpoint.metricDuration({ statistic: 'p99' })).toMatchObject({ metricName: 'Duration', statistic: 'p99', dimensions });
  });
});

describe('lambdaFunction', () => {
  test('a function that exists serves the route; nothing is made beside it', () => {
    const mine = existing();
    const endpoint = add({ code: undefined, lambdaFunction: mine });
    expect(endpoint.lambdaFunction).toBe(mine);
    template().resourceCountIs('AWS::Lambda::Function', 1);
    expect(only(template(), 'AWS::ApiGatewayV2::Integration').IntegrationUri).toEqual({ 'Fn::Sub': `\${${stack.getLogicalId(mine.node.defaultChild as CfnElement)}.Arn}` });
  });

  test('what is granted to the endpoint is granted to it', () => {
    const mine = existing();
    expect(add({ code: undefined, lambdaFunction: mine }).grantPrincipal).toBe(mine.grantPrincipal);
  });

  test('one that serves two routes is counted once by the alarms', () => {
    const mine = existing();
    add({ code: undefined, lambdaFunction: mine });
    add({ code: undefined, lambdaFunction: mine }, 'POST /customers');
    const crashes = properties(template(), 'AWS::CloudWatch::Alarm').find(({ AlarmDescription }) => AlarmDescription.includes('Crashes'))!;
    expect(crashes.Metrics).toHaveLength(2);
  });

  test('its alias can be given', () => {
    const mine = existing();
    const alias = new Alias(stack, 'MyAlias', { aliasName: 'live', version: (mine as LambdaFunction).currentVersion });
    add({ code: undefined, lambdaFunction: alias });
    expect(roleGrants(api.node.findChild('ApiEndpoints').node.findChild('Role'))).toEqual(['lambda:InvokeFunction on MyAlias']);
  });
});

describe('who may call it', () => {
  test('auth: a valid token is asked for', () => {
    add();
    expect(only(template(), 'AWS::ApiGatewayV2::Route')).toMatchObject({ AuthorizationType: 'JWT', AuthorizerId: stack.resolve(auth.authorizerId) });
  });

  test('scopes: the token must have one of them', () => {
    add({ scopes: ['customers/read'] });
    expect(only(template(), 'AWS::ApiGatewayV2::Route')).toMatchObject({ AuthorizationScopes: ['customers/read'] });
  });

  test('publicBecause: anybody may, and the reason is what cdk-nag shows', () => {
    const endpoint = add({ auth: undefined, publicBecause: 'a health check carries no token' });
    expect(only(template(), 'AWS::ApiGatewayV2::Route').AuthorizationType).toBe('NONE');
    expect(JSON.stringify(endpoint.node.findChild('Route').node.metadata)).toContain('Public by decision: a health check carries no token');
    expect(warnings(stack)).toEqual([expect.stringMatching(/'GET \/customers' is public and has no limit of its own.*`throttle`.*`reservedConcurrency`/)]);
  });

  test.each([{ throttle: { rateLimit: 1, burstLimit: 1 } }, { reservedConcurrency: 5 }])('a public route with a limit of its own is no reason for a warning: %j', (limit) => {
    add({ auth: undefined, publicBecause: 'a health check carries no token', ...limit });
    expect(warnings(stack)).toEqual([]);
  });

  test('with neither, it is refused', () => {
    expect(refusal(() => add({ auth: undefined }))).toEqual({
      what: "Nothing says who may call 'GET /customers'",
      at: 'Test/Api/GetCustomers',
      mend: expect.stringMatching(/`auth`.*publicBecause: 'a health check/),
    });
    expect(refusal(() => add({ auth: undefined, publicBecause: '  ' }, 'POST /customers')).what).toContain('Nothing says who may call');
  });

  test('with both, it is refused', () => {
    expect(refusal(() => add({ publicBecause: 'why not' })).what).toBe('auth and publicBecause are given together');
  });

  test('scopes without a token are refused', () => {
    expect(refusal(() => add({ auth: undefined, publicBecause: 'it is public', scopes: ['a'] })).what).toContain('asks for scopes and for no token');
  });

  test('an authorizer of another API is refused', () => {
    const other = new ServerlessApi(stack, 'Other');
    const build = () => other.addEndpoint('GET /customers', { code: someCode(), auth });
    expect(refusal(build).what).toBe("The auth of 'GET /customers' stands before another API");
  });
});

describe('throttle', () => {
  test('of this route alone: the stage knows it, after the route exists', () => {
    add({ throttle: { rateLimit: 5, burstLimit: 10 } });
    add({ throttle: { rateLimit: 6, burstLimit: 12 } }, 'POST /customers');
    const { Properties, DependsOn } = Object.values(resources(template(), 'AWS::ApiGatewayV2::Stage'))[0];
    expect(Properties.RouteSettings).toEqual({
      'GET /customers': { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10 },
      'POST /customers': { ThrottlingRateLimit: 6, ThrottlingBurstLimit: 12 },
    });
    expect(DependsOn).toHaveLength(2);
  });

  test('outside the stack of the API it is refused, before anything is made', () => {
    const other = monitoredStack(testApp(), 'Other');
    const imported = ServerlessApi.fromAttributes(other, 'Api', { apiId: 'abc' });
    const build = () => new Endpoint(other, 'Mine', {
      api: imported, route: 'GET /a', code: someCode(), publicBecause: 'a test', throttle: { rateLimit: 1, burstLimit: 1 },
    });
    expect(refusal(build)).toMatchObject({
      what: expect.stringContaining("'GET /a' has a throttle of its own"), at: 'Other/Mine', mend: expect.stringContaining('leave `throttle` out'),
    });
    Template.fromStack(other).resourceCountIs('AWS::Lambda::Function', 0);
  });
});

describe('warmInstances', () => {
  test('keeps instances of the alias `live`, and that is what is called', () => {
    const { alias } = add({ warmInstances: 3 });
    const { Name, ProvisionedConcurrencyConfig } = only(template(), 'AWS::Lambda::Alias');
    expect({ Name, ProvisionedConcurrencyConfig }).toEqual({ Name: 'live', ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 3 } });
    expect(only(template(), 'AWS::ApiGatewayV2::Integration').IntegrationUri).toEqual(stack.resolve(alias!.functionArn));
    expect(roleGrants(api.node.findChild('ApiEndpoints').node.findChild('Role'))).toEqual(['lambda:InvokeFunction on Api/GetCustomers Api/GetCustomers:live']);
  });

  test('without it there is no alias and no version', () => {
    expect(add().alias).toBeUndefined();
    template().resourceCountIs('AWS::Lambda::Version', 0);
  });
});

describe('alarms', () => {
  test('the endpoints of one scope share one on crashes and one on throttles', () => {
    add();
    add({}, 'POST /customers');
    expect(alarmIds('ApiApiEndpoints')).toHaveLength(2);
  });

  test('more than ten endpoints in one scope make a second set: CloudWatch sums ten metrics at most', () => {
    for (let i = 0; i < 11; i++) add({}, `GET /things${i}`);
    const alarms = resources(template(), 'AWS::CloudWatch::Alarm');
    expect(alarmIds('ApiApiEndpoints').map((id) => id.slice(0, -8)).sort())
      .toEqual(['ApiApiEndpointsErrors', 'ApiApiEndpointsErrors2', 'ApiApiEndpointsThrottles', 'ApiApiEndpointsThrottles2']);
    const counted = alarmIds('ApiApiEndpointsErrors').map((id) => alarms[id].Properties.Metrics.length - 1);
    expect(counted.sort()).toEqual([1, 10]);
  });

  test('latencyObjective: one of its own on the 95th percentile', () => {
    add({ latencyObjective: Duration.millis(250) });
    template().hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'Duration',
      ExtendedStatistic: 'p95',
      Threshold: 250,
      AlarmDescription: '[ticket] p95 of GET /customers above 250 millis: '
        + 'https://github.com/trinity-constructs/trinity-constructs/blob/main/docs/runbook.md#endpoint-latency',
    });
  });

  test('monitoring: its alarms go elsewhere, so they are its own', () => {
    add();
    const mine = alarmTopic(stack, 'Mine');
    add({ monitoring: Monitoring.to(mine) }, 'POST /customers');
    template().resourcePropertiesCountIs('AWS::CloudWatch::Alarm', { AlarmActions: [stack.resolve(mine.topicArn)] }, 2);
    expect(alarmIds('ApiPostCustomersApiEndpoints')).toHaveLength(2);
  });

  test('stage: decides how urgent its alarms are, so they are its own', () => {
    const [pages, tickets] = [alarmTopic(stack, 'Pages'), alarmTopic(stack, 'Tickets')];
    Monitoring.to(pages, { tickets }).on(api);
    add();
    add({ stage: StagePreset.development() }, 'POST /customers');
    const actions = (prefix: string) => alarmIds(prefix).map((id) => resources(template(), 'AWS::CloudWatch::Alarm')[id].Properties.AlarmActions[0]);
    expect(actions('ApiPostCustomers')).toEqual([stack.resolve(tickets.topicArn), stack.resolve(tickets.topicArn)]);
    expect(actions('ApiApiEndpoints')).toEqual([stack.resolve(pages.topicArn), stack.resolve(pages.topicArn)]);
    template().resourcePropertiesCountIs('AWS::Logs::LogGroup', { RetentionInDays: 7 }, 1);
  });

  test('with no choice of where they go, synthesis refuses', () => {
    const other = new Stack(testApp(), 'Silent');
    const imported = ServerlessApi.fromAttributes(other, 'Api', { apiId: 'abc' });
    const build = () => new Endpoint(other, 'Mine', { api: imported, route: 'GET /a', code: someCode(), publicBecause: 'a test' });
    expect(refusal(build).at).toBe('Silent/Mine');
  });
});
