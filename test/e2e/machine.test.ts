import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, HttpMethods } from 'aws-cdk-lib/aws-s3';
import { AwsClient } from '../../local/aws/client';
import { sign } from '../../local/aws/sign';
import { probe } from '../../local/ministack/health';
import { installedPython } from '../../local/ministack/install';
import { launcherArgs } from '../../local/ministack/launcher';
import { freePort } from '../../local/ministack/port';
import { cacheFolder } from '../../local/run/folders';
import { Endpoint, Monitoring, ServerlessApi } from '../../src';
import { multipart, type PageRequest, presign, send, signedForm, upgrade } from './support/page';
import { eventually } from './support/trinity-local';
import { type LocalCloud, type LocalCredentials, startLocalCloud } from 'trinity-constructs/local';

/** Attacks on the local cloud by a web page in the developer's browser and by other users of the machine (ADR 0012). */
const EVIL = 'https://page.example';
const OWN_PAGE = 'http://localhost:5173';
const GUESSES: readonly LocalCredentials[] = [
  { accessKeyId: 'test', secretAccessKey: 'test' },
  { accessKeyId: '000000000000', secretAccessKey: 'test' },
  { accessKeyId: '', secretAccessKey: '' },
];
const CREATE_FUNCTION = JSON.stringify({ FunctionName: 'evil', Runtime: 'nodejs22.x', Role: 'arn:aws:iam::000000000000:role/r', Handler: 'index.handler', Code: { ZipFile: '' } });

let cloud: LocalCloud;
let aws: AwsClient;
let host: string;
let outputs: Readonly<Record<string, string>>;
let closedUrl: string;
let openUrl: string;

/** Echoes the method. */
const HANDLER = 'exports.handler = async ({ requestContext: { http } }) => ({ statusCode: 200, headers: { "x-own": "yes" }, body: http.method });';

beforeAll(async () => {
  const app = new App();
  const stack = new Stack(app, 'Machine');
  Monitoring.none({ reason: 'a test of the local cloud' }).on(stack);
  const closed = new ServerlessApi(stack, 'Closed', {});
  const open = new ServerlessApi(stack, 'Open', { corsOrigins: ['https://*'] });
  const own = { code: Code.fromInline(HANDLER), publicBecause: 'a test' };
  new Endpoint(stack, 'OwnOptions', { api: closed, route: 'OPTIONS /own', ...own });
  new Endpoint(stack, 'OpenGet', { api: open, route: 'GET /open', ...own });
  const socket = new WebSocketApi(stack, 'Socket');
  new WebSocketStage(stack, 'SocketStage', { webSocketApi: socket, stageName: 'live', autoDeploy: true });
  const files = new Bucket(stack, 'Files', {
    removalPolicy: RemovalPolicy.DESTROY,
    blockPublicAccess: BlockPublicAccess.BLOCK_ACLS_ONLY,
    cors: [{ allowedOrigins: ['https://app.example'], allowedMethods: [HttpMethods.GET, HttpMethods.PUT, HttpMethods.POST], allowedHeaders: ['*'] }],
  });
  files.grantPublicAccess('public/*');
  const site = new Bucket(stack, 'Pages', { removalPolicy: RemovalPolicy.DESTROY, blockPublicAccess: BlockPublicAccess.BLOCK_ACLS_ONLY });
  site.grantPublicAccess();
  const pool = new UserPool(stack, 'Users', { selfSignUpEnabled: true, removalPolicy: RemovalPolicy.DESTROY });
  new CfnOutput(stack, 'Bucket', { value: files.bucketName });
  new CfnOutput(stack, 'Site', { value: site.bucketName });
  new CfnOutput(stack, 'Pool', { value: pool.userPoolId });
  new CfnOutput(stack, 'Client', { value: pool.addClient('Client', { authFlows: { userPassword: true } }).userPoolClientId });
  cloud = await startLocalCloud({ app });
  aws = new AwsClient({ ...cloud, clock: Date.now });
  host = new URL(cloud.endpoint).host;
  outputs = cloud.outputs.Machine;
  closedUrl = urlOf('Closed');
  openUrl = urlOf('Open');
  for (const key of ['public/note', 'private/note']) await aws.send('s3', 'PUT', `/${outputs.Bucket}/${key}`, 'hello', {});
});
afterAll(async () => {
  aws?.close();
  await cloud?.stop();
});

