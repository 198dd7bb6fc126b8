import type { RoomPage } from '../../src/rooms/contract';
import type { ApiResponse, CallerRequest } from '../shared/api';
import { isId } from '../shared/ids';
import { encodeCursor, invalidCursor, readPage } from '../shared/page';
import type { Rooms } from './ports';

/** The caller's rooms, the newest first. A cursor is the id of the last room of the page before. */
export function list({ rooms }: { readonly rooms: Pick<Rooms, 'list'> }) {
  return async ({ caller, query }: CallerRequest): Promise<ApiResponse> => {
    const ofCaller = `rooms ${caller.userId}`;
    const page = readPage(query, ofCaller);
    if (page.after !== undefined && !isId(page.after)) throw invalidCursor();
    const { rooms: items, more } = await rooms.list(caller.userId, page);
    const last = items.at(-1);
    const body: RoomPage = { items, ...(more && last !== undefined ? { nextCursor: encodeCursor(ofCaller, last.roomId) } : {}) };
    return { status: 200, body };
  };
}
