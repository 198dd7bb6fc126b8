import { Duration, Lazy, Size, Token } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Endpoint, type EndpointOptions } from '../../src';
import { someCode } from '../support/app';
import { refusal } from '../support/refusal';
import { only } from '../support/template';
import { add, api, auth, begin, existing, fn, stack, template } from './endpoints';

beforeEach(begin);

describe('what is refused', () => {
  test.each<[string, Partial<EndpointOptions>, string, RegExp]>([
    ['memorySize below Lambda\'s least', { memorySize: 64 }, 'memorySize is 64', /128 to 10240/],
    ['a timeout beyond what API Gateway waits', { timeout: Duration.seconds(30) }, 'timeout is 30 seconds', /1 second to 29 seconds/],
    ['a timeout with a fraction of a second', { timeout: Duration.millis(1_500) }, 'timeout is 1 second 500 millis', /whole number of seconds/],
    ['temporary storage of a few bytes', { ephemeralStorage: Size.bytes(5) }, 'ephemeralStorage in MiB is 0.0000', /512 to 10240/],
    ['more temporary storage than Lambda has', { ephemeralStorage: Size.gibibytes(100) }, 'ephemeralStorage in MiB is 102400', /512 to 10240/],
    ['a throttle that lets nothing through', { throttle: { rateLimit: 0, burstLimit: 1 } }, 'throttle.rateLimit is 0', /whole number/],
    ['a burst that is no whole number', { throttle: { rateLimit: 1, burstLimit: 1.5 } }, 'throttle.burstLimit is 1.5', /whole number/],
    ['no warm instances', { warmInstances: 0 }, 'warmInstances is 0', /1 to 10000/],
    ['more warm instances than are reserved', { warmInstances: 5, reservedConcurrency: 4 }, 'warmInstances is 5', /1 to 4/],
    ['an objective of nothing', { latencyObjective: Duration.millis(0) }, 'latencyObjective is', /29 seconds/],
    ['no code', { code: undefined }, "'GET /customers' has no code", /Code.fromAsset/],
  ])('%s', (_, options, what, mend) => {
    const refused = refusal(() => add(options));
    expect(refused.what).toContain(what);
    expect(refused.at).toBe('Test/Api/GetCustomers');
    expect(refused.mend).toMatch(mend);
  });

  test('code and a function together', () => {
    expect(refusal(() => add({ lambdaFunction: existing() })).what).toBe('code and lambdaFunction are given together');
  });

  test('what is known only at deployment passes', () => {
    const number = () => Token.asNumber(Lazy.any({ produce: () => 1 }));
    add({ memorySize: number(), reservedConcurrency: number(), throttle: { rateLimit: number(), burstLimit: number() }, warmInstances: 2 });
    expect(fn().MemorySize).toBe(1);
  });
});

describe('a function that exists', () => {
  test('its environment cannot be changed here', () => {
    const endpoint = add({ code: undefined, lambdaFunction: existing() });
    expect(refusal(() => endpoint.addEnvironment('A', 'b'))).toEqual({
      what: 'The environment of a function that was given cannot be changed (A)',
      at: 'Test/Api/GetCustomers',
      mend: 'set it where the function is defined',
    });
  });

  test.each<[keyof EndpointOptions, Partial<EndpointOptions>]>([
    ['memorySize', { memorySize: 256 }],
    ['environment', { environment: {} }],
    ['timeout', { timeout: Duration.seconds(5) }],
    ['logRetention', { logRetention: RetentionDays.ONE_DAY }],
  ])('%s cannot be given with it: nothing would come of it', (prop, options) => {
    const { what, mend } = refusal(() => add({ code: undefined, lambdaFunction: existing(), ...options }));
    expect(what).toBe(`${prop} is given for a function that exists already`);
    expect(mend).toBe('set it where the function is defined');
  });

  test('warmInstances cannot be given with it', () => {
    expect(refusal(() => add({ code: undefined, lambdaFunction: existing(), warmInstances: 1 })).mend).toContain('alias');
  });
});

describe('routes', () => {
  test.each([
    ['customers', "'customers' is not a route", /write it as 'GET \/customers\/{customerId}'/],
    ['GET /a /b', "'GET /a /b' is not a route", /write it as/],
    ['FETCH /a', "'FETCH /a' begins with no method", /GET, POST, PUT/],
    ['GET a', "The path of 'GET a' does not begin with a slash", /write it as/],
    ['GET /a/', "has the segment ''", /slash at the end/],
    ['GET /a//b', "has the segment ''", /empty segment/],
    ['GET /a/{b', "has the segment '{b'", /write it as/],
    ['GET /a/{b-c}', "has the segment '{b-c}'", /write it as/],
    ['GET /a/{b}/c/{b}', 'names {b} twice', /a name of its own/],
    ['GET /a/{b+}/c', 'goes on after a greedy parameter', /put it last/],
  ])('%s is refused', (route, what, mend) => {
    const refused = refusal(() => add({}, route));
    expect(refused).toMatchObject({ what: expect.stringContaining(what), at: 'Test/Api', mend: expect.stringMatching(mend) });
    expect(refused.what).toContain(route);
  });

  test('a token is refused: the route must be known', () => {
    expect(refusal(() => add({}, Lazy.string({ produce: () => 'GET /a' }))).mend).toContain('known at synthesis');
  });

  test.each(['GET /', 'DELETE /a/{b}', 'PATCH /a.b/c-d/~e_f', 'HEAD /files/{path+}', 'OPTIONS /a'])('%s is taken', (route) => {
    expect(add({}, route).route).toBe(route);
    expect(only(template(), 'AWS::ApiGatewayV2::Route').RouteKey).toBe(route);
  });

  test('two endpoints with one route: both places are named', () => {
    new Endpoint(stack, 'First', { api, route: 'GET /customers/{id}', code: someCode(), auth });
    const second = () => new Endpoint(stack, 'Second', { api, route: 'GET /customers/{customerId}', code: someCode(), auth });
    expect(refusal(second)).toMatchObject({
      what: "'GET /customers/{customerId}' is the route of two endpoints: Test/First has 'GET /customers/{id}'", at: 'Test/Second',
    });
  });

  test('a route that was refused is free again', () => {
    expect(() => add({ memorySize: 1 })).toThrow('memorySize');
    expect(new Endpoint(stack, 'Again', { api, route: 'GET /customers', code: someCode(), auth }).route).toBe('GET /customers');
  });

  test('two routes with one name in the OpenAPI document: both are named', () => {
    add({}, 'GET /a/b');
    expect(refusal(() => add({}, 'GET /a-b'))).toEqual({
      what: "'GET /a-b' is called 'getAB' in the OpenAPI document, and so is 'GET /a/b' of Test/Api/GetAB",
      at: 'Test/Api',
      mend: expect.stringContaining('operationId'),
    });
  });

  test('two routes with one construct id: the mend is to choose one', () => {
    add({}, 'GET /a/b');
    const build = () => add({ description: { operationId: 'other' } }, 'GET /a-b');
    expect(refusal(build).mend).toBe('give it an id of your choice: new Endpoint(scope, id, { api, route, … })');
    new Endpoint(stack, 'Other', { api, route: 'GET /a-b', code: someCode(), auth, description: { operationId: 'other' } });
    template().resourceCountIs('AWS::ApiGatewayV2::Route', 2);
  });
});
