import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import fc from 'fast-check';
import { policyViolation } from '../../lambda/auth/password-policy';
import { type EndpointDescription, ServerlessApi, Trinity } from '../../src';
import { monitoredStack, someCode, testApp } from '../support/app';
import { openApiFaults } from '../support/openapi';
import { refusal } from '../support/refusal';

const PUBLIC = { publicBecause: 'a test' };

/** What API Gateway answers itself, whatever the endpoint does. */
const ALWAYS = [429, 500, 503];
const PRIVATE = [400, 401, 403, ...ALWAYS];
const WITH_BODY = [400, 413, 415, ...ALWAYS];

/** The HTTP contract: every endpoint that the library brings, and every status that it can be answered with. */
const CONTRACT: Record<string, number[]> = {
  'post /auth/register': [201, 403, ...WITH_BODY],
  'post /auth/confirm': [204, 403, ...WITH_BODY],
  'post /auth/forgot-password': [204, 403, ...WITH_BODY],
  'post /auth/reset-password': [204, 403, ...WITH_BODY],
  'post /auth/login': [200, 401, 403, ...WITH_BODY],
  'post /auth/refresh': [200, 401, 403, ...WITH_BODY],
  'post /auth/logout': [204, ...WITH_BODY],
  'get /me': [200, ...PRIVATE],
  'patch /me': [200, ...PRIVATE, ...WITH_BODY],
  'delete /me': [204, ...PRIVATE],
  'post /rooms': [201, 409, ...PRIVATE, ...WITH_BODY],
  'get /rooms': [200, ...PRIVATE],
  'get /rooms/{roomId}': [200, 404, ...PRIVATE],
  'post /rooms/join': [200, 404, ...PRIVATE, ...WITH_BODY],
  'post /rooms/{roomId}/polls': [201, 404, 409, ...PRIVATE, ...WITH_BODY],
  'get /rooms/{roomId}/polls': [200, 404, ...PRIVATE],
  'get /rooms/{roomId}/polls/{pollId}': [200, 404, ...PRIVATE],
  'post /rooms/{roomId}/polls/{pollId}/votes': [200, 201, 202, 404, 409, ...PRIVATE, ...WITH_BODY],
  'get /rooms/{roomId}/polls/{pollId}/results': [200, 404, ...PRIVATE],
  'get /rooms/{roomId}/polls/{pollId}/ballots': [200, 404, ...PRIVATE],
  'post /rooms/{roomId}/polls/{pollId}/close': [200, 404, ...PRIVATE],
};

