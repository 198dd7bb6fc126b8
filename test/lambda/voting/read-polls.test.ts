import type { CallerRequest } from '../../../lambda/shared/api';
import { encodeCursor } from '../../../lambda/shared/page';
import { getPoll } from '../../../lambda/voting/get-poll';
import { listPolls } from '../../../lambda/voting/list-polls';
import type { PollRecord } from '../../../lambda/voting/ports';
import type { PollPage } from '../../../src/voting/contract';
import { callerRequest } from '../shared/fakes';
import { aPoll, FakeMemberships, FakePolls, ROOM, uuid } from './fakes';

const NOW = Date.UTC(2026, 0, 1);
const STRANGER = { userId: 'stranger', accessToken: 't' };

function setUp() {
  const polls = new FakePolls();
  const dependencies = { memberships: new FakeMemberships().add('user-1'), polls, settle: async (poll: PollRecord) => poll, clock: () => NOW };
  const ask = (more: Partial<CallerRequest<undefined>>) => callerRequest(undefined, { path: { roomId: ROOM, pollId: uuid(1) }, ...more });
  return {
    polls,
    get: (more: Partial<CallerRequest<undefined>> = {}) => getPoll(dependencies)(ask(more)),
    list: (more: Partial<CallerRequest<undefined>> = {}) => listPolls(dependencies)(ask(more)),
  };
}

describe('get-poll', () => {
  test('a member reads a poll', async () => {
    const { polls, get } = setUp();
    polls.add(aPoll({ createdAt: NOW - 1000 }));
    const { status, body } = await get();
    expect(status).toBe(200);
    expect(body).toEqual({
      pollId: uuid(1),
      roomId: ROOM,
      question: 'Where to?',
      options: aPoll().options,
      revote: false,
      maxChoices: 1,
      secret: true,
      visibility: 'always',
      status: 'open',
      createdBy: 'creator',
      createdAt: '2025-12-31T23:59:59.000Z',
    });
  });

  test.each<[string, object, object]>([
    ['whose end is announced', { closingAt: NOW - 1 }, { status: 'open' }],
    ['that will close in a moment', { closingAt: NOW + 1, closedAt: NOW + 1 }, { status: 'open' }],
    ['that closes now', { closingAt: NOW, closedAt: NOW }, { status: 'closed', closedAt: '2026-01-01T00:00:00.000Z' }],
    ['that will open', { opensAt: NOW + 1 }, { status: 'scheduled', opensAt: '2026-01-01T00:00:00.001Z' }],
    ['that opens now', { opensAt: NOW }, { status: 'open', opensAt: '2026-01-01T00:00:00.000Z' }],
    ['that will close by itself', { closesAt: NOW + 1 }, { status: 'open', closesAt: '2026-01-01T00:00:00.001Z' }],
    ['that closes by itself now', { closesAt: NOW }, { status: 'closed', closesAt: '2026-01-01T00:00:00.000Z', closedAt: '2026-01-01T00:00:00.000Z' }],
    ['that somebody closed earlier', { closesAt: NOW + 9, closingAt: NOW, closedAt: NOW }, { status: 'closed', closedAt: '2026-01-01T00:00:00.000Z' }],
    ['that somebody closed before it opened', { opensAt: NOW + 9, closingAt: NOW, closedAt: NOW }, { status: 'closed', closedAt: '2026-01-01T00:00:00.000Z' }],
    ['that closed by itself before somebody had closed it', { closesAt: NOW - 1, closingAt: NOW + 9, closedAt: NOW + 9 }, { status: 'closed', closedAt: '2025-12-31T23:59:59.999Z' }],
  ])('a poll %s', async (_, more, shown) => {
    const { polls, get } = setUp();
    polls.add(aPoll(more));
    const { body } = await get();
    expect(body).toMatchObject(shown);
    expect(Object.keys(body as object).includes('closedAt')).toBe('closedAt' in shown);
    expect(body).not.toHaveProperty('closingAt');
    expect(body).not.toHaveProperty('lanes');
  });

  test.each<[string, Partial<CallerRequest<undefined>>]>([
    ['somebody outside the room', { caller: STRANGER }],
    ['an unknown room', { path: { roomId: uuid(9), pollId: uuid(1) } }],
    ['an unknown poll', { path: { roomId: ROOM, pollId: uuid(9) } }],
  ])('there is none for %s', async (_, more) => {
    const { polls, get } = setUp();
    polls.add(aPoll());
    await expect(get(more)).rejects.toMatchObject({ key: 'not-found', status: 404 });
  });

  test.each(['', 'x', `${uuid(1)}#0`, `${uuid(1)} `, 'x'.repeat(3000)])('what cannot be an id is not looked up: %.40s', async (pollId) => {
    const { polls, get } = setUp();
    await expect(get({ path: { roomId: ROOM, pollId } })).rejects.toMatchObject({ key: 'not-found' });
    expect(polls.reads).toBe(0);
  });
});

describe('list-polls', () => {
  test('the newest first, page by page, until there is no more', async () => {
    const { polls, list } = setUp();
    for (const id of [2, 1, 3, 4, 5]) polls.add(aPoll({ pollId: uuid(id) }));
    polls.add(aPoll({ pollId: uuid(6), roomId: uuid(9) }));
    const pages: string[][] = [];
    let cursor: string | undefined;
    do {
      const { body } = await list({ query: { limit: '2', ...(cursor === undefined ? {} : { cursor }) } });
      const page = body as PollPage;
      pages.push(page.items.map(({ pollId }) => pollId));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(pages).toEqual([[5, 4], [3, 2], [1]].map((page) => page.map(uuid)));
  });

  test('a last page that is full names no next one', async () => {
    const { polls, list } = setUp();
    for (const id of [1, 2]) polls.add(aPoll({ pollId: uuid(id) }));
    expect((await list({ query: { limit: '2' } })).body).not.toHaveProperty('nextCursor');
  });

  test('a room without polls', async () => {
    expect((await setUp().list()).body).toEqual({ items: [] });
  });

  test('only members see it', async () => {
    await expect(setUp().list({ caller: STRANGER })).rejects.toMatchObject({ key: 'not-found' });
  });

  test.each([encodeCursor(`polls ${ROOM}`, 'poll'), encodeCursor(`polls ${ROOM}`, `${uuid(1)}#`), encodeCursor('rooms user-1', uuid(1)), '%'])('a cursor that no page gave: %s', async (cursor) => {
    await expect(setUp().list({ query: { cursor } })).rejects.toMatchObject({ key: 'invalid-cursor' });
  });

  test('a limit out of range', async () => {
    await expect(setUp().list({ query: { limit: '101' } })).rejects.toMatchObject({ key: 'invalid-request' });
  });
});
