import fc from 'fast-check';
import type { ApiResponse } from '../../../lambda/shared/api';
import { callerEndpoint, publicEndpoint } from '../../../lambda/shared/http';
import { DependencyUnavailable, Problem } from '../../../lambda/shared/problem';
import type { Validate } from '../../../lambda/shared/validate';
import { type ProblemKey, Problems, problemType } from '../../../src/api/contract';
import { CALLER, callerEvent, httpEvent } from './event';
import { fakeLog } from './fakes';
import { compiled } from './validator';

const validate = compiled({
  type: 'object',
  properties: { 'name': { type: 'string', minLength: 2, pattern: '^[a-z]+$' }, 'a/b~c': { type: 'integer' }, 'kind': { enum: ['x', 'y'] } },
  required: ['name'],
  additionalProperties: false,
});
const MAX = 200;

function options(more: { validate?: Validate; userIdClaim?: string } = {}) {
  return { log: fakeLog(), maxBodyBytes: MAX, ...more };
}

async function send(event = httpEvent({ body: '{"name":"abc"}' }), handle: (request: { body: unknown }) => Promise<ApiResponse> = echo) {
  const answer = await publicEndpoint<unknown>(options({ validate }), handle)(event);
  return { ...answer, json: answer.body === undefined ? undefined : JSON.parse(answer.body) };
}

const echo = async ({ body }: { body: unknown }) => ({ status: 200, body });
const failing = (error: unknown) => async (): Promise<ApiResponse> => { throw error; };

describe('an answer', () => {
  test('is JSON that no cache keeps, and names the request', async () => {
    const answer = await send();
    expect(answer).toMatchObject({ statusCode: 200, json: { name: 'abc' } });
    expect(answer.headers).toEqual({ 'content-type': 'application/json', 'cache-control': 'no-store', 'x-request-id': 'request-1' });
  });

  test('without a body has no content type', async () => {
    const answer = await send(undefined, async () => ({ status: 204 }));
    expect(answer.statusCode).toBe(204);
    expect(answer.body).toBeUndefined();
    expect(answer.headers).not.toHaveProperty('content-type');
  });

  test('keeps the headers of the logic', async () => {
    const answer = await send(undefined, async () => ({ status: 201, body: {}, headers: { location: '/things/1' } }));
    expect(answer.headers).toMatchObject({ location: '/things/1' });
  });
});

describe('the Location of what was made', () => {
  test.each([
    ['at the root', 'https://api.example/rooms', '/rooms', 'https://api.example/rooms/1'],
    ['behind the key of an API mapping', 'https://api.example/v1/rooms', '/v1/rooms', 'https://api.example/v1/rooms/1'],
    ['behind a stage', 'https://api.example/dev/rooms', '/dev/rooms', 'https://api.example/dev/rooms/1'],
    ['behind a prefix that a proxy takes off', 'https://www.example/api/rooms', '/rooms', 'https://www.example/api/rooms/1'],
    ['in a collection of something', 'https://api.example/v1/rooms/7/polls', '/v1/rooms/7/polls', 'https://api.example/v1/rooms/7/polls/1'],
    ['of a path with a slash at its end', 'https://api.example/v1/rooms/', '/v1/rooms/', 'https://api.example/v1/rooms/1'],
  ])('resolves %s', async (_, url, rawPath, expected) => {
    const { headers } = await send({ ...httpEvent({ body: '{"name":"abc"}' }), rawPath }, async () => ({ status: 201, body: {}, created: '1' }));
    expect(new URL(String(headers?.location), url).href).toBe(expected);
  });
});

describe('a problem', () => {
  test.each(Object.keys(Problems) as ProblemKey[])('%s is answered with its status, type and title', async (key) => {
    const answer = await send(undefined, failing(new Problem(key)));
    expect(answer.statusCode).toBe(Problems[key].status);
    expect(answer.headers).toMatchObject({ 'content-type': 'application/problem+json', 'x-request-id': 'request-1' });
    expect(answer.json).toEqual({ type: problemType(key), title: Problems[key].title, status: Problems[key].status });
    expect(answer.headers?.['www-authenticate']).toBe(Problems[key].status === 401 ? 'Bearer' : undefined);
  });

  test('carries its detail and its fields', async () => {
    const errors = [{ pointer: '/name', detail: 'is taken' }];
    const answer = await send(undefined, failing(new Problem('conflict', { detail: 'Choose another', errors })));
    expect(answer.json).toMatchObject({ detail: 'Choose another', errors });
  });

  test.each([[0, '1'], [0.2, '1'], [1.2, '2'], [600, '600']])('sends whole seconds of waiting, at least one: %p', async (retryAfter, header) => {
    const answer = await send(undefined, failing(new Problem('too-many-requests', { retryAfter })));
    expect(answer.headers).toMatchObject({ 'retry-after': header });
  });

  test('503 with Retry-After where a dependency is not available', async () => {
    const cause = new Error('arn:aws:dynamodb:secret');
    const answer = await send(undefined, failing(new DependencyUnavailable('The table', { cause, retryAfter: 7 })));
    expect(answer).toMatchObject({ statusCode: 503, json: { type: problemType('unavailable'), detail: 'The table is not available' } });
    expect(answer.headers).toMatchObject({ 'retry-after': '7' });
    expect(answer.body).not.toContain('arn:aws');
  });

  test.each([[new Error('password hunter2 in stack')], ['a string'], [undefined], [null]])('500 tells nothing of %p', async (error) => {
    const answer = await send(undefined, failing(error));
    expect(answer).toMatchObject({ statusCode: 500, json: { type: problemType('internal') } });
    expect(answer.body).not.toMatch(/hunter2|a string|stack|\.ts/);
  });
});