describe('the document of the whole system', () => {
  const trinity = new Trinity(monitoredStack(), 'Trinity', { api: { version: '3.0.0' } });
  const document = trinity.api.openApi();
  const operation = (route: string) => {
    const [method, path] = route.split(' ');
    return document.paths[path][method];
  };

  test('breaks no rule of OpenAPI 3.1, and every schema in it compiles', () => {
    expect(openApiFaults(document)).toEqual([]);
  });

  test('has every endpoint of the contract, and no other', () => {
    const routes = Object.entries<object>(document.paths).flatMap(([path, item]) => Object.keys(item).map((method) => `${method} ${path}`));
    expect(routes.sort()).toEqual(Object.keys(CONTRACT).sort());
  });

  test.each(Object.entries(CONTRACT))('%s has every status that it is answered with', (route, statuses) => {
    expect(Object.keys(operation(route).responses).map(Number)).toEqual([...new Set(statuses)].sort((a, b) => a - b));
  });

  test('the public endpoints are those of the accounts, and no other', () => {
    const open = Object.keys(CONTRACT).filter((route) => operation(route).security.length === 0);
    expect(open).toEqual(['post /auth/register', 'post /auth/confirm', 'post /auth/forgot-password', 'post /auth/reset-password', 'post /auth/login', 'post /auth/refresh', 'post /auth/logout']);
    expect(document.components.securitySchemes.accessToken).toEqual({
      type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'The accessToken of POST /auth/login.',
    });
  });

  test('errors are problems of RFC 9457, named by their type; what API Gateway answers itself keeps its own form', () => {
    const { 401: unauthenticated, 409: conflict, 413: tooLarge } = operation('post /rooms').responses;
    expect(conflict.content).toEqual({ 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } });
    expect(conflict.description).toContain('`idempotency-key-reused`');
    for (const both of [unauthenticated, tooLarge]) {
      expect(Object.keys(both.content)).toEqual(['application/problem+json', 'application/json']);
      expect(both.content['application/json'].schema).toEqual({ $ref: '#/components/schemas/GatewayMessage' });
    }
  });

  test('a list says how its pages are turned, a creation how it is repeated', () => {
    expect(operation('get /rooms').parameters).toEqual([
      { name: 'limit', in: 'query', required: false, description: expect.any(String), schema: { type: 'integer', minimum: 1, maximum: 100 } },
      { name: 'cursor', in: 'query', required: false, description: expect.any(String), schema: { type: 'string', minLength: 10, maxLength: 1_400, pattern: '^[A-Za-z0-9_-]+$' } },
    ]);
    expect(operation('post /rooms').parameters).toEqual([
      { name: 'Idempotency-Key', in: 'header', required: false, description: expect.stringContaining('24 hours'), schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,128}$' } },
    ]);
  });

  describe('is as strict as the endpoints', () => {
    const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true } });
    const takes = (route: string, body: unknown) => ajv.compile(operation(route).requestBody.content['application/json'].schema)(body);
    const account = { email: 'ada@example.com', code: '123456' };
    const poll = { question: 'Which?', options: ['This', 'That'] };

    test.each([
      ['post /rooms', { name: 'Friday' }],
      ['post /rooms/{roomId}/polls', { ...poll, closesAt: '2026-01-01T00:00:00Z' }],
      ['post /rooms/{roomId}/polls/{pollId}/votes', { optionId: 'o1' }],
      ['post /rooms/{roomId}/polls/{pollId}/votes', { optionIds: ['o1', 'o2'] }],
      ['post /auth/confirm', { ...account, password: 'Correct-horse-battery-1' }],
      ['post /auth/confirm', { ...account, password: 'Correct horse 1' }],
    ])('%s takes %p', (route, body) => {
      expect(takes(route, body)).toBe(true);
    });

    test.each([
      ['post /rooms', { name: '\u200b' }],
      ['post /rooms', { name: 'Friday ' }],
      ['patch /me', { displayName: 'a\u202eb' }],
      ['post /rooms/{roomId}/polls', { ...poll, options: ['This', 'This'] }],
      ['post /rooms/{roomId}/polls', { ...poll, closesAt: '2026-01-01' }],
      ['post /rooms/{roomId}/polls/{pollId}/votes', {}],
      ['post /rooms/{roomId}/polls/{pollId}/votes', { optionId: 'o1', optionIds: ['o1'] }],
      ...['Short-1', 'correct-horse-battery-1', 'CORRECT-HORSE-BATTERY-1', 'Correct-horse-battery', 'CorrectHorseBattery1', ' Correct-horse-battery-1', 'Correct-horse-battery-1 ']
        .map((password): [string, object] => ['post /auth/confirm', { ...account, password }]),
      ['post /auth/reset-password', { ...account, password: 'weak' }],
      ['post /auth/register', { email: account.email, password: 'weak' }],
    ])('%s refuses %p', (route, body) => {
      expect(takes(route, body)).toBe(false);
    });

    test('in what a password is, for any password', () => {
      const validate = ajv.compile(operation('post /auth/confirm').requestBody.content['application/json'].schema.properties.password);
      const policy = { minLength: 12, requireLowercase: true, requireUppercase: true, requireDigits: true, requireSymbols: true };
      const likely = fc.string({ unit: fc.constantFrom(...'abAB01-^ \\~]\n\u3000é😀'), maxLength: 20 });
      fc.assert(fc.property(fc.oneof(likely, likely.map((text) => `aA1-${text}`), fc.string({ unit: 'binary', maxLength: 40 })), (password) => {
        expect(validate(password)).toBe(policyViolation(password, policy) === undefined);
      }), { numRuns: 2_000 });
    });

    test('for other policies of passwords, too', () => {
      const { paths } = new Trinity(monitoredStack(), 'Other', { auth: { passwordMinLength: 20 } }).api.openApi();
      const { password } = paths['/auth/confirm'].post.requestBody.content['application/json'].schema.properties;
      expect(password).toMatchObject({ minLength: 20, description: expect.stringContaining('At least 20 characters') });
    });
  });

  test('the title is the id, the address is not known before the deployment', () => {
    expect(document.info).toEqual({ title: 'Trinity', version: '3.0.0' });
    expect(document.servers).toEqual([{ url: '/' }]);
  });
});

