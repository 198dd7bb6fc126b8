import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { ApiClient, type CallOptions, type User } from '../support/client';

const api = new ApiClient();
const { endpoint, region, credentials, roomsTable, votingTable } = api.target;
const dynamo = new DynamoDBClient({ endpoint, region, credentials });

/** Everything that is stored of the caller, to show that a refused request leaves nothing behind. Other tests write to the same tables. */
async function stored(): Promise<string> {
  const tables = await Promise.all([roomsTable, votingTable].map((TableName) => dynamo.send(new ScanCommand({ TableName, ConsistentRead: true }))));
  const items = tables.flatMap(({ Items = [] }) => Items).map((item) => JSON.stringify(item));
  return JSON.stringify(items.filter((item) => item.includes(user.userId) || item.includes(roomId)).sort());
}

afterAll(() => dynamo.destroy());

interface Write { readonly method: string; readonly path: string; readonly valid: Record<string, unknown>; readonly token?: string }

let user: User;
let roomId: string;
let writes: Write[];

beforeAll(async () => {
  user = await api.user();
  const room = await api.room(user);
  roomId = room.roomId;
  const poll = await api.poll(user, room.roomId);
  const token = user.accessToken;
  writes = [
    { method: 'POST', path: '/auth/register', valid: { email: 'new@people.example' } },
    { method: 'POST', path: '/auth/confirm', valid: { email: 'new@people.example', code: '000000', password: 'Correct-horse-battery-1' } },
    { method: 'POST', path: '/auth/forgot-password', valid: { email: 'new@people.example' } },
    { method: 'POST', path: '/auth/reset-password', valid: { email: 'new@people.example', code: '000000', password: 'Correct-horse-battery-1' } },
    { method: 'POST', path: '/auth/login', valid: { email: 'new@people.example', password: 'x' } },
    { method: 'POST', path: '/auth/refresh', valid: { refreshToken: 'nonsense' } },
    { method: 'POST', path: '/auth/logout', valid: { refreshToken: 'nonsense' } },
    { method: 'PATCH', path: '/me', valid: { displayName: 'Me' }, token },
    { method: 'POST', path: '/rooms', valid: { name: 'Room' }, token },
    { method: 'POST', path: '/rooms/join', valid: { inviteCode: 'ABCDEFGHJKMN' }, token },
    { method: 'POST', path: `/rooms/${room.roomId}/polls`, valid: { question: 'Which?', options: ['a', 'b'] }, token },
    { method: 'POST', path: `/rooms/${room.roomId}/polls/${poll.pollId}/votes`, valid: { optionId: 'o1' }, token },
  ];
});

const WRONG_VALUES: unknown[] = [null, 7, true, [], {}, [null], '', '\u0000', ' '.repeat(3), '😀'.repeat(5_000), 'x'.repeat(10_000)];

it('a wrong value in any field of any endpoint is a 4xx with its pointer, and changes nothing', async () => {
  const before = await stored();
  for (const { method, path, valid, token } of writes) {
    for (const field of Object.keys(valid)) {
      for (const wrong of WRONG_VALUES) {
        // Passwords may be anything: what is wrong with them is Cognito's to say.
        if (field === 'password' && typeof wrong === 'string') continue;
        const { status, body } = await api.call(method, path, { token, body: { ...valid, [field]: wrong } });
        expect({ path, field, wrong, status: Math.floor(status / 100) }).toEqual({ path, field, wrong, status: 4 });
        if (status === 400 && body.errors !== undefined) expect(body.errors[0].pointer).toMatch(new RegExp(`^/${field}`));
      }
    }
  }
  expect(await stored()).toBe(before);
});

it('a missing and an unknown field are named', async () => {
  for (const { method, path, valid, token } of writes) {
    for (const field of Object.keys(valid)) {
      const { [field]: _, ...rest } = valid;
      expect(await api.call(method, path, { token, body: rest })).toMatchObject({ status: 400, body: { errors: [{ pointer: `/${field}` }] } });
    }
    expect(await api.call(method, path, { token, body: { ...valid, 'a/b~c': 1 } })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/a~1b~0c' }] } });
  }
});

const BODIES: Array<[string, CallOptions, number[]]> = [
  ['no body', {}, [400, 415]],
  ['broken JSON', { raw: '{"name":' }, [400]],
  ['JSON that is no object', { raw: '"text"' }, [400]],
  ['null', { raw: 'null' }, [400]],
  ['a deep nest', { raw: `${'['.repeat(20_000)}${']'.repeat(20_000)}` }, [400]],
  ['a lone surrogate', { raw: '{"name":"\\ud800"}' }, [400]],
  ['bytes that are no UTF-8', { raw: new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]) }, [400]],
  ['a form', { raw: 'name=Room', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, [415]],
  ['XML', { raw: '<name/>', headers: { 'content-type': 'application/xml' } }, [415]],
  ['too much', { raw: JSON.stringify({ name: 'x'.repeat(70_000) }) }, [413]],
  ['__proto__', { raw: '{"__proto__":{"name":"Room"}}' }, [400]],
];

it.each(BODIES)('%s is refused by every endpoint that takes a body', async (_, options, statuses) => {
  const before = await stored();
  for (const { method, path, token } of writes) {
    const { status, headers } = await api.call(method, path, { ...options, token });
    expect({ path, expected: statuses.includes(status), status }).toEqual({ path, expected: true, status });
    expect(headers.get('content-type')).toBe('application/problem+json');
  }
  expect(await stored()).toBe(before);
});

it.each([
  '/rooms/unknown', '/rooms/%00', '/rooms/😀', `/rooms/${'x'.repeat(2_000)}`, '/rooms/a%2Fb', '/rooms/0198c0de-0000-7000-8000-000000000000/polls/x',
  '/rooms/x/polls/y/results', '/rooms/room%23x',
])('an id that names nothing is a 404: %s', async (path) => {
  expect((await api.call('GET', encodeURI(decodeURI(path)), { token: user.accessToken })).status).toBe(404);
});

it.each(['limit=0', 'limit=101', 'limit=x', 'limit=1e1', 'limit=', 'cursor=%00', 'cursor=nonsense', 'cursor=%F0%9F%98%80', `cursor=${'A'.repeat(1_000)}`])(
  'a list refuses %s', async (query) => {
    expect(await api.call('GET', `/rooms?${query}`, { token: user.accessToken })).toMatchObject({
      status: 400, body: { type: expect.stringContaining('urn:'), errors: [{ parameter: query.split('=')[0] }] },
    });
  });

it('a malformed Idempotency-Key is refused by what makes something, and ignored by everything else', async () => {
  const headers = { 'idempotency-key': 'with space' };
  const token = user.accessToken;
  expect(await api.call('POST', '/rooms', { token, body: { name: 'x' }, headers })).toMatchObject({ status: 400, body: { errors: [{ header: 'Idempotency-Key' }] } });
  expect((await api.call('GET', '/me', { token, headers })).status).toBe(200);
  expect((await api.call('GET', '/rooms', { token, headers })).status).toBe(200);
});