describe('the log', () => {
  test('has one line an answer, without body, token or address', async () => {
    const { log, maxBodyBytes } = options();
    await callerEndpoint<unknown>({ log, maxBodyBytes, validate }, echo)(callerEvent({ body: '{"name":"secretname"}' }));
    expect(log.lines).toEqual([{ level: 'info', message: 'Request answered', extra: { route: 'POST /test', requestId: 'request-1', status: 200 } }]);
  });

  test('has the error of a failure, and none of a refusal', async () => {
    const { log, maxBodyBytes } = options();
    const error = new Error('broken');
    await publicEndpoint({ log, maxBodyBytes }, failing(error))(httpEvent());
    await publicEndpoint({ log, maxBodyBytes }, failing(new Problem('not-found')))(httpEvent());
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([expect.objectContaining({ extra: expect.objectContaining({ error, status: 500 }) })]);
  });
});

describe('a body', () => {
  test('may come in base64', async () => {
    const body = Buffer.from('{"name":"abc"}').toString('base64');
    expect(await send(httpEvent({ body, base64: true }))).toMatchObject({ statusCode: 200, json: { name: 'abc' } });
  });

  test.each(['application/json', 'application/json; charset=utf-8', 'application/json;charset="UTF-8"', 'Application/JSON'])('may be sent as %s', async (type) => {
    expect(await send(httpEvent({ body: '{"name":"abc"}', headers: { 'content-type': type } }))).toMatchObject({ statusCode: 200 });
  });

  test.each(['text/plain', 'application/json5', 'application/problem+json', 'application/json; charset=iso-8859-1', ''])('may not be sent as %p', async (type) => {
    const answer = await send(httpEvent({ body: '{"name":"abc"}', headers: { 'content-type': type } }));
    expect(answer).toMatchObject({ statusCode: 415, json: { type: problemType('unsupported-media-type') } });
  });

  test('has a limit in bytes, not in characters', async () => {
    const wide = (length: number) => httpEvent({ body: '"' + 'ä'.repeat((length - 2) / 2) + '"' });
    expect((await send(wide(MAX))).statusCode).toBe(400);
    expect(await send(wide(MAX + 2))).toMatchObject({ statusCode: 413, json: { type: problemType('payload-too-large') } });
  });

  test('has the limit of what it decodes to', async () => {
    const body = Buffer.from(`{"name":"${'a'.repeat(MAX - 11)}"}`).toString('base64');
    expect(body.length).toBeGreaterThan(MAX);
    expect((await send(httpEvent({ body, base64: true }))).statusCode).toBe(200);
  });

  test.each([
    ['nothing', httpEvent({ headers: { 'content-type': 'application/json' } })],
    ['half of it', httpEvent({ body: '{"name":' })],
    ['bytes that are not UTF-8', httpEvent({ body: Buffer.from([0x22, 0xff, 0xfe, 0x22]).toString('base64'), base64: true })],
    ['half a surrogate pair', httpEvent({ body: '{"name":"\\ud83d"}' })],
    ['half a surrogate pair in a name', httpEvent({ body: '{"\\uDE00":1}' })],
  ])('is not JSON where it is %s', async (_, event) => {
    expect(await send(event)).toMatchObject({ statusCode: 400, json: { type: problemType('invalid-json') } });
  });

  test('may escape what is whole', async () => {
    const free = publicEndpoint<unknown>(options({ validate: compiled({ type: 'string' }) }), echo);
    expect(await free(httpEvent({ body: '"\\ud83d\\ude00 \\\\ud83d"' }))).toMatchObject({ body: JSON.stringify('😀 \\ud83d') });
  });

  test('is not looked at where the endpoint takes none', async () => {
    const answer = await publicEndpoint(options(), echo)(httpEvent({ body: 'x'.repeat(10 * MAX), headers: { 'content-type': 'text/plain' } }));
    expect(answer.statusCode).toBe(200);
  });
});

