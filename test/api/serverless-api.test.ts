import { App, Aws, Duration, Lazy, Size, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ApiMapping, DomainName } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Endpoint, JwtAuthorizer, Monitoring, ServerlessApi, type ServerlessApiProps, StagePreset } from '../../src';
import { alarmTopic, monitoredStack, someCode, testApp } from '../support/app';
import { findings } from '../support/findings';
import { refusal } from '../support/refusal';
import { brokenRules, only, properties, resources } from '../support/template';

let stack: Stack;
beforeEach(() => {
  stack = monitoredStack();
});

const make = (props?: ServerlessApiProps) => new ServerlessApi(stack, 'Api', props);
const template = () => Template.fromStack(stack);
const api = () => only(template(), 'AWS::ApiGatewayV2::Api');
const stage = () => only(template(), 'AWS::ApiGatewayV2::Stage');
const alarms = () => properties(template(), 'AWS::CloudWatch::Alarm');
const alarm = (name: string) => alarms().find(({ AlarmDescription }) => AlarmDescription.includes(`#${name}`))!;

describe('what it is by default', () => {
  test('an HTTP API with one stage at its root, deployed as it changes', () => {
    make();
    expect(api()).toEqual({ Name: 'Api', ProtocolType: 'HTTP' });
    expect(stage()).toMatchObject({ StageName: '$default', AutoDeploy: true });
  });

  test('its URL is an output', () => {
    const { url } = make();
    expect(Object.values(template().findOutputs('*'))).toContainEqual({ Value: stack.resolve(url), Description: 'The URL of Api' });
  });

  test('its access log is JSON, and tells the route, the caller and the time, but nothing of what was sent', () => {
    make();
    const format = JSON.parse(stage().AccessLogSettings.Format);
    expect(format).toMatchObject({
      requestId: '$context.requestId',
      routeKey: '$context.routeKey',
      status: '$context.status',
      responseLatency: '$context.responseLatency',
      caller: '$context.authorizer.claims.sub',
    });
    expect(Object.keys(format).filter((key) => /body|header|query|token/i.test(key))).toEqual([]);
    // API Gateway is not known to escape them: a quote in one would end the field.
    expect(Object.values(format).filter((variable) => /userAgent|path\b|identity\.(?!sourceIp)/i.test(String(variable)))).toEqual([]);
  });

  test('cdk-nag finds nothing, nor does anybody else', () => {
    make({ corsOrigins: ['https://example.com'], encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }) });
    expect(findings(stack)).toEqual([]);
    expect(brokenRules(template())).toEqual([]);
  });

  test('metrics are those of the API', () => {
    const made = make();
    const dimensions = { ApiId: made.apiId };
    expect(made.metricCount()).toMatchObject({ metricName: 'Count', dimensions });
    expect(made.metricClientErrors()).toMatchObject({ metricName: '4xx', dimensions });
    expect(made.metricServerErrors()).toMatchObject({ metricName: '5xx', dimensions });
    expect(made.metricLatency({ statistic: 'p99' })).toMatchObject({ metricName: 'Latency', statistic: 'p99', dimensions });
  });
});

