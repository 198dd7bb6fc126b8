import fc from 'fast-check';
import { create } from '../../../lambda/rooms/create';
import { join } from '../../../lambda/rooms/join';
import { list } from '../../../lambda/rooms/list';
import { callerEndpoint } from '../../../lambda/shared/http';
import { createRoom, joinRoom } from '../../../src/rooms/schemas';
import { callerEvent } from '../shared/event';
import { fakeLog } from '../shared/fakes';
import { compiled } from '../shared/validator';
import { countingBytes, fakeIds, FakeRooms } from './fakes';

const rooms = new FakeRooms();
const common = { log: fakeLog(), maxBodyBytes: 16_384 };
const clock = () => 0;
const endpoints = {
  create: callerEndpoint<{ name: string }>(
    { ...common, validate: compiled(createRoom) }, create({ rooms, newId: fakeIds(), randomBytes: countingBytes(), clock }),
  ),
  join: callerEndpoint<{ inviteCode: string }>({ ...common, validate: compiled(joinRoom) }, join({ rooms, wrongCodes: rooms, clock })),
  list: callerEndpoint(common, list({ rooms })),
};

test.each(['Friday', 'x', '金曜日 ❤️', 'x'.repeat(100), '👩‍🚀'.repeat(20)])('a room may be named %p', async (name) => {
  const answer = await endpoints.create(callerEvent({ body: JSON.stringify({ name }) }));
  expect(answer.statusCode).toBe(201);
  expect(JSON.parse(answer.body!)).toMatchObject({ name });
});

test.each(['', '   ', '\u3000', 'a\nb', '\u0000', 'x'.repeat(101), 5, null, ['x']])('a room may not be named %p', async (name) => {
  const answer = await endpoints.create(callerEvent({ body: JSON.stringify({ name }) }));
  expect(answer.statusCode).toBe(400);
  expect(JSON.parse(answer.body!).errors).toEqual([expect.objectContaining({ pointer: '/name' })]);
});

const anything = fc.oneof(
  fc.jsonValue(), fc.dictionary(fc.constantFrom('name', 'inviteCode', '__proto__'), fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue())),
);

test.each(['create', 'join'] as const)('%s answers any JSON with 2xx or 4xx', async (endpoint) => {
  await fc.assert(fc.asyncProperty(anything, async (body) => {
    const { statusCode } = await endpoints[endpoint](callerEvent({ body: JSON.stringify(body) }));
    expect(statusCode).toBeGreaterThanOrEqual(200);
    expect(statusCode).toBeLessThan(500);
  }));
});

test('list answers any query with 200 or 400', async () => {
  const value = fc.string({ unit: 'binary' });
  await fc.assert(fc.asyncProperty(fc.record({ limit: value, cursor: value }, { requiredKeys: [] }), async (query) => {
    expect([200, 400]).toContain((await endpoints.list(callerEvent({ query }))).statusCode);
  }));
});
