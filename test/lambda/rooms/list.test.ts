import fc from 'fast-check';
import { list } from '../../../lambda/rooms/list';
import { encodeCursor } from '../../../lambda/shared/page';
import type { RoomPage } from '../../../src/rooms/contract';
import { callerRequest } from '../shared/fakes';
import { FakeRooms, aRoom } from './fakes';

async function setUp(count: number) {
  const rooms = new FakeRooms();
  for (let number = 1; number <= count; number += 1) await rooms.create(aRoom(number, { ownerId: 'user-1' }));
  await rooms.create(aRoom(count + 1, { ownerId: 'somebody else' }));
  const handle = list({ rooms });
  return async (query: Record<string, string> = {}) => (await handle(callerRequest(undefined, { query }))).body as RoomPage;
}

test('who has no room gets an empty list', async () => {
  const send = await setUp(0);
  await expect(send()).resolves.toEqual({ items: [] });
});

test('the newest room comes first, and only the caller\'s', async () => {
  const send = await setUp(3);
  expect((await send()).items.map(({ name }) => name)).toEqual(['Room 3', 'Room 2', 'Room 1']);
});

test('the last page has no cursor, also where it is full', async () => {
  const send = await setUp(4);
  const first = await send({ limit: '2' });
  const last = await send({ limit: '2', cursor: first.nextCursor! });
  expect(last.items).toHaveLength(2);
  expect(last).not.toHaveProperty('nextCursor');
});

test('the pages together are the list, whatever their size', async () => {
  await fc.assert(fc.asyncProperty(fc.integer({ min: 0, max: 25 }), fc.integer({ min: 1, max: 10 }), async (count, limit) => {
    const send = await setUp(count);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await send({ limit: String(limit), ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.items.map(({ roomId }) => roomId));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(Array.from({ length: count }, (_, index) => aRoom(count - index).roomId));
  }), { numRuns: 30 });
});

test('a cursor goes on where its room was, also after a room was made', async () => {
  const rooms = new FakeRooms();
  const handle = list({ rooms });
  for (const number of [1, 2, 3]) await rooms.create(aRoom(number, { ownerId: 'user-1' }));
  const first = (await handle(callerRequest(undefined, { query: { limit: '1' } }))).body as RoomPage;
  await rooms.create(aRoom(4, { ownerId: 'user-1' }));
  const rest = (await handle(callerRequest(undefined, { query: { cursor: first.nextCursor! } }))).body as RoomPage;
  expect(rest.items.map(({ name }) => name)).toEqual(['Room 2', 'Room 1']);
});

const mine = (key: string) => encodeCursor('rooms user-1', key);
const theirs = encodeCursor('rooms user-2', aRoom(1).roomId);

test.each(['x', mine('no room id'), mine('idempotency#key-1'), mine(`room#${aRoom(1).roomId}`), theirs])('the cursor %p is refused', async (cursor) => {
  const send = await setUp(1);
  await expect(send({ cursor })).rejects.toMatchObject({ key: 'invalid-cursor' });
});