describe('props', () => {
  test('title, version, description: in the document and the console', () => {
    const made = make({ title: 'Orders', version: '2.1.0', description: 'Takes orders.' });
    expect(made.openApi().info).toEqual({ title: 'Orders', version: '2.1.0', description: 'Takes orders.' });
    expect(api()).toMatchObject({ Name: 'Orders', Description: 'Takes orders.' });
  });

  test('corsOrigins: pages of those may send a token and a body, and read where a new thing is', () => {
    make({ corsOrigins: ['https://example.com', 'http://localhost:3000'] });
    expect(api().CorsConfiguration).toEqual({
      AllowOrigins: ['https://example.com', 'http://localhost:3000'],
      AllowMethods: ['*'],
      AllowHeaders: ['authorization', 'content-type', 'idempotency-key'],
      ExposeHeaders: ['age', 'location', 'retry-after', 'x-request-id', 'www-authenticate'],
      MaxAge: 3600,
    });
  });

  test.each([[['*']], [['https://*']], [['http://*', 'https://*']], [['https://*', 'http://localhost:3000']], [['http://[::1]:3000']]])('corsOrigins %j: what API Gateway matches passes', (corsOrigins) => {
    make({ corsOrigins });
    expect(api().CorsConfiguration.AllowOrigins).toEqual(corsOrigins);
  });

  test('an OPTIONS endpoint of an API with corsOrigins is refused, in its scope or in another: it would get no preflight', () => {
    const serverlessApi = make({ corsOrigins: ['https://example.com'] });
    const options = { code: someCode(), publicBecause: 'a preflight carries no token' };
    const refused = { what: "'OPTIONS /own' would get no preflight: the API has corsOrigins, so API Gateway answers them itself", mend: expect.stringContaining('leave the endpoint out') };
    expect(refusal(() => serverlessApi.addEndpoint('OPTIONS /own', options))).toMatchObject(refused);
    const other = monitoredStack(App.of(stack) as App, 'Other');
    expect(refusal(() => new Endpoint(other, 'Own', { ...options, api: serverlessApi, route: 'OPTIONS /own' }))).toMatchObject(refused);
  });

  test.each([[undefined], [[]]])('an OPTIONS endpoint of an API with corsOrigins %j answers preflights itself', (corsOrigins) => {
    make({ corsOrigins }).addEndpoint('OPTIONS /own', { code: someCode(), publicBecause: 'a preflight carries no token' });
    template().hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: 'OPTIONS /own' });
  });

  test('corsOrigins left out or empty: no page of another origin may call', () => {
    make({ corsOrigins: [] });
    expect(api().CorsConfiguration).toBeUndefined();
  });

  test('throttle: the prop, else that of the stage', () => {
    make({ throttle: { rateLimit: 7, burstLimit: 9 } });
    expect(stage().DefaultRouteSettings).toEqual({ ThrottlingRateLimit: 7, ThrottlingBurstLimit: 9 });
    stack = monitoredStack();
    make();
    expect(stage().DefaultRouteSettings).toEqual({ ThrottlingRateLimit: 5000, ThrottlingBurstLimit: 2500 });
  });

  test('maxBodySize: 64 KiB unless said', () => {
    expect(make().maxBodySize.toKibibytes()).toBe(64);
    expect(new ServerlessApi(stack, 'Larger', { maxBodySize: Size.mebibytes(4) }).maxBodySize.toMebibytes()).toBe(4);
  });

  test('latencyObjective: 500 ms unless said, three minutes of five', () => {
    make();
    expect(alarm('api-latency')).toMatchObject({
      ExtendedStatistic: 'p95', Threshold: 500, DatapointsToAlarm: 3, EvaluationPeriods: 5, TreatMissingData: 'notBreaching',
    });
    stack = monitoredStack();
    make({ latencyObjective: Duration.seconds(2) });
    expect(alarm('api-latency')).toMatchObject({ Threshold: 2000, AlarmDescription: expect.stringContaining('p95 of Test/Api above 2 seconds') });
  });

  test('errorPercentage: 1 unless said; single failures wake nobody', () => {
    make();
    expect(alarm('api-server-errors')).toMatchObject({ Threshold: 1, DatapointsToAlarm: 2 });
    expect(alarm('api-server-errors').Metrics.map(({ Id, Expression }: any) => Expression ?? Id)).toEqual([
      'IF(errors >= 5, 100 * errors / requests, 0)',
      'errors',
      'requests',
    ]);
    stack = monitoredStack();
    make({ errorPercentage: 0.5 });
    expect(alarm('api-server-errors')).toMatchObject({
      Threshold: 0.5, AlarmDescription: expect.stringContaining('More than 0.5 % 5xx from'),
    });
  });

  test('logRetention: the prop, else that of the stage', () => {
    make({ logRetention: RetentionDays.ONE_YEAR });
    expect(only(template(), 'AWS::Logs::LogGroup').RetentionInDays).toBe(365);
    stack = monitoredStack();
    make({ stage: StagePreset.development() });
    expect(only(template(), 'AWS::Logs::LogGroup').RetentionInDays).toBe(7);
  });

  test('encryptionKey: for the access log; CloudWatch Logs may use it', () => {
    const key = new Key(stack, 'Key');
    make({ encryptionKey: key });
    expect(only(template(), 'AWS::Logs::LogGroup').KmsKeyId).toEqual(stack.resolve(key.keyArn));
    expect(only(template(), 'AWS::KMS::Key').KeyPolicy.Statement[1].Principal).toEqual({
      Service: stack.resolve(`logs.${Aws.REGION}.amazonaws.com`),
    });
  });

  test('monitoring: for its alarms and those of its endpoints', () => {
    const mine = alarmTopic(stack, 'Mine');
    make({ monitoring: Monitoring.to(mine) }).addEndpoint('GET /a', { code: someCode(), publicBecause: 'a test' });
    template().resourcePropertiesCountIs('AWS::CloudWatch::Alarm', { AlarmActions: [stack.resolve(mine.topicArn)] }, 4);
  });

  test('stage: for it and its endpoints', () => {
    make({ stage: StagePreset.staging() }).addEndpoint('GET /a', { code: someCode(), publicBecause: 'a test' });
    expect(stage().DefaultRouteSettings).toEqual({ ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 1000 });
    template().resourcePropertiesCountIs('AWS::Logs::LogGroup', { RetentionInDays: 30 }, 2);
  });
});

