import { IDEMPOTENCY_SECONDS } from '../../src/api/contract';
import type { NewRoom, Room } from '../../src/rooms/contract';
import type { ApiResponse, CallerRequest, Clock, NewId } from '../shared/api';
import { DependencyUnavailable, Problem } from '../shared/problem';
import { newInviteCode } from './invite-code';
import type { RandomBytes, Repeatable, Rooms } from './ports';

/** With 60 bits a code is never taken; with a broken source of randomness it always is. */
const CODE_ATTEMPTS = 3;

export interface CreateDependencies {
  readonly rooms: Pick<Rooms, 'create'>;
  readonly newId: NewId;
  readonly randomBytes: RandomBytes;
  readonly clock: Clock;
}

/** Makes a room that belongs to the caller. The same Idempotency-Key gives the same room for a day. */
export function create({ rooms, newId, randomBytes, clock }: CreateDependencies) {
  return async ({ caller, body: { name }, idempotencyKey }: CallerRequest<NewRoom>): Promise<ApiResponse> => {
    const now = clock();
    const draft = { roomId: newId(), name, ownerId: caller.userId, createdAt: new Date(now).toISOString() };
    const repeatable = idempotencyKey === undefined ? undefined : { key: idempotencyKey, until: now + IDEMPOTENCY_SECONDS * 1000 };
    const room = await store(rooms, draft, repeatable, randomBytes);
    // The name is all that a request says: another name is another request.
    if (room.name !== name) throw new Problem('idempotency-key-reused');
    return { status: 201, body: room, created: room.roomId };
  };
}

async function store(rooms: Pick<Rooms, 'create'>, draft: Omit<Room, 'inviteCode'>, repeatable: Repeatable | undefined, randomBytes: RandomBytes): Promise<Room> {
  for (let attempt = 0; attempt < CODE_ATTEMPTS; attempt += 1) {
    const room = { ...draft, inviteCode: newInviteCode(randomBytes) };
    const creation = await rooms.create(room, repeatable);
    if (creation.outcome === 'created') return room;
    if (creation.outcome === 'remembered') return creation.room;
  }
  throw new DependencyUnavailable('The source of invite codes');
}
