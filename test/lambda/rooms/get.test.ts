import { get } from '../../../lambda/rooms/get';
import { callerRequest } from '../shared/fakes';
import { FakeRooms, aRoom } from './fakes';

async function setUp() {
  const rooms = new FakeRooms();
  await rooms.create(aRoom(1, { ownerId: 'owner-1' }));
  await rooms.join(aRoom(1), 'member-1', '2026-01-02T00:00:00.000Z');
  const handle = get({ rooms });
  const send = (userId: string, roomId = aRoom(1).roomId) => handle(callerRequest(undefined, { path: { roomId }, caller: { userId, accessToken: 't' } }));
  return { rooms, send };
}

test.each(['owner-1', 'member-1'])('%s sees the room', async (userId) => {
  const { send } = await setUp();
  await expect(send(userId)).resolves.toEqual({ status: 200, body: aRoom(1) });
});

test('a stranger is answered as if there were no room', async () => {
  const { send } = await setUp();
  const [stranger, nobody] = await Promise.all([send('stranger'), send('owner-1', aRoom(2).roomId)].map((answer) => answer.catch((problem) => problem)));
  expect(stranger).toMatchObject({ key: 'not-found' });
  expect(nobody).toEqual(stranger);
});

test.each(['', 'x', 'x'.repeat(5000), '../x', `${aRoom(1).roomId} `, aRoom(1).roomId.toUpperCase().replace('F', 'G')])(
  'what cannot be an id is not found, and nobody is asked: %p', async (roomId) => {
    const { rooms, send } = await setUp();
    rooms.calls.length = 0;
    await expect(send('owner-1', roomId)).rejects.toMatchObject({ key: 'not-found' });
    expect(rooms.calls).toEqual([]);
  },
);