describe('an endpoint of one\'s own', () => {
  const document = (route: string, description?: EndpointDescription) => {
    const api = new ServerlessApi(monitoredStack(), 'Api');
    api.addEndpoint(route, { code: someCode(), ...PUBLIC, description });
    return api.openApi();
  };
  const described = (route: string, description?: EndpointDescription) => {
    const { paths } = document(route, description);
    return Object.values<any>(Object.values<any>(paths)[0])[0];
  };

  test('says what its route tells, where nothing more is described', () => {
    expect(described('GET /customers/{customerId}')).toMatchObject({
      operationId: 'getCustomersByCustomerId',
      summary: 'GET /customers/{customerId}',
      tags: ['customers'],
      parameters: [{ name: 'customerId', in: 'path', required: true, schema: { type: 'string' } }],
      security: [],
      responses: { default: { description: 'What the endpoint answers itself: it is not described.' } },
    });
    expect(Object.keys(described('GET /customers/{customerId}').responses)).toEqual(['429', '500', '503', 'default']);
  });

  test.each<[string, EndpointDescription, object]>([
    ['summary', { summary: 'List the customers' }, { summary: 'List the customers' }],
    ['operationId', { operationId: 'listCustomers' }, { operationId: 'listCustomers' }],
    ['tag', { tag: 'sales' }, { tags: ['sales'] }],
    [
      'request',
      { request: { type: 'object' } },
      { requestBody: { required: true, content: { 'application/json': { schema: { type: 'object' } } } } },
    ],
    ['query', { query: [{ name: 'q' }, { name: 'n', description: 'How many.', required: true, schema: { type: 'integer' } }] }, {
      parameters: [
        { name: 'q', in: 'query', required: false, schema: { type: 'string' } },
        { name: 'n', in: 'query', required: true, description: 'How many.', schema: { type: 'integer' } },
      ],
    }],
    ['headers', { headers: { 'If-Match': 'The version that is changed.' } }, {
      parameters: [{ name: 'If-Match', in: 'header', required: false, description: 'The version that is changed.', schema: { type: 'string' } }],
    }],
    ['responses', {
      responses: [
        { status: 202, description: 'Taken.' },
        { status: 200, description: 'Text.', schema: { type: 'string' }, mediaType: 'text/plain' },
      ],
    }, {
      responses: { 200: { description: 'Text.', content: { 'text/plain': { schema: { type: 'string' } } } }, 202: { description: 'Taken.' } },
    }],
  ])('%s', (_, description, expected) => {
    expect(described('POST /customers', description)).toMatchObject(expected);
  });

  test('the root has a tag too', () => {
    expect(described('GET /')).toMatchObject({ operationId: 'get', tags: ['root'] });
  });

  test('a greedy parameter is an ordinary one to OpenAPI', () => {
    expect(openApiFaults(document('GET /files/{path+}'))).toEqual([]);
    expect(Object.keys(document('GET /files/{path+}').paths)).toEqual(['/files/{path}']);
  });

  test('scopes are asked for by name', () => {
    const { api, auth } = new Trinity(monitoredStack(), 'Trinity');
    api.addEndpoint('GET /customers', { code: someCode(), auth, scopes: ['customers/read'] });
    expect(api.openApi().paths['/customers'].get.security).toEqual([{ accessToken: ['customers/read'] }]);
    expect(openApiFaults(api.openApi())).toEqual([]);
  });

  test('paths that differ in the names of their parameters are one', () => {
    const api = new ServerlessApi(monitoredStack(), 'Api');
    api.addEndpoint('GET /rooms/{roomId}', { code: someCode(), ...PUBLIC });
    api.addEndpoint('DELETE /rooms/{id}', { code: someCode(), ...PUBLIC });
    expect(openApiFaults(api.openApi())).toEqual([]);
    expect(Object.keys(api.openApi().paths)).toHaveLength(1);
  });

  test.each<[string, string, EndpointDescription, RegExp]>([
    ['a status that HTTP has not', 'DELETE /a', { responses: [{ status: 99, description: 'Done.' }] }, /DELETE \/a.*the status 99/],
    ['a body of a GET', 'GET /a', { request: { type: 'object' } }, /a GET has not/],
  ])('%s is refused', (_, route, description, what) => {
    const refused = refusal(() => document(route, description));
    expect(refused.what).toMatch(what);
    expect(refused.at).toBe('Test/Api');
  });

  test('an API without private endpoints says that no token is needed', () => {
    expect(document('GET /a').components.securitySchemes.accessToken.description).toBe('No endpoint asks for a token.');
  });
});