describe('an invalid body', () => {
  async function errorsOf(body: unknown) {
    const { statusCode, json } = await send(httpEvent({ body: JSON.stringify(body) }));
    expect([statusCode, json.type]).toEqual([400, problemType('invalid-request')]);
    return json.errors as Array<{ pointer: string; detail: string }>;
  }

  test('names a missing field, not the object around it', async () => {
    expect(await errorsOf({})).toEqual([{ pointer: '/name', detail: 'is missing' }]);
  });

  test('names an unknown field, escaped as a JSON pointer wants it', async () => {
    expect(await errorsOf({ 'name': 'abc', 'x~/y': 1 })).toEqual([{ pointer: '/x~0~1y', detail: 'is not a known field' }]);
  });

  test('names every field once', async () => {
    const errors = await errorsOf({ 'name': 'A', 'a/b~c': 'x', 'kind': 'z' });
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual(['/a~1b~0c', '/kind', '/name']);
    expect(errors).toContainEqual({ pointer: '/kind', detail: 'must be one of x, y' });
  });

  test('that is no object is named as a whole', async () => {
    expect(await errorsOf([])).toEqual([{ pointer: '', detail: 'must be object' }]);
  });

  test('of many unknown fields has a bounded answer', async () => {
    const body = JSON.stringify(Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`x${index}`, 1])));
    const answer = await publicEndpoint({ ...options({ validate }), maxBodyBytes: 1e6 }, echo)(httpEvent({ body }));
    expect(JSON.parse(answer.body!).errors).toHaveLength(50);
  });
});

describe('a caller', () => {
  const whoami = callerEndpoint(options(), async ({ caller }) => ({ status: 200, body: caller }));

  test('is the subject of the access token', async () => {
    expect(JSON.parse((await whoami(callerEvent())).body!)).toEqual({ userId: 'user-1', accessToken: 'the-access-token' });
  });

  test('is the user of another claim, if the endpoint has that for its users\' ids', async () => {
    const byName = callerEndpoint(options({ userIdClaim: 'username' }), async ({ caller }) => ({ status: 200, body: caller.userId }));
    expect(JSON.parse((await byName(callerEvent({ claims: { ...CALLER, username: 'name-1' } }))).body!)).toBe('name-1');
    for (const username of [undefined, '', 7]) expect(await byName(callerEvent({ claims: { ...CALLER, username } }))).toMatchObject({ statusCode: 401 });
  });

  test.each([
    ['an identity token', callerEvent({ claims: { ...CALLER, token_use: 'id' } })],
    ['a token without a use', callerEvent({ claims: { sub: 'user-1' } })],
    ['a token without a subject', callerEvent({ claims: { token_use: 'access' } })],
    ['no claims at all', httpEvent({ headers: { authorization: 'Bearer x' } })],
    ['no header', httpEvent({ claims: CALLER })],
    ['another scheme', callerEvent({ headers: { authorization: 'Basic eDp5' } })],
  ])('is refused with %s', async (_, event) => {
    expect(await whoami(event)).toMatchObject({ statusCode: 401, headers: { 'www-authenticate': 'Bearer' } });
  });

  test('is refused before the body is judged', async () => {
    const endpoint = callerEndpoint<unknown>(options({ validate }), echo);
    expect((await endpoint(httpEvent({ body: 'no json' }))).statusCode).toBe(401);
  });
});

describe('a request', () => {
  const seen = callerEndpoint({ ...options(), readsIdempotencyKey: true }, async ({ path, query, idempotencyKey, acceptedAt, requestId }) => ({
    status: 200, body: { path, query, idempotencyKey, acceptedAt, requestId },
  }));

  test('has its path, its query, its key and the moment of its arrival', async () => {
    const answer = await seen(callerEvent({ path: { roomId: 'r', gone: undefined }, query: { limit: '5' }, headers: { 'idempotency-key': 'key-1' } }));
    expect(JSON.parse(answer.body!)).toEqual({
      path: { roomId: 'r' }, query: { limit: '5' }, idempotencyKey: 'key-1', acceptedAt: 1_767_225_600_000, requestId: 'request-1',
    });
  });

  test.each(['', 'with space', 'ä', 'x'.repeat(129), 'line\nbreak'])('is refused with the Idempotency-Key %p', async (key) => {
    const { statusCode, body } = await seen(callerEvent({ headers: { 'idempotency-key': key } }));
    expect(statusCode).toBe(400);
    expect(JSON.parse(body!).errors).toEqual([{ header: 'Idempotency-Key', detail: expect.stringContaining('printable ASCII') }]);
  });

  test.each(['', 'with space', 'key-1'])('of an endpoint that makes nothing ignores the Idempotency-Key %p', async (key) => {
    const other = callerEndpoint(options(), async ({ idempotencyKey }) => ({ status: 200, body: { idempotencyKey } }));
    expect(await other(callerEvent({ headers: { 'idempotency-key': key } }))).toMatchObject({ statusCode: 200, body: '{}' });
  });
});

test('whatever is sent, the answer is 2xx or 4xx', async () => {
  const body = fc.oneof(fc.json(), fc.string({ unit: 'binary' }), fc.json().map((text) => `{"name":${text}}`));
  await fc.assert(fc.asyncProperty(body, fc.boolean(), async (text, base64) => {
    const { statusCode } = await send(httpEvent({ body: text, base64 }));
    expect([200, 400, 413]).toContain(statusCode);
  }));
});
