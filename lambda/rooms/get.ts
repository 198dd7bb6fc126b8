import type { ApiResponse, CallerRequest } from '../shared/api';
import { isId } from '../shared/ids';
import { Problem } from '../shared/problem';
import type { Rooms } from './ports';

/** One room of the caller. That a room exists is told to nobody else. */
export function get({ rooms }: { readonly rooms: Pick<Rooms, 'ofUser'> }) {
  return async ({ caller, path }: CallerRequest): Promise<ApiResponse> => {
    const roomId = path.roomId ?? '';
    const room = isId(roomId) ? await rooms.ofUser(caller.userId, roomId) : undefined;
    if (room === undefined) throw new Problem('not-found');
    return { status: 200, body: room };
  };
}
