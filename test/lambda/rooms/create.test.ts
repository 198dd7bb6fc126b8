import fc from 'fast-check';
import { create } from '../../../lambda/rooms/create';
import { DependencyUnavailable } from '../../../lambda/shared/problem';
import { IDEMPOTENCY_SECONDS } from '../../../src/api/contract';
import type { NewRoom, Room } from '../../../src/rooms/contract';
import { callerRequest, fakeClock } from '../shared/fakes';
import { countingBytes, fakeIds, FakeRooms, roomId } from './fakes';

function setUp() {
  const clock = fakeClock();
  const rooms = new FakeRooms(clock);
  const handle = create({ rooms, newId: fakeIds(), randomBytes: countingBytes(), clock: () => clock.now });
  const send = (name = 'Friday', idempotencyKey?: string, userId = 'user-1') => handle(
    callerRequest<NewRoom>({ name }, { idempotencyKey, caller: { userId, accessToken: 't' } }),
  );
  return { clock, rooms, send };
}

test('a room belongs to who made it, who is in it', async () => {
  const { rooms, send } = setUp();
  const answer = await send();
  const made = { roomId: roomId(1), name: 'Friday', inviteCode: '000000000001', ownerId: 'user-1', createdAt: '2026-01-01T00:00:00.000Z' };
  expect(answer).toEqual({ status: 201, body: made, created: roomId(1) });
  await expect(rooms.roleOf(roomId(1), 'user-1')).resolves.toBe('owner');
  await expect(rooms.byInviteCode('000000000001')).resolves.toEqual(made);
});

test.each(['Pub ❤️', '金曜日', 'Z\u0301oe', '  spaced  '])('the name %p is kept as it was sent', async (name) => {
  await expect(setUp().send(name)).resolves.toMatchObject({ body: { name } });
});

test('without a key each request makes a room', async () => {
  const { rooms, send } = setUp();
  await send();
  await send();
  expect(rooms.roomsOf('user-1')).toHaveLength(2);
});

describe('with an Idempotency-Key', () => {
  test('the same request gives the same room and the same answer', async () => {
    const { clock, rooms, send } = setUp();
    const first = await send('Friday', 'key-1');
    clock.now += 60_000;
    await expect(send('Friday', 'key-1')).resolves.toEqual(first);
    expect(rooms.invites.size).toBe(1);
  });

  test('another request is refused and makes nothing', async () => {
    const { rooms, send } = setUp();
    await send('Friday', 'key-1');
    await expect(send('Saturday', 'key-1')).rejects.toMatchObject({ key: 'idempotency-key-reused' });
    expect(rooms.invites.size).toBe(1);
  });

  test('another user has keys of their own', async () => {
    const { rooms, send } = setUp();
    await send('Friday', 'key-1', 'user-1');
    await expect(send('Friday', 'key-1', 'user-2')).resolves.toMatchObject({ body: { ownerId: 'user-2' } });
    expect(rooms.invites.size).toBe(2);
  });

  test('a key is free again after its time', async () => {
    const { clock, send } = setUp();
    await send('Friday', 'key-1');
    clock.now += IDEMPOTENCY_SECONDS * 1000;
    await expect(send('Saturday', 'key-1')).resolves.toMatchObject({ status: 201, body: { name: 'Saturday' } });
  });

  test('any number of requests at once, in any order, make one room', async () => {
    await fc.assert(fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 6 }), async (scheduler, requests) => {
      const { rooms, send } = setUp();
      const atomic = rooms.create.bind(rooms);
      rooms.create = scheduler.scheduleFunction(atomic);
      const answers = Promise.all(Array.from({ length: requests }, () => send('Friday', 'key-1')));
      await scheduler.waitFor(answers);
      expect(new Set((await answers).map(({ body }) => (body as Room).roomId)).size).toBe(1);
      expect(rooms.roomsOf('user-1')).toHaveLength(1);
    }), { numRuns: 50 });
  });
});

describe('an invite code that is taken', () => {
  test('is replaced by another', async () => {
    const { rooms, send } = setUp();
    rooms.invites.set('000000000001', { roomId: roomId(99), name: 'x', inviteCode: '000000000001', ownerId: 'other', createdAt: '' });
    await expect(send()).resolves.toMatchObject({ body: { roomId: roomId(1), inviteCode: '000000000002' } });
    expect(rooms.invites.get('000000000001')).toMatchObject({ ownerId: 'other' });
  });

  test('over and over is a matter of trying again', async () => {
    const { rooms, send } = setUp();
    rooms.create = async () => ({ outcome: 'code-taken' });
    await expect(send()).rejects.toThrow(DependencyUnavailable);
  });
});
