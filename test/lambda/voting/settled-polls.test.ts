import { DependencyUnavailable } from '../../../lambda/shared/problem';
import { ballotBox } from '../../../lambda/voting/ballot-box';
import { castVote } from '../../../lambda/voting/cast-vote';
import { getPoll } from '../../../lambda/voting/get-poll';
import { listPolls } from '../../../lambda/voting/list-polls';
import { cachedPolls } from '../../../lambda/voting/poll-cache';
import type { PollRecord } from '../../../lambda/voting/ports';
import { results } from '../../../lambda/voting/results';
import { settledPolls, settler } from '../../../lambda/voting/settled-polls';
import { snapshots } from '../../../lambda/voting/snapshots';
import { CLOCK_SKEW_MS, CLOSE_LEAD_MS, type Poll, type PollPage } from '../../../src/voting/contract';
import { callerRequest, fakeClock, fakeLog } from '../shared/fakes';
import { aPoll, FakeBallots, FakeMemberships, FakePolls, FakeTallies, ROOM, uuid } from './fakes';

const NOW = Date.UTC(2026, 0, 1);

/** A poll whose end was announced by a function that was killed before it settled it. */
function setUp(more: Partial<PollRecord> = {}) {
  const clock = fakeClock(NOW);
  const polls = new FakePolls();
  const poll = polls.add(aPoll({ closingAt: NOW - 1_000, ...more }));
  const ballots = new FakeBallots();
  const memberships = new FakeMemberships().add('user-1').add('user-2');
  const log = fakeLog();
  const read = () => clock.read();
  const settle = settler({ polls, clock: read, log });
  const found = settledPolls(cachedPolls(polls, read), settle);
  const dependencies = { memberships, polls: found, ballots, clock: read };
  let requests = 0;
  const request = (userId: string, body?: object) => {
    requests += 1;
    const about = { path: { roomId: ROOM, pollId: uuid(1) }, caller: { userId, accessToken: 't' }, acceptedAt: clock.read(), requestId: `request-${requests}` };
    return callerRequest(body as never, about);
  };
  return {
    clock,
    polls,
    poll,
    log,
    ballots,
    vote: (userId = 'user-1') => castVote({ memberships, polls: found, ballots: ballotBox(ballots) })(request(userId, { optionId: 'o1' })),
    get: () => getPoll({ ...dependencies, polls: settledPolls(polls, settle) })(request('user-1')),
    list: () => listPolls({ memberships, polls, settle, clock: read })(callerRequest(undefined, { path: { roomId: ROOM } })),
    results: () => results({ ...dependencies, snapshot: snapshots(new FakeTallies(), read) })(request('user-1')),
  };
}

describe('a poll whose announced end is past, and was settled by nobody', () => {
  test('is settled by a vote, which counts: the end that holds is later', async () => {
    const { polls, poll, vote } = setUp();
    expect(await vote()).toMatchObject({ status: 201 });
    expect(polls.get(poll)).toMatchObject({ closingAt: NOW + CLOSE_LEAD_MS, closedAt: NOW + CLOSE_LEAD_MS });
  });

  test.each(['get', 'list', 'results'] as const)('is settled by whoever looks: %s', async (look) => {
    const { polls, poll, ...all } = setUp();
    expect(await all[look]()).toMatchObject({ status: 200 });
    expect(polls.get(poll)).toMatchObject({ closedAt: NOW + CLOSE_LEAD_MS });
  });

  test('is closed within seconds for all: later votes are refused, and everybody reads it so', async () => {
    const { clock, vote, get, list, results: show } = setUp();
    await vote('user-1');
    clock.now += CLOSE_LEAD_MS + CLOCK_SKEW_MS;
    await expect(vote('user-2')).rejects.toMatchObject({ key: 'poll-closed' });
    expect([(await get()).body, ((await list()).body as PollPage).items[0], (await show()).body].map((body) => (body as Poll).status)).toEqual(['closed', 'closed', 'closed']);
  });

  test('gets one end, however many meet it at once', async () => {
    const { polls, poll, vote, get, list, results: show } = setUp();
    const answers = await Promise.all([vote('user-1'), vote('user-2'), get(), list(), show(), vote('user-1')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201, 201]);
    const { closingAt, closedAt } = polls.get(poll);
    expect(closedAt).toBe(closingAt);
  });

  test('is left alone while its end lies ahead: its closer settles it', async () => {
    const { polls, poll, vote, get } = setUp({ closingAt: NOW + CLOCK_SKEW_MS + 1 });
    await vote();
    await get();
    expect(polls.get(poll)).toBe(poll);
  });

  test('is left alone where it has closed by itself meanwhile', async () => {
    const { polls, poll, get, vote } = setUp({ closesAt: NOW - 500 });
    expect(((await get()).body as Poll).status).toBe('closed');
    await expect(vote()).rejects.toMatchObject({ key: 'poll-closed' });
    expect(polls.get(poll)).toBe(poll);
  });

  test('is shown open, and a vote is asked to come again, where the table takes no write now', async () => {
    const { polls, log, get, vote } = setUp();
    polls.announceClose = async () => { throw new DependencyUnavailable('The voting table'); };
    expect(((await get()).body as Poll).status).toBe('open');
    await expect(vote()).rejects.toMatchObject({ key: 'unavailable', details: { retryAfter: 1 } });
    expect(log.lines).toContainEqual(expect.objectContaining({ level: 'warn', extra: expect.objectContaining({ pollId: uuid(1) }) }));
  });
});