function urlOf(api: string): string {
  return new URL(cloud.urls.find(({ name }) => name.includes(api))!.url).pathname;
}

async function functionNames(): Promise<string[]> {
  const { Functions } = await aws.rest<{ Functions: Array<{ FunctionName: string }> }>('lambda', 'GET', '/2015-03-31/functions/');
  return Functions.map(({ FunctionName }) => FunctionName);
}

function signed(method: string, path: string, service: string, credentials: LocalCredentials, headers: Record<string, string> = {}, body = ''): Record<string, string> {
  return sign({ method, url: new URL(path, cloud.endpoint), body, headers }, { service, region: 'us-east-1', ...credentials }, new Date());
}

const noCors = ({ headers }: { headers: object }): string[] => Object.keys(headers).filter((name) => name.startsWith('access-control-'));

describe('a page with guessed credentials', () => {
  test('cannot create a function with a text/plain POST that is signed in the query string', async () => {
    for (const credentials of [...GUESSES, { ...cloud.credentials, secretAccessKey: 'guessed' }]) {
      const path = presign('/2015-03-31/functions', { service: 'lambda', method: 'POST', host, body: CREATE_FUNCTION, credentials });
      for (const origin of [EVIL, 'null', undefined]) {
        const answer = await send(cloud.endpoint, { method: 'POST', path, headers: { 'content-type': 'text/plain', ...(origin === undefined ? {} : { origin }) }, body: CREATE_FUNCTION });
        expect([answer.status, noCors(answer)]).toEqual([403, []]);
      }
    }
    expect(await functionNames()).not.toContain('evil');
  });

  test('is refused by every service, signed in a header or in the query string', async () => {
    const { services } = JSON.parse((await send(cloud.endpoint, { path: '/_ministack/health' })).body) as { services: Record<string, string> };
    expect(Object.keys(services).length).toBeGreaterThan(80);
    const letIn: string[] = [];
    for (const service of Object.keys(services)) {
      for (const credentials of [GUESSES[0], { ...cloud.credentials, secretAccessKey: 'guessed' }]) {
        const byHeader = await send(cloud.endpoint, { method: 'POST', path: '/', headers: signed('POST', '/', service, credentials) });
        const byQuery = await send(cloud.endpoint, { path: presign('/?Action=ListUsers&Version=2010-05-08', { service, host, credentials }) });
        for (const { status, body } of [byHeader, byQuery]) {
          if (status !== 403 || !/signature|key/i.test(body)) letIn.push(`${service} for ${credentials.accessKeyId}: ${status} ${body.slice(0, 100)}`);
        }
      }
    }
    expect(letIn).toEqual([]);
  });

  test('is refused on every path when the request is not signed', async () => {
    const paths = [
      '/', '/latest/meta-data/iam/security-credentials/', '/latest/api/token', '/v2/credentials/x', '/v4/x/task', '/2015-03-31/functions', '/v2/apis',
      '/restapis', '/v1/apis', '/v2/email/identities', '/v2/_catalog', '/v2/x/manifests/latest', '/iceberg/v1/config', '/v20180820/tags/x', '/Execute',
      '/WriteGetObjectResponse', '/2021-01-01/domain', '/clusters', '/signing-jobs', '/oidc/x', '/v1/chat/completions', '/position-estimate',
      '/2020-05-31/distribution', '/2013-04-01/hostedzone', '/service/GraniteServiceVersion20100801/operation/ListMetrics', '/key-value-stores/x', '/saml2/idpresponse',
      `/${'b'.repeat(8)}`, `/${'b'.repeat(8)}/key`, '/?Action=ListUsers&Version=2010-05-08', '/?Action=AssumeRoleWithWebIdentity&Version=2011-06-15',
    ];
    const hosts = [host, host.replace('127.0.0.1', 'localhost'), `nosuch.cloudfront.localhost:${new URL(cloud.endpoint).port}`, 'bucket.s3.localhost', 'aaaaaaaa.alb.localhost'];
    for (const path of paths) {
      for (const name of hosts) {
        for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS']) {
          const answer = await send(cloud.endpoint, { method, path, host: name, headers: { 'content-type': 'application/x-www-form-urlencoded' } });
          expect({ method, path, name, status: answer.status }).toEqual({ method, path, name, status: 403 });
        }
      }
    }
  });

  test('cannot read mails, queues or code, and cannot reset or configure the emulator', async () => {
    const pages: Array<[string, string]> = [
      ['GET', '/_ministack/ses/messages'], ['GET', '/_ministack/sqs/messages'], ['GET', '/_ministack/sns/sms-messages'], ['POST', '/_ministack/reset'],
      ['POST', '/_ministack/config'], ['GET', `/_ministack/lambda-code/000000000000/us-east-1/${(await functionNames())[0]}`], ['GET', '/_ministack/iot/ca.pem'],
    ];
    for (const [method, path] of pages) {
      const tries = [{}, signed(method, path, 'ministack', GUESSES[0]), signed(method, path, 'ministack', { ...cloud.credentials, secretAccessKey: 'guessed' })];
      for (const headers of tries) expect([path, (await send(cloud.endpoint, { method, path, headers })).status]).toEqual([path, 403]);
      // The right secret does not help a page, and a virtual host of the emulator does not hide the path.
      const right = { ...signed(method, path, 'ministack', cloud.credentials), origin: EVIL };
      expect([path, (await send(cloud.endpoint, { method, path, headers: right })).status]).toEqual([path, 403]);
      expect([path, (await send(cloud.endpoint, { method, path, host: 'aaaaaaaa.execute-api.localhost' })).status]).toEqual([path, 403]);
    }
    expect((await functionNames()).length).toBeGreaterThan(0);
    expect((await aws.send('ministack', 'GET', '/_ministack/ses/messages', '', {})).status).toBe(200);
  });

  test('cannot derive the credentials of a function\'s role from its ARNs', async () => {
    const { Configuration } = await aws.rest<{ Configuration: { FunctionArn: string; Role: string } }>('lambda', 'GET', `/2015-03-31/functions/${(await functionNames())[0]}`);
    expect((await send(cloud.endpoint, { method: 'OPTIONS', path: `${closedUrl}/own` })).status).toBe(200);
    const digest = createHash('sha256').update(`${Configuration.FunctionArn}:${Configuration.Role}`).digest('hex');
    const derived = (purpose: string): string => createHash('sha256').update(`${purpose}:${digest}`).digest('hex');
    const credentials = { accessKeyId: `ASIA${digest.slice(0, 16).toUpperCase()}`, secretAccessKey: derived('secret') };
    const path = '/?Action=GetCallerIdentity&Version=2011-06-15';
    const answer = await send(cloud.endpoint, { path, headers: signed('GET', path, 'sts', credentials, { 'x-amz-security-token': derived('token') }) });
    expect(answer.status).toBe(403);
  });
});