describe('what is refused', () => {
  test.each<[string, ServerlessApiProps, string, RegExp]>([
    ['an empty title', { title: ' ' }, 'title is empty', /1 to 128 characters/],
    ['an origin with a path', { corsOrigins: ['https://example.com/app'] }, "corsOrigins has 'https://example.com/app'", /without a path/],
    ['an origin with a slash at its end', { corsOrigins: ['https://example.com/'] }, 'no browser sends', /scheme and host/],
    ['an origin in capital letters', { corsOrigins: ['https://Example.com'] }, 'no browser sends', /small letters/],
    ['an origin with the port that its scheme has anyway', { corsOrigins: ['https://example.com:443'] }, 'no browser sends', /usual port/],
    ['every origin beside one', { corsOrigins: ['https://example.com', '*'] }, "corsOrigins has '*' beside others", /leave/],
    ['a wildcard of a subdomain, which API Gateway matches with no origin', { corsOrigins: ['https://*.example.com'] }, "corsOrigins has 'https://*.example.com', a wildcard", /one by one.*'https:\/\/\*'/],
    ['a wildcard of a port', { corsOrigins: ['http://localhost:*'] }, "corsOrigins has 'http://localhost:*', a wildcard", /one by one/],
    ['a wildcard of a scheme', { corsOrigins: ['*://example.com'] }, "corsOrigins has '*://example.com', a wildcard", /one by one/],
    ['a host alone', { corsOrigins: ['example.com'] }, "corsOrigins has 'example.com'", /scheme and host/],
    ['a throttle that lets nothing through', { throttle: { rateLimit: 0, burstLimit: 0 } }, 'throttle.rateLimit is 0', /whole number from 1/],
    ['an objective beyond API Gateway\'s limit', { latencyObjective: Duration.minutes(1) }, 'latencyObjective is 1 minute', /29 seconds/],
    ['no errors at all', { errorPercentage: 0 }, 'errorPercentage is 0', /above 0 and up to 100/],
    ['more errors than requests', { errorPercentage: 101 }, 'errorPercentage is 101', /above 0 and up to 100/],
    ['bodies that fit into no invocation', { maxBodySize: Size.mebibytes(5) }, 'maxBodySize is 5242880 bytes', /4 MiB/],
  ])('%s', (_, props, what, mend) => {
    const refused = refusal(() => make(props));
    expect(refused.what).toContain(what);
    expect(refused.at).toBe('Test/Api');
    expect(refused.mend).toMatch(mend);
    template().resourceCountIs('AWS::ApiGatewayV2::Api', 0);
  });

  test('what is known only at deployment passes', () => {
    const number = () => Token.asNumber(Lazy.any({ produce: () => 1 }));
    const text = () => Lazy.string({ produce: () => 'text' });
    make({ title: text(), corsOrigins: [text()], throttle: { rateLimit: number(), burstLimit: number() }, errorPercentage: number() });
    expect(api()).toMatchObject({ Name: 'text', CorsConfiguration: { AllowOrigins: ['text'] } });
  });
});

