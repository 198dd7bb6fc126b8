import type { PollPage } from '../../src/voting/contract';
import type { Memberships } from '../rooms/ports';
import type { ApiResponse, CallerRequest, Clock } from '../shared/api';
import { isId } from '../shared/ids';
import { encodeCursor, invalidCursor, readPage } from '../shared/page';
import { present, requireMember } from './poll';
import type { Polls } from './ports';
import type { Settle } from './settled-polls';

export interface ListPollsDependencies {
  readonly memberships: Memberships;
  readonly polls: Pick<Polls, 'list'>;
  readonly settle: Settle;
  readonly clock: Clock;
}

/** The polls of a room, the newest first. A cursor is the id of the last poll of the page before. */
export function listPolls({ memberships, polls, settle, clock }: ListPollsDependencies) {
  return async (request: CallerRequest): Promise<ApiResponse> => {
    const ofRoom = `polls ${request.path.roomId}`;
    const page = readPage(request.query, ofRoom);
    if (page.after !== undefined && !isId(page.after)) throw invalidCursor();
    const { roomId } = await requireMember(memberships, request);
    const { polls: listed, more } = await polls.list(roomId, page);
    const found = await Promise.all(listed.map(settle));
    const now = clock();
    const last = found.at(-1);
    const body: PollPage = {
      items: found.map((poll) => present(poll, now)),
      ...(more && last !== undefined ? { nextCursor: encodeCursor(ofRoom, last.pollId) } : {}),
    };
    return { status: 200, body };
  };
}