describe('a page of another origin', () => {
  test.each([
    'page.example', '127.0.0.1.nip.io', 'localhost.page.example', '0.0.0.0', 'x.execute-api.page.example', `${'a'.repeat(32)}.lambda-url.us-east-1.page.example`,
    'bucket.s3.page.example', 'd1.cloudfront.net.page.example', 'localhost:1@page.example', '',
  ])('is refused when it points the name \'%s\' at this machine, by API stages too', async (name) => {
    for (const path of ['/', '/_ministack/health', `${openUrl}/open`, `/${outputs.Bucket}/public/note`]) {
      const answer = await send(cloud.endpoint, { path, host: name === '' ? '' : `${name}:${new URL(cloud.endpoint).port}` });
      expect([path, answer.status, noCors(answer)]).toEqual([path, name === '' ? 400 : 403, []]);
      if (name !== '') expect(answer.body).toContain('Use http://127.0.0.1 or http://localhost');
    }
  });

  test.each([EVIL, 'null', 'http://localhost.page.example', 'http://127.0.0.1.nip.io', 'https://localhost@page.example'])('is refused with the Origin %s even if the request is signed correctly', async (origin) => {
    const path = '/2015-03-31/functions/';
    const answer = await send(cloud.endpoint, { path, headers: { ...signed('GET', path, 'lambda', cloud.credentials), origin } });
    expect([answer.status, noCors(answer)]).toEqual([403, []]);
    expect(answer.body).toContain('serve it from http://localhost');
    const preflight = await send(cloud.endpoint, {
      method: 'OPTIONS', path: '/', headers: { 'origin': origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,x-amz-target' },
    });
    expect([preflight.status, noCors(preflight)]).toEqual([403, []]);
  });

  test('can open a WebSocket to an API stage only', async () => {
    const [stage] = cloud.urls.filter(({ kind }) => kind === 'websocket');
    const { pathname } = new URL(stage.url);
    expect(await upgrade(cloud.endpoint, { path: pathname, headers: { origin: EVIL } })).toBe(101);
    expect(await upgrade(cloud.endpoint, { path: pathname, host: 'page.example', headers: { origin: EVIL } })).toBe(403);
    expect(await upgrade(cloud.endpoint, { path: '/', headers: { origin: EVIL } })).toBe(403);
    expect(await upgrade(cloud.endpoint, { path: '/event/realtime', host: 'abc.appsync-realtime-api.us-east-1.localhost', headers: { origin: EVIL } })).toBe(403);
    expect(await upgrade(cloud.endpoint, { path: '/mqtt', host: 'x.iot.us-east-1.localhost', headers: { 'origin': EVIL, 'sec-websocket-protocol': 'mqtt' } })).toBe(403);
  });

  test('gets the CORS headers that an API stage is configured with', async () => {
    const allowed = await send(cloud.endpoint, { path: `${openUrl}/open`, headers: { origin: EVIL } });
    expect([allowed.status, allowed.headers['access-control-allow-origin']]).toEqual([200, EVIL]);
    const closed = await send(cloud.endpoint, { method: 'OPTIONS', path: `${closedUrl}/own`, headers: { origin: EVIL } });
    expect([closed.status, noCors(closed)]).toEqual([200, []]);
  });

  test('can use presigned URLs, signed forms and public objects, with the CORS headers of the bucket', async () => {
    const put = presign(`/${outputs.Bucket}/uploads/one`, { service: 's3', method: 'PUT', host, credentials: cloud.credentials });
    const answer = await send(cloud.endpoint, { method: 'PUT', path: put, headers: { origin: 'https://app.example' }, body: 'mine' });
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([200, 'https://app.example']);
    const preflight = { 'origin': 'https://app.example', 'access-control-request-method': 'PUT' };
    expect((await send(cloud.endpoint, { method: 'OPTIONS', path: put, headers: preflight })).headers['access-control-allow-origin']).toBe('https://app.example');
    expect(noCors(await send(cloud.endpoint, { method: 'OPTIONS', path: put, headers: { ...preflight, origin: EVIL } }))).toEqual([]);

    const form = multipart(signedForm(outputs.Bucket, 'uploads/two', cloud.credentials), 'form');
    expect((await send(cloud.endpoint, { method: 'POST', path: `/${outputs.Bucket}`, ...form, headers: { ...form.headers, origin: EVIL } })).status).toBe(204);
    expect((await aws.send('s3', 'GET', `/${outputs.Bucket}/uploads/two`, '', {})).body).toBe('form');

    const open = await send(cloud.endpoint, { path: `/${outputs.Bucket}/public/note`, headers: { origin: EVIL } });
    expect([open.status, open.body, noCors(open)]).toEqual([200, 'hello', []]);
  });

  test('cannot use a bucket in any other way', async () => {
    const guessed = { ...cloud.credentials, secretAccessKey: 'guessed' };
    const form = multipart({ key: 'uploads/three' }, 'form');
    const badForm = multipart(signedForm(outputs.Bucket, 'uploads/three', guessed), 'form');
    const bucket = `/${outputs.Bucket}`;
    const late = new Date(Date.now() - 3_600_000);
    const requests = [
      { path: bucket }, { path: `${bucket}/private/note` }, { path: `${bucket}/public/note?acl` }, { method: 'PUT', path: `${bucket}/public/note`, body: 'x' },
      { method: 'DELETE', path: `${bucket}/public/note` }, { method: 'POST', path: `${bucket}?delete`, ...form }, { method: 'POST', path: bucket, ...form },
      { method: 'POST', path: bucket, ...badForm }, { path: '/', host: `${outputs.Bucket}.localhost` }, { path: '/private/note', host: `${outputs.Bucket}.s3.localhost` },
      ...[...GUESSES, guessed].map((credentials) => ({ path: presign(`${bucket}/private/note`, { service: 's3', host, credentials }) })),
      { path: presign(`${bucket}/private/note`, { service: 's3', host, credentials: cloud.credentials }, late) },
    ];
    for (const request of requests) expect([request, (await send(cloud.endpoint, request)).status]).toEqual([request, 403]);
    expect((await aws.send('s3', 'GET', `${bucket}/public/note`, '', {})).body).toBe('hello');
    expect((await aws.send('s3', 'GET', `${bucket}/uploads/three`, '', {})).status).toBe(404);
  });
});

test('a URL that is presigned for S3 is refused by other services', async () => {
  const path = presign('/', { service: 's3', method: 'POST', host, credentials: cloud.credentials });
  const { status, body } = await send(cloud.endpoint, { method: 'POST', path, headers: { 'x-amz-target': 'DynamoDB_20120810.ListTables' } });
  expect([status, body]).toEqual([403, expect.stringContaining('signed for s3, not for dynamodb')]);
});

/** Every way to name a service in a request, as the emulator understands it, with a call that leaves a resource. */
const INTRUSIONS: ReadonlyArray<{ readonly service: string; readonly body: string; readonly type: string; readonly target?: string }> = [
  ...[
    ['iam', 'Action=CreateUser&Version=2010-05-08&UserName=intruder'],
    ['sqs', 'Action=CreateQueue&Version=2012-11-05&QueueName=intruder'],
    ['sns', 'Action=CreateTopic&Version=2010-03-31&Name=intruder'],
    ['cloudformation', 'Action=CreateStack&Version=2010-05-15&StackName=intruder&TemplateBody=%7B%22Resources%22%3A%7B%22Topic%22%3A%7B%22Type%22%3A%22AWS%3A%3ASNS%3A%3ATopic%22%7D%7D%7D'],
  ].map(([service, body]) => ({ service, body, type: 'application/x-www-form-urlencoded' })),
  ...[
    ['ssm', 'AmazonSSM.PutParameter', { Name: 'intruder', Value: 'x', Type: 'String' }],
    ['logs', 'Logs_20140328.CreateLogGroup', { logGroupName: 'intruder' }],
    ['cognito-idp', 'AWSCognitoIdentityProviderService.CreateUserPool', { PoolName: 'intruder' }],
  ].map(([service, target, body]) => ({ service: service as string, target: target as string, body: JSON.stringify(body), type: 'application/x-amz-json-1.1' })),
];

/** The resources that INTRUSIONS created, as `service: name`. The name has the index of the shape that let them in. */
async function intruders(): Promise<string[]> {
  const json = async (service: string, target: string, body = '{}') =>
    (await aws.send(service, 'POST', '/', body, { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' })).body;
  const form = async (service: string, body: string) => (await aws.send(service, 'POST', '/', body, { 'content-type': 'application/x-www-form-urlencoded' })).body;
  const lists = {
    'iam': await form('iam', 'Action=ListUsers&Version=2010-05-08'),
    'sqs': await form('sqs', 'Action=ListQueues&Version=2012-11-05'),
    'sns': await form('sns', 'Action=ListTopics&Version=2010-03-31'),
    'cloudformation': await form('cloudformation', 'Action=ListStacks&Version=2010-05-15'),
    'ssm': await json('ssm', 'AmazonSSM.DescribeParameters'),
    'logs': await json('logs', 'Logs_20140328.DescribeLogGroups'),
    'cognito-idp': await json('cognito-idp', 'AWSCognitoIdentityProviderService.ListUserPools', '{"MaxResults":60}'),
  };
  return Object.entries(lists).flatMap(([service, list]) => [...new Set(list.match(/intruder\d*/g))].map((name) => `${service}: ${name}`));
}

/** Every shape of a request that the guard accepts without a signature of the whole request. */
function shapesWithoutSignature(): PageRequest[] {
  const appsync = `abcdef.appsync-api.us-east-1.localhost:${new URL(cloud.endpoint).port}`;
  const { Bucket: bucket, Pool: pool } = outputs;
  const presigned = (method: string) => presign(`/${bucket}/uploads/intruder`, { service: 's3', method, host, credentials: cloud.credentials });
  return [
    { method: 'POST', path: '/v1/apis/x/graphql' },
    { method: 'POST', path: '/v1/apis/x/graphql', host: `${bucket}.localhost` },
    { method: 'POST', path: '/graphql', host: appsync },
    { method: 'POST', path: '/event', host: appsync },
    ...['/oauth2/authorize', '/oauth2/userInfo', '/oauth2/userinfo', '/logout', `/${pool}/.well-known/jwks.json`, `/${pool}/.well-known/openid-configuration`]
      .map((path) => ({ method: 'GET', path })),
    ...['/oauth2/token', '/oauth2/userInfo', '/oauth2/userinfo', '/oauth2/login', '/login'].map((path) => ({ method: 'POST', path })),
    ...['AWSCognitoIdentityProviderService.SignUp', 'AWSCognitoIdentityProviderService.InitiateAuth', 'AWSCognitoIdentityService.GetId']
      .map((target) => ({ method: 'POST', path: '/', headers: { 'x-amz-target': target } })),
    { method: 'GET', path: '/_ministack/health' },
    { method: 'PUT', path: '/_ministack/cfn-response/unknown' },
    { method: 'PUT', path: '/_ministack/cfn-signal/unknown' },
    { method: 'GET', path: `/${bucket}/public/note` },
    { method: 'HEAD', path: `/${bucket}/public/note` },
    { method: 'GET', path: '/public/note', host: `${bucket}.localhost` },
    { method: 'OPTIONS', path: `/${bucket}/public/note`, headers: { 'origin': 'https://app.example', 'access-control-request-method': 'PUT' } },
    ...['GET', 'PUT', 'POST'].map((method) => ({ method, path: presigned(method) })),
    ...[`${openUrl}/open`, '/_aws/execute-api/unknown/live/', '/_aws/lambda-url/unknown/', '/restapis/unknown/live/_user_request_/', '/_alb/unknown/']
      .map((path) => ({ method: 'POST', path })),
    ...['unknown.execute-api.localhost', `${'a'.repeat(32)}.lambda-url.us-east-1.localhost`].map((name) => ({ method: 'POST', path: '/', host: name })),
  ];
}

describe('a request that needs no signature', () => {
  test('never reaches another service, whatever service its headers, query or body name', async () => {
    for (const [index, shape] of shapesWithoutSignature().entries()) {
      for (const { service, body: anonymous, type, target } of INTRUSIONS) {
        const body = anonymous.replace('intruder', `intruder${index}`);
        for (const authorization of [undefined, 'Bearer x', `X Credential=a/b/c/${service}/`, `Bearer Credential=a/b/c/${service}/, x`]) {
          const headers = {
            ...shape.headers, 'content-type': type, ...(authorization === undefined ? {} : { authorization }), ...(target === undefined ? {} : { 'x-amz-target': target }),
          };
          await send(cloud.endpoint, { ...shape, headers, body });
          if (target === undefined) await send(cloud.endpoint, { ...shape, path: `${shape.path}${shape.path.includes('?') ? '&' : '?'}${body}`, headers, body });
        }
      }
    }
    expect(await intruders()).toEqual([]);
  });

  test('is refused with a sentence that names the service it would have reached', async () => {
    const { status, body } = await send(cloud.endpoint, {
      method: 'POST', path: '/v1/apis/x/graphql', headers: { 'authorization': 'Bearer x', 'content-type': 'application/x-www-form-urlencoded' }, body: INTRUSIONS[0].body,
    });
    expect([status, body]).toEqual([403, expect.stringMatching(/is not signed.*would reach iam/s)]);
  });

  test.each(['/v2/email/identities', '/v2/_catalog', '/v2/x/manifests/latest', '/iceberg/v1/config', '/v20180820/configuration/publicAccessBlock', '/Execute'])(
    'reaches no service whose path %s looks like the key of a public or presigned object', async (path) => {
      const name = `${outputs.Site}.localhost:${new URL(cloud.endpoint).port}`;
      const presigned = presign(path, { service: 's3', host: name, credentials: cloud.credentials });
      for (const request of [{ path }, { path: presigned }]) {
        expect([request, (await send(cloud.endpoint, { ...request, host: name })).status]).toEqual([request, 403]);
      }
    },
  );

  test('reaches AppSync if it is a GraphQL request with a token', async () => {
    const { status, body } = await send(cloud.endpoint, {
      method: 'POST', path: '/v1/apis/unknown/graphql', headers: { 'authorization': 'Bearer x', 'content-type': 'application/json' }, body: '{"query":"{ a }"}',
    });
    expect([status, body]).toEqual([404, expect.stringContaining('Unable to find the Api')]);
  });

  // Shows that the intrusions above would leave resources. Must run after them.
  test('would have created a resource in each service with a signature', async () => {
    for (const { service, body, type, target } of INTRUSIONS) {
      await aws.send(service, 'POST', '/', body, { 'content-type': type, ...(target === undefined ? {} : { 'x-amz-target': target }) });
    }
    expect(await intruders()).toEqual(INTRUSIONS.map(({ service }) => `${service}: intruder`));
  });
});

describe('a page that this machine serves', () => {
  const signUp = (origin: string | undefined, target = 'SignUp', name?: string): Parameters<typeof send>[1] => ({
    method: 'POST',
    path: '/',
    host: name,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AWSCognitoIdentityProviderService.${target}`, ...(origin === undefined ? {} : { origin }) },
    body: JSON.stringify({ ClientId: outputs.Client, UserPoolId: outputs.Pool, Username: `u${Math.random()}`, Password: 'Correct-horse-1' }),
  });

  test('can sign up with Cognito, which a page of another origin cannot', async () => {
    expect((await send(cloud.endpoint, signUp(undefined))).status).toBe(200);
    const own = await send(cloud.endpoint, signUp(OWN_PAGE));
    expect([own.status, own.headers['access-control-allow-origin']]).toEqual([200, OWN_PAGE]);
    const preflight = await send(cloud.endpoint, { method: 'OPTIONS', path: '/', headers: { 'origin': OWN_PAGE, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-amz-target' } });
    expect([preflight.status, preflight.headers['access-control-allow-origin'], preflight.headers['access-control-allow-headers']]).toEqual([204, OWN_PAGE, 'x-amz-target']);
    expect((await send(cloud.endpoint, signUp(EVIL))).status).toBe(403);
  });

  test('cannot call operations that need a signature on AWS', async () => {
    expect((await send(cloud.endpoint, signUp(OWN_PAGE, 'AdminCreateUser'))).status).toBe(403);
    expect((await send(cloud.endpoint, signUp(OWN_PAGE, 'SignUp', `${outputs.Bucket}.localhost`))).status).toBe(403);
  });

  test('can read the public keys of its user pool', async () => {
    expect((await send(cloud.endpoint, { path: `/${outputs.Pool}/.well-known/jwks.json`, headers: { origin: OWN_PAGE } })).status).toBe(200);
    expect((await send(cloud.endpoint, { path: `/${outputs.Bucket}/.well-known/jwks.json` })).status).toBe(403);
  });
});

function modeOf(path: string): string {
  return lstatSync(path).mode.toString(8).slice(-3);
}

test('other users cannot enter what a run writes, and the emulator writes nothing outside its run\'s folder', async () => {
  const run = dirname(cloud.emulatorLog);
  const modes = [dirname(dirname(run)), dirname(run), run].map(modeOf);
  expect(modes).toEqual(['700', '700', '700']);
  const readable = readdirSync(run, { recursive: true, encoding: 'utf8' }).filter((name) => /^(tmp|state|ministack\.log)(\/|$)/.test(name))
    .filter((name) => !lstatSync(join(run, name)).isSymbolicLink() && !modeOf(join(run, name)).endsWith('00'));
  expect(readable).toEqual([]);
  expect(readdirSync(join(run, 'tmp')).some((name) => name.startsWith('ministack-lambda-'))).toBe(true);
  expect(existsSync(join(run, 'state', 'cognito-rsa-key.pem'))).toBe(true);
  expect(existsSync(join(tmpdir(), `ministack-${new URL(cloud.endpoint).port}.pid`))).toBe(false);
});

test('another app can be deployed only with the secret of the local cloud', async () => {
  const app = new App();
  new CfnOutput(new Stack(app, 'Second'), 'Region', { value: 'here' });
  new Bucket(app.node.findChild('Second') as Stack, 'More', { removalPolicy: RemovalPolicy.DESTROY });
  const { endpoint, credentials } = cloud;
  await expect(startLocalCloud({ app, endpoint })).rejects.toThrow(/requires credentials, and none are given for it/);
  const second = await startLocalCloud({ app, endpoint, credentials });
  expect([second.outputs.Second.Region, second.notes]).toEqual(['here', []]);
  await second.stop();
});

test('the app\'s command keeps its temporary files, such as compiled code, in the private folder of the run', async () => {
  const { endpoint, credentials } = cloud;
  const app = 'node -p "require(\'node:os\').tmpdir()"; exit 3';
  await expect(startLocalCloud({ app, endpoint, credentials })).rejects.toThrow(new RegExp(`^${join(cacheFolder(), 'runs')}/[^/]+/tmp( |$)`, 'm'));
});

test('a running emulator that answers web pages is named as exposed before anything is deployed on it', async () => {
  const port = await freePort();
  const env = { GATEWAY_PORT: String(port), BIND_HOST: '127.0.0.1', IOT_MTLS_ENABLED: '0', SFTP_ENABLED: '0', HOME: dirname(cloud.emulatorLog), TMPDIR: join(dirname(cloud.emulatorLog), 'tmp') };
  const emulator = spawn(installedPython(cacheFolder())!, launcherArgs('ministack'), { env, stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  try {
    const endpoint = `http://127.0.0.1:${port}`;
    await eventually(() => probe(endpoint), 'the emulator answers');
    const said: string[] = [];
    const app = new App();
    new Bucket(new Stack(app, 'Elsewhere'), 'Bucket');
    const other = await startLocalCloud({ app, endpoint, onProgress: ({ message }) => said.push(message) });
    expect(other.notes).toEqual([expect.stringContaining('accepts requests of any web page without a secret')]);
    expect(said[0]).toBe(other.notes[0]);
    await other.stop();
  } finally {
    emulator.stdin!.end();
  }
});

describe('API Gateway on the local cloud', () => {
  test('routes OPTIONS to its endpoint if the API has no CORS configuration', async () => {
    const own = await send(cloud.endpoint, { method: 'OPTIONS', path: `${closedUrl}/own` });
    expect([own.status, own.headers['x-own'], own.body]).toEqual([200, 'yes', 'OPTIONS']);
    expect((await send(cloud.endpoint, { method: 'OPTIONS', path: `${closedUrl}/other` })).status).toBe(404);
  });

  test.each([['https://vote.example', 204], ['https://localhost:8443', 204], ['http://vote.example', 403]])('answers a preflight of %s with %i if the API allows `https://*`', async (origin, status) => {
    const answer = await send(cloud.endpoint, { method: 'OPTIONS', path: `${openUrl}/open`, headers: { origin, 'access-control-request-method': 'GET' } });
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([status, status === 204 ? origin : undefined]);
  });
});
