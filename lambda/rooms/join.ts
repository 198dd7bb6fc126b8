import { INVITE_ATTEMPTS, INVITE_WINDOW_SECONDS, type JoinRequest } from '../../src/rooms/contract';
import type { ApiResponse, CallerRequest, Clock } from '../shared/api';
import { Problem } from '../shared/problem';
import { readInviteCode } from './invite-code';
import type { Rooms, WrongCodes } from './ports';

const WINDOW = INVITE_WINDOW_SECONDS * 1000;

export interface JoinDependencies {
  readonly rooms: Pick<Rooms, 'byInviteCode' | 'join'>;
  readonly wrongCodes: WrongCodes;
  readonly clock: Clock;
}

/** Puts the caller into the room that a code invites to. Codes cannot be tried out: some wrong ones in a window, then 429. */
export function join({ rooms, wrongCodes, clock }: JoinDependencies) {
  return async ({ caller: { userId }, body: { inviteCode } }: CallerRequest<JoinRequest>): Promise<ApiResponse> => {
    const now = clock();
    const window = Math.floor(now / WINDOW);
    const windowEnd = (window + 1) * WINDOW;
    const code = readInviteCode(inviteCode);
    // Costs nothing and finds nothing, so it is not counted.
    if (code === undefined) throw new Problem('not-found');
    if (await wrongCodes.count(userId, window) >= INVITE_ATTEMPTS) {
      throw new Problem('too-many-requests', { detail: 'Too many wrong invite codes', retryAfter: (windowEnd - now) / 1000 });
    }
    const room = await rooms.byInviteCode(code);
    if (room === undefined) {
      await wrongCodes.add(userId, window, windowEnd);
      throw new Problem('not-found');
    }
    await rooms.join(room, userId, new Date(now).toISOString());
    return { status: 200, body: room };
  };
}
