import fc from 'fast-check';
import { join } from '../../../lambda/rooms/join';
import { INVITE_ATTEMPTS, INVITE_WINDOW_SECONDS, type JoinRequest } from '../../../src/rooms/contract';
import { callerRequest, fakeClock } from '../shared/fakes';
import { FakeRooms, aRoom } from './fakes';

const CODE = aRoom(1).inviteCode;
const WRONG = 'ZZZZZZZZZZZZ';

async function setUp() {
  const clock = fakeClock();
  const rooms = new FakeRooms(clock);
  await rooms.create(aRoom(1));
  rooms.calls.length = 0;
  const handle = join({ rooms, wrongCodes: rooms, clock: () => clock.now });
  const send = (inviteCode = CODE, userId = 'user-1') => handle(callerRequest<JoinRequest>({ inviteCode }, { caller: { userId, accessToken: 't' } }));
  const exhaust = async () => {
    for (let attempt = 0; attempt < INVITE_ATTEMPTS; attempt += 1) await expect(send(WRONG)).rejects.toMatchObject({ key: 'not-found' });
  };
  return { clock, rooms, send, exhaust };
}

test('a code brings its owner into the room', async () => {
  const { rooms, send } = await setUp();
  await expect(send()).resolves.toEqual({ status: 200, body: aRoom(1) });
  await expect(rooms.roleOf(aRoom(1).roomId, 'user-1')).resolves.toBe('member');
});

test('a right code costs two reads and one write', async () => {
  const { rooms, send } = await setUp();
  await send();
  expect(rooms.calls).toEqual(['count', 'byInviteCode', 'join']);
});

test('a code may be typed as people type', async () => {
  const { send } = await setUp();
  await expect(send('abcd-efgh ooo1')).resolves.toMatchObject({ status: 200 });
});

describe('joining twice', () => {
  test('is the same as once', async () => {
    const { clock, rooms, send } = await setUp();
    const first = await send();
    clock.now += 1000;
    await expect(send()).resolves.toEqual(first);
    expect(rooms.members.get(`user-1 ${aRoom(1).roomId}`)).toMatchObject({ joinedAt: '2026-01-01T00:00:00.000Z' });
  });

  test('leaves the owner the owner', async () => {
    const { rooms, send } = await setUp();
    await expect(send(CODE, 'owner-1')).resolves.toMatchObject({ status: 200 });
    await expect(rooms.roleOf(aRoom(1).roomId, 'owner-1')).resolves.toBe('owner');
  });

  test('at once, in any order, is the same as once for everybody', async () => {
    const users = fc.array(fc.constantFrom('user-1', 'user-2', 'owner-1'), { minLength: 2, maxLength: 8 });
    await fc.assert(fc.asyncProperty(fc.scheduler(), users, async (scheduler, callers) => {
      const { rooms, send } = await setUp();
      for (const call of ['count', 'byInviteCode', 'join'] as const) Object.assign(rooms, { [call]: scheduler.scheduleFunction(rooms[call].bind(rooms) as never) });
      const answers = Promise.all(callers.map((userId) => send(CODE, userId)));
      await scheduler.waitFor(answers);
      for (const answer of await answers) expect(answer).toEqual({ status: 200, body: aRoom(1) });
      expect(rooms.members.size).toBe(new Set([...callers, 'owner-1']).size);
    }), { numRuns: 50 });
  });
});

describe('a wrong code', () => {
  test('is answered alike, whether it could be one or not', async () => {
    const { send } = await setUp();
    const [unknown, malformed] = await Promise.all([send(WRONG), send('nonsense!')].map((answer) => answer.catch((problem) => problem)));
    expect(unknown).toMatchObject({ key: 'not-found' });
    expect(malformed).toEqual(unknown);
  });

  test('that cannot be one costs nothing', async () => {
    const { rooms, send } = await setUp();
    await expect(send('nonsense!')).rejects.toMatchObject({ key: 'not-found' });
    expect(rooms.calls).toEqual([]);
  });

  test('may be sent some times, then 429 until the window ends, without a look at the code', async () => {
    const { clock, rooms, send, exhaust } = await setUp();
    clock.now += 100_000;
    await exhaust();
    rooms.calls.length = 0;
    await expect(send()).rejects.toMatchObject({ status: 429, details: { retryAfter: INVITE_WINDOW_SECONDS - 100 } });
    expect(rooms.calls).toEqual(['count']);
  });

  test('holds nobody else up', async () => {
    const { send, exhaust } = await setUp();
    await exhaust();
    await expect(send(CODE, 'user-2')).resolves.toMatchObject({ status: 200 });
  });

  test('is forgiven in the next window, and its count deleted', async () => {
    const { clock, rooms, send, exhaust } = await setUp();
    await exhaust();
    const windowEnd = clock.now + INVITE_WINDOW_SECONDS * 1000;
    expect([...rooms.wrong.values()]).toEqual([{ count: INVITE_ATTEMPTS, until: windowEnd }]);
    clock.now = windowEnd;
    await expect(send()).resolves.toMatchObject({ status: 200 });
  });

  test('one fewer than the limit leaves the right code usable', async () => {
    const { send } = await setUp();
    for (let attempt = 1; attempt < INVITE_ATTEMPTS; attempt += 1) await send(WRONG).catch(() => undefined);
    await expect(send()).resolves.toMatchObject({ status: 200 });
  });
});