describe('addEndpoint', () => {
  test('makes an endpoint in the scope of the API, named by its route', () => {
    const endpoint = make().addEndpoint('PUT /customers/{customerId}/address', { code: someCode(), publicBecause: 'a test' });
    expect(endpoint).toBeInstanceOf(Endpoint);
    expect(endpoint.node.path).toBe('Test/Api/PutCustomersByCustomerIdAddress');
  });

  test('with the auth of a later stack it is refused: the mend is to make it there', () => {
    const made = make();
    const later = monitoredStack(stack.node.root as ReturnType<typeof testApp>, 'Later');
    const auth = new JwtAuthorizer(later, 'Auth', { api: made, issuer: 'https://login.example.com', audience: ['web'] });
    expect(refusal(() => made.addEndpoint('GET /a', { code: someCode(), auth }))).toMatchObject({
      what: expect.stringContaining('needs the auth of another stack'), mend: expect.stringContaining('new Endpoint('),
    });
    expect(new Endpoint(later, 'A', { api: made, route: 'GET /a', code: someCode(), auth }).route).toBe('GET /a');
  });
});

test('httpStage: a domain name maps to it, after it is there', () => {
  const { httpApi, httpStage } = make();
  const certificate = Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-central-1:111122223333:certificate/a');
  new ApiMapping(stack, 'Mapping', { api: httpApi, stage: httpStage, domainName: new DomainName(stack, 'Domain', { domainName: 'api.example.com', certificate }) });
  const [stageId] = Object.keys(resources(template(), 'AWS::ApiGatewayV2::Stage'));
  const [{ Properties, DependsOn }] = Object.values(resources(template(), 'AWS::ApiGatewayV2::ApiMapping'));
  expect([Properties.Stage, DependsOn]).toEqual(['$default', [stageId]]);
});

describe('fromAttributes', () => {
  test('endpoints of this app can be added to an API of another', () => {
    const imported = ServerlessApi.fromAttributes(stack, 'Api', { apiId: 'abc123' });
    new Endpoint(stack, 'Mine', { api: imported, route: 'GET /a', code: someCode(), publicBecause: 'a test' });
    template().resourceCountIs('AWS::ApiGatewayV2::Api', 0);
    expect(only(template(), 'AWS::ApiGatewayV2::Route').ApiId).toBe('abc123');
    expect(only(template(), 'AWS::ApiGatewayV2::Integration').ApiId).toBe('abc123');
  });

  test('url: the prop, else the address that API Gateway gives it', () => {
    const { url } = ServerlessApi.fromAttributes(stack, 'A', { apiId: 'abc' });
    expect(stack.resolve(url)).toEqual(stack.resolve(`https://abc.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}`));
    expect(ServerlessApi.fromAttributes(stack, 'B', { apiId: 'abc', url: 'https://api.example.com' }).url).toBe('https://api.example.com');
  });

  test('maxBodySize: the prop, else 64 KiB', () => {
    expect(ServerlessApi.fromAttributes(stack, 'A', { apiId: 'abc' }).maxBodySize.toKibibytes()).toBe(64);
    expect(ServerlessApi.fromAttributes(stack, 'B', { apiId: 'abc', maxBodySize: Size.kibibytes(1) }).maxBodySize.toKibibytes()).toBe(1);
  });
});
