import { ApiClient, type User } from '../support/client';

const api = new ApiClient();
const vote = (user: User, path: string, optionId: string) => api.call('POST', `${path}/votes`, { token: user.accessToken, body: { optionId } });
const close = (user: User, path: string) => api.call('POST', `${path}/close`, { token: user.accessToken });

/** An owner, members of a room, and a poll in it. */
async function opened(members: number, more: object = {}) {
  const [owner, ...guests] = await Promise.all(Array.from({ length: members }, () => api.user()));
  const room = await api.room(owner);
  await Promise.all(guests.map((guest) => api.call('POST', '/rooms/join', { token: guest.accessToken, body: { inviteCode: room.inviteCode } })));
  const poll = await api.poll(owner, room.roomId, more);
  return { owner, guests, room, poll, path: `/rooms/${room.roomId}/polls/${poll.pollId}` };
}

describe('polls', () => {
  it('are opened, read, listed and closed', async () => {
    const { owner, guests: [guest], room, poll, path } = await opened(2);
    expect(poll).toMatchObject({ roomId: room.roomId, question: 'Which?', revote: false, status: 'open', createdBy: owner.userId });
    expect(poll.options.map(({ text }: { text: string }) => text)).toEqual(['This', 'That']);
    expect(await api.call('GET', path, { token: guest.accessToken })).toMatchObject({ status: 200, body: poll });
    expect((await api.call('GET', `/rooms/${room.roomId}/polls`, { token: guest.accessToken })).body.items).toEqual([poll]);
    expect(await api.call('GET', `${path}/results`, { token: guest.accessToken })).toMatchObject({
      status: 200, body: { pollId: poll.pollId, status: 'open', counts: { [poll.options[0].optionId]: 0, [poll.options[1].optionId]: 0 }, total: 0 },
    });
    expect((await close(guest, path)).status).toBe(403);
    const closed = await close(owner, path);
    expect(closed).toMatchObject({ status: 200, body: { pollId: poll.pollId, status: 'closed', closedAt: expect.any(String) } });
    expect(await close(owner, path)).toMatchObject({ status: 200, body: closed.body });
    expect((await api.call('GET', `${path}/results`, { token: guest.accessToken })).body.status).toBe('closed');
  });

  it('can be closed by the owner of the room, whoever opened them', async () => {
    const { owner, guests: [guest, other], room } = await opened(3);
    const poll = await api.poll(guest, room.roomId);
    const path = `/rooms/${room.roomId}/polls/${poll.pollId}`;
    expect((await close(other, path)).status).toBe(403);
    expect((await close(owner, path)).status).toBe(200);
  });

  it('do not exist for a stranger, whatever the stranger does', async () => {
    const { poll, path } = await opened(1);
    const stranger = await api.user();
    const [{ optionId }] = poll.options;
    const statuses = await Promise.all([
      vote(stranger, path, optionId), close(stranger, path),
      ...['', '/results'].map((end) => api.call('GET', `${path}${end}`, { token: stranger.accessToken })),
      api.call('GET', path.replace(/\/[^/]+$/, ''), { token: stranger.accessToken }),
      api.call('POST', path.replace(/\/[^/]+$/, ''), { token: stranger.accessToken, body: { question: 'Mine?', options: ['a', 'b'] } }),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404]);
  });

  it('of another room are not found by way of one\'s own', async () => {
    const [mine, theirs] = [await opened(1), await opened(1)];
    const crossed = `/rooms/${mine.room.roomId}/polls/${theirs.poll.pollId}`;
    expect((await vote(mine.owner, crossed, theirs.poll.options[0].optionId)).status).toBe(404);
    expect((await api.call('GET', `${crossed}/results`, { token: mine.owner.accessToken })).status).toBe(404);
    expect((await close(mine.owner, crossed)).status).toBe(404);
  });

  it('are opened once for one Idempotency-Key', async () => {
    const { owner, room } = await opened(1);
    const open = (question: string) => api.call('POST', `/rooms/${room.roomId}/polls`, {
      token: owner.accessToken, body: { question, options: ['a', 'b'] }, headers: { 'idempotency-key': 'poll-1' },
    });
    const answers = await Promise.all([open('Again?'), open('Again?'), open('Again?')]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body.pollId)).size).toBe(1);
    expect((await open('Something else?')).status).toBe(409);
  });
});

describe('votes', () => {
  it('count once: 201 first, 200 the same again, 409 something else', async () => {
    const { owner, guests, poll: { options: [first, second] }, path } = await opened(4);
    expect(await vote(owner, path, first.optionId)).toMatchObject({ status: 201, body: { optionId: first.optionId } });
    expect((await vote(owner, path, first.optionId)).status).toBe(200);
    expect(await vote(owner, path, second.optionId)).toMatchObject({ status: 409, body: { type: 'urn:trinity-constructs:problem:already-voted' } });
    for (const guest of guests) expect((await vote(guest, path, second.optionId)).status).toBe(201);
    const results = await api.resultsWhen(owner, path, ({ total }) => total >= 4);
    expect(results).toMatchObject({ counts: { [first.optionId]: 1, [second.optionId]: 3 }, total: 4, status: 'open' });
  });

  it('sent many times at once, the same and different, end as one vote', async () => {
    const { owner, poll: { options: [first, second] }, path } = await opened(1);
    const answers = await Promise.all([first, second, first, second, first, second].map(({ optionId }) => vote(owner, path, optionId)));
    const accepted = answers.filter(({ status }) => status === 201);
    expect(accepted).toHaveLength(1);
    const { optionId } = accepted[0].body;
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201, 409, 409, 409]);
    const results = await api.resultsWhen(owner, path, ({ total }) => total >= 1);
    expect(results).toMatchObject({ total: 1, counts: { [optionId]: 1 } });
  });

  it('can be changed where the poll allows it: the last one counts', async () => {
    const { owner, guests: [guest], poll: { options: [first, second] }, path } = await opened(2, { revote: true });
    expect((await vote(owner, path, first.optionId)).status).toBe(201);
    expect((await vote(guest, path, first.optionId)).status).toBe(201);
    const before = await api.resultsWhen(owner, path, ({ total }) => total >= 2);
    expect((await vote(owner, path, second.optionId)).status).toBe(200);
    const after = await api.resultsWhen(owner, path, ({ counts }) => counts[second.optionId] === 1);
    expect(after).toMatchObject({ counts: { [first.optionId]: 1, [second.optionId]: 1 }, total: 2 });
    expect(after.version).toBeGreaterThan(before.version);
  });

  it('for an option that the poll does not have are refused with the field', async () => {
    const { owner, path } = await opened(1);
    expect(await vote(owner, path, 'o99')).toMatchObject({ status: 400, body: { errors: [{ pointer: '/optionId' }] } });
  });

  it('racing with the close are counted or refused, and nothing between', async () => {
    const { owner, guests, poll: { options: [first] }, path } = await opened(9);
    const [closed, ...answers] = await Promise.all([close(owner, path), ...guests.map((guest) => vote(guest, path, first.optionId))]);
    expect(closed.status).toBe(200);
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    expect((await vote(owner, path, first.optionId)).status).toBe(409);
    const accepted = answers.filter(({ status }) => status === 201).length;
    const results = await api.resultsWhen(owner, path, ({ total }) => total >= accepted);
    expect(results).toMatchObject({ status: 'closed', total: accepted });
  });
});
