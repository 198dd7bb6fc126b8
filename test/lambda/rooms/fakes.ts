import type { Creation, Memberships, RandomBytes, Repeatable, Role, Rooms, WrongCodes } from '../../../lambda/rooms/ports';
import type { PageRequest } from '../../../lambda/shared/page';
import type { Room } from '../../../src/rooms/contract';

/** The rooms table in memory. Each call is atomic, as a transaction or a conditional put is. */
export class FakeRooms implements Rooms, WrongCodes, Memberships {
  readonly invites = new Map<string, Room>();
  readonly members = new Map<string, { room: Room; joinedAt: string }>();
  readonly remembered = new Map<string, { room: Room; until: number }>();
  readonly wrong = new Map<string, { count: number; until: number }>();
  readonly calls: string[] = [];

  constructor(private readonly clock: { read(): number } = { read: () => 0 }) {}

  async create(room: Room, repeatable?: Repeatable): Promise<Creation> {
    this.calls.push('create');
    const key = `${room.ownerId} ${repeatable?.key}`;
    const known = repeatable === undefined ? undefined : this.remembered.get(key);
    if (known !== undefined && known.until > this.clock.read()) return { outcome: 'remembered', room: known.room };
    if (this.invites.has(room.inviteCode)) return { outcome: 'code-taken' };
    this.invites.set(room.inviteCode, room);
    this.members.set(`${room.ownerId} ${room.roomId}`, { room, joinedAt: room.createdAt });
    if (repeatable !== undefined) this.remembered.set(key, { room, until: repeatable.until });
    return { outcome: 'created' };
  }

  async ofUser(userId: string, roomId: string) {
    this.calls.push('ofUser');
    return this.members.get(`${userId} ${roomId}`)?.room;
  }

  async list(userId: string, { limit, after }: PageRequest) {
    const rooms = this.roomsOf(userId).filter(({ roomId }) => after === undefined || roomId < after);
    return { rooms: rooms.slice(0, limit), more: rooms.length > limit };
  }

  async byInviteCode(code: string) {
    this.calls.push('byInviteCode');
    return this.invites.get(code);
  }

  async join(room: Room, userId: string, joinedAt: string) {
    this.calls.push('join');
    const key = `${userId} ${room.roomId}`;
    if (!this.members.has(key)) this.members.set(key, { room, joinedAt });
  }

  async count(userId: string, window: number) {
    this.calls.push('count');
    return this.wrong.get(`${userId} ${window}`)?.count ?? 0;
  }

  async add(userId: string, window: number, until: number) {
    this.calls.push('add');
    const key = `${userId} ${window}`;
    this.wrong.set(key, { count: (this.wrong.get(key)?.count ?? 0) + 1, until });
  }

  async roleOf(roomId: string, userId: string): Promise<Role | undefined> {
    const membership = this.members.get(`${userId} ${roomId}`);
    if (membership === undefined) return undefined;
    return membership.room.ownerId === userId ? 'owner' : 'member';
  }

  roomsOf(userId: string): Room[] {
    const rooms = [...this.members].filter(([key]) => key.startsWith(`${userId} `)).map(([, { room }]) => room);
    return rooms.sort((a, b) => (a.roomId < b.roomId ? 1 : -1));
  }
}

export const roomId = (number: number) => `0197f000-0000-7000-8000-${String(number).padStart(12, '0')}`;

export function aRoom(number = 1, more: Partial<Room> = {}): Room {
  const inviteCode = `ABCDEFGH${String(number).padStart(4, '0')}`;
  return { roomId: roomId(number), name: `Room ${number}`, inviteCode, ownerId: 'owner-1', createdAt: '2026-01-01T00:00:00.000Z', ...more };
}

/** Ids that sort in the order in which they were made. */
export function fakeIds(): () => string {
  let made = 0;
  return () => roomId(made += 1);
}

/** Bytes that count up: every code differs from the one before. */
export function countingBytes(): RandomBytes {
  let made = 0;
  return (length) => {
    made += 1;
    return Uint8Array.from({ length }, (_, index) => (index === length - 1 ? made % 32 : Math.floor(made / 32)));
  };
}
