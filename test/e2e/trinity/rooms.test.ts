import { ApiClient, type User } from '../support/client';

const api = new ApiClient();
const join = (user: User, inviteCode: string) => api.call('POST', '/rooms/join', { token: user.accessToken, body: { inviteCode } });

describe('rooms', () => {
  it('are created, joined, read and listed', async () => {
    const [owner, guest] = [await api.user('Owner'), await api.user('Guest')];
    const created = await api.call('POST', '/rooms', { token: owner.accessToken, body: { name: 'Küche 🍜' } });
    expect(created).toMatchObject({ status: 201, body: { name: 'Küche 🍜', ownerId: owner.userId } });
    // Resolved as `fetch` resolves it: against the URL of the request, which has a base path here.
    const location = new URL(created.headers.get('location')!, `${api.target.url}/rooms`);
    const followed = await fetch(location, { headers: { authorization: `Bearer ${owner.accessToken}` } });
    expect({ status: followed.status, body: await followed.json() }).toEqual({ status: 200, body: created.body });
    expect(created.body.inviteCode).toMatch(/^[0-9A-HJKMNP-TV-Z]{12}$/);

    const typed = created.body.inviteCode.toLowerCase().replace(/^(.{4})(.{4})/, '$1-$2 ');
    expect(await join(guest, typed)).toMatchObject({ status: 200, body: created.body });
    expect(await join(guest, created.body.inviteCode)).toMatchObject({ status: 200, body: created.body });
    expect(await api.call('GET', `/rooms/${created.body.roomId}`, { token: guest.accessToken })).toMatchObject({ status: 200, body: created.body });
    expect((await api.call('GET', '/rooms', { token: guest.accessToken })).body).toEqual({ items: [created.body] });
  });

  it('do not exist for a stranger', async () => {
    const [owner, stranger] = [await api.user(), await api.user()];
    const room = await api.room(owner);
    const unknown = await api.call('GET', '/rooms/0198c0de-0000-7000-8000-000000000000', { token: stranger.accessToken });
    expect(await api.call('GET', `/rooms/${room.roomId}`, { token: stranger.accessToken })).toMatchObject({ status: 404, body: unknown.body });
    expect((await api.call('GET', '/rooms', { token: stranger.accessToken })).body).toEqual({ items: [] });
  });

  it('are listed in pages, the newest first, each once', async () => {
    const owner = await api.user();
    const made: string[] = [];
    for (let index = 0; index < 5; index++) made.push((await api.room(owner, `Room ${index}`)).roomId);
    const seen: string[] = [];
    let cursor = '';
    do {
      const { status, body } = await api.call('GET', `/rooms?limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`, { token: owner.accessToken });
      expect(status).toBe(200);
      seen.push(...body.items.map(({ roomId }: { roomId: string }) => roomId));
      cursor = body.nextCursor ?? '';
    } while (cursor !== '');
    expect(seen).toEqual([...made].reverse());
  });

  it('are created once for one Idempotency-Key, also at once', async () => {
    const owner = await api.user();
    const create = (name: string) => api.call('POST', '/rooms', { token: owner.accessToken, body: { name }, headers: { 'idempotency-key': 'lunch-1' } });
    const answers = await Promise.all([1, 2, 3, 4].map(() => create('Lunch')));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body.roomId)).size).toBe(1);
    expect((await create('Dinner')).status).toBe(409);
    expect((await api.call('GET', '/rooms', { token: owner.accessToken })).body.items).toHaveLength(1);
  });

  it('are joined once by somebody who joins several times at once', async () => {
    const [owner, guest] = [await api.user(), await api.user()];
    const room = await api.room(owner);
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => join(guest, room.inviteCode)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect((await api.call('GET', '/rooms', { token: guest.accessToken })).body.items).toEqual([room]);
  });

  it('make somebody who guesses codes wait, and nobody else', async () => {
    const [owner, guesser, guest] = [await api.user(), await api.user(), await api.user()];
    const room = await api.room(owner);
    const guesses = [];
    for (let index = 0; index < 11; index++) guesses.push(await join(guesser, `WRNGC0DE${String(index).padStart(4, '0')}`));
    expect(guesses.slice(0, 10).map(({ status }) => status)).toEqual(new Array(10).fill(404));
    expect(guesses[10].status).toBe(429);
    expect(Number(guesses[10].headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await join(guesser, room.inviteCode)).status).toBe(429);
    expect((await join(guest, room.inviteCode)).status).toBe(200);
  });
});