describe('the file in the cloud assembly', () => {
  const app = testApp();
  const api = new ServerlessApi(monitoredStack(app, 'Api'), 'Orders');
  const written = () => JSON.parse(readFileSync(join(app.synth().directory, api.openApiFile), 'utf8'));

  test('has all endpoints, also those that other stacks add', () => {
    const other = monitoredStack(app, 'Other');
    const trinity = new Trinity(other, 'Trinity');
    api.addEndpoint('GET /a', { code: someCode(), ...PUBLIC, description: { summary: Stack.of(api).region } });
    trinity.addEndpoint('GET /b', { code: someCode(), ...PUBLIC });
    expect(api.openApiFile).toBe('Api-Orders.openapi.json');
    expect(Object.keys(written().paths)).toEqual(['/a']);
    expect(openApiFaults(written())).toEqual([]);
    expect(trinity.api.openApiFile).toBe('Other-Trinity-Api.openapi.json');
  });

  test('is of one API alone, however alike their paths are', () => {
    const files = [['S', 'A-B'], ['S-A', 'B']].map(([stack, id]) => new ServerlessApi(monitoredStack(app, stack), id).openApiFile);
    expect(new Set(files).size).toBe(2);
    for (const file of files) expect(file).toMatch(/^S-A-B-[0-9a-f]{8}\.openapi\.json$/);
  });

  test('has a name that every file system takes, however deep the API lies', () => {
    const deep = testApp();
    let scope: Construct = monitoredStack(deep, 'Test');
    for (let depth = 0; depth < 8; depth++) scope = new Construct(scope, `${'Nested'.repeat(6)}${depth}`);
    const [first, second] = ['Api', 'Other'].map((id) => new ServerlessApi(scope, id).openApiFile);
    expect(first).not.toBe(second);
    const files = readdirSync(deep.synth().directory);
    for (const file of [first, second]) {
      expect(Buffer.byteLength(file)).toBeLessThanOrEqual(255);
      expect(files).toContain(file);
    }
  });

  test('has its paths in an order that does not depend on the locale of the machine', () => {
    const own = new ServerlessApi(monitoredStack(testApp(), 'Test'), 'Api');
    for (const path of ['/b', '/C', '/a', '/_d']) own.addEndpoint(`GET ${path}`, { code: someCode(), ...PUBLIC });
    expect(Object.keys(own.openApi().paths)).toEqual(['/C', '/_d', '/a', '/b']);
  });
});
