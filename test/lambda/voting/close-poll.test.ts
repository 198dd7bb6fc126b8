import { closePoll } from '../../../lambda/voting/close-poll';
import type { PollRecord, Polls } from '../../../lambda/voting/ports';
import { CLOCK_SKEW_MS, CLOSE_LEAD_MS, type Poll } from '../../../src/voting/contract';
import { callerRequest } from '../shared/fakes';
import { aPoll, FakeMemberships, FakePolls, ROOM, uuid } from './fakes';
import { World } from './world';

const START = Date.UTC(2026, 0, 1);

function setUp(more: Partial<PollRecord> = {}) {
  const world = new World();
  world.now = START;
  const polls = new FakePolls();
  const poll = polls.add(aPoll(more));
  const memberships = new FakeMemberships().add('creator').add('owner', 'owner').add('user-1');
  const answers: Array<{ at: number; body: Poll }> = [];
  const close = async (userId = 'creator', { pollId = uuid(1), over = polls as Pick<Polls, 'find' | 'announceClose' | 'settleClose'> } = {}) => {
    const handle = closePoll({ memberships, polls: over, clock: world.clock(0), sleep: world.sleep });
    const { status, body } = await handle(callerRequest(undefined, { path: { roomId: ROOM, pollId }, caller: { userId, accessToken: 't' } }));
    expect(status).toBe(200);
    answers.push({ at: world.now, body: body as Poll });
  };
  return { world, polls, poll, close, answers };
}

test.each(['creator', 'owner'])('the %s closes a poll, and is answered when every clock has passed the end', async (user) => {
  const { world, polls, poll, close, answers } = setUp();
  void close(user);
  await world.run();
  const end = START + CLOSE_LEAD_MS;
  expect(polls.get(poll)).toMatchObject({ closingAt: end, closedAt: end });
  expect(answers).toMatchObject([{ at: end + CLOCK_SKEW_MS, body: { status: 'closed', closedAt: new Date(end).toISOString() } }]);
});

test.each([['another member may not', 'user-1', 'forbidden'], ['to a stranger there is no poll', 'stranger', 'not-found']])('%s', async (_, user, key) => {
  const { polls, poll, close } = setUp();
  await expect(close(user)).rejects.toMatchObject({ key });
  expect(polls.get(poll)).toBe(poll);
});

test('an unknown poll', async () => {
  await expect(setUp().close('owner', { pollId: uuid(2) })).rejects.toMatchObject({ key: 'not-found' });
});

test('closing again keeps the first end, and waits no longer', async () => {
  const { world, close, answers } = setUp();
  void close();
  await world.run();
  world.now += 60_000;
  void close('owner');
  await world.run();
  expect(answers[1].body.closedAt).toBe(answers[0].body.closedAt);
  expect(answers[1].at).toBe(answers[0].at + 60_000);
});

test('closing at once by many is closing once, and all wait', async () => {
  const { world, close, answers } = setUp();
  for (const user of ['creator', 'owner', 'creator']) void close(user);
  await world.run();
  const end = START + CLOSE_LEAD_MS;
  expect(answers.map(({ at }) => at)).toEqual([end, end, end].map((moment) => moment + CLOCK_SKEW_MS));
  expect(new Set(answers.map(({ body }) => body.closedAt)).size).toBe(1);
});

test('who closes while another one waits keeps the end, and waits for it', async () => {
  const { world, close, answers } = setUp();
  void close();
  void world.sleep(900).then(() => close('owner'));
  await world.run();
  expect(answers.map(({ at }) => at - START)).toEqual([1, 1].map((all) => all * (CLOSE_LEAD_MS + CLOCK_SKEW_MS)));
});

describe('a table that is slow to write the announcement', () => {
  /** The writes that announce take that long, one after the other; the last one's duration holds for the rest. */
  function slow(polls: FakePolls, world: World, durations: number[]): Pick<Polls, 'find' | 'announceClose' | 'settleClose'> {
    let announced = 0;
    return {
      find: (key) => polls.find(key),
      settleClose: (key, moment) => polls.settleClose(key, moment),
      announceClose: async (key, moment, instead) => {
        await world.sleep(durations[Math.min(announced, durations.length - 1)]);
        announced += 1;
        return polls.announceClose(key, moment, instead);
      },
    };
  }

  test('has the end announced again, for later, because votes after the first one may have been accepted', async () => {
    const { world, polls, poll, close } = setUp();
    void close('creator', { over: slow(polls, world, [251, 10]) });
    await world.run();
    expect(polls.get(poll).closedAt).toBeGreaterThan(START + 251 + CLOSE_LEAD_MS);
  });

  test('is given longer each time', async () => {
    const { world, polls, poll, close, answers } = setUp();
    void close('creator', { over: slow(polls, world, [2000]) });
    await world.run();
    expect(polls.get(poll).closedAt).toBeDefined();
    expect(answers).toHaveLength(1);
  });

  test('is given up on in the end; the poll is then closed by closing it again', async () => {
    const { world, polls, poll, close, answers } = setUp();
    const failed = expect(close('creator', { over: slow(polls, world, [1_000_000]) })).rejects.toThrow('The voting table is not available');
    await world.run();
    await failed;
    expect(polls.get(poll)).not.toHaveProperty('closedAt');
    void close();
    await world.run();
    expect(answers).toHaveLength(1);
  });
});

test('an end that was announced by somebody who did not come back is settled where it is in time, and moved where it is not', async () => {
  const inTime = setUp({ closingAt: START + 800 });
  void inTime.close();
  await inTime.world.run();
  expect(inTime.polls.get(inTime.poll).closedAt).toBe(START + 800);

  const late = setUp({ closingAt: START + 700 });
  void late.close();
  await late.world.run();
  expect(late.polls.get(late.poll).closedAt).toBe(START + CLOSE_LEAD_MS);
});

describe('a poll that closes by itself', () => {
  test('some time later is closed earlier', async () => {
    const { world, close, answers } = setUp({ closesAt: START + 60_000 });
    void close();
    await world.run();
    expect(answers).toMatchObject([{ at: START + CLOSE_LEAD_MS + CLOCK_SKEW_MS, body: { status: 'closed', closedAt: new Date(START + CLOSE_LEAD_MS).toISOString() } }]);
  });

  test('before it can be closed by hand keeps its time', async () => {
    const { world, close, answers } = setUp({ closesAt: START + 100 });
    void close();
    await world.run();
    expect(answers).toMatchObject([{ at: START + 100 + CLOCK_SKEW_MS, body: { status: 'closed', closedAt: new Date(START + 100).toISOString() } }]);
  });

  test('and has done so is left as it is', async () => {
    const { world, polls, poll, close, answers } = setUp({ closesAt: START - CLOCK_SKEW_MS });
    void close();
    await world.run();
    expect(answers).toMatchObject([{ at: START, body: { status: 'closed', closedAt: new Date(START - CLOCK_SKEW_MS).toISOString() } }]);
    expect(polls.get(poll)).toBe(poll);
  });

  test('has its earlier end by hand for whom the table keeps waiting until after it, too', async () => {
    const { world, polls, poll, close, answers } = setUp({ closesAt: START + 3_000 });
    const slow: Pick<Polls, 'find' | 'announceClose' | 'settleClose'> = {
      find: async (key) => {
        const read = await polls.find(key);
        await world.sleep(4_000);
        return read;
      },
      announceClose: polls.announceClose.bind(polls),
      settleClose: polls.settleClose.bind(polls),
    };
    void close('owner', { over: slow });
    void close('creator');
    await world.run();
    expect(polls.get(poll).closedAt).toBe(START + CLOSE_LEAD_MS);
    expect(answers.map(({ body: { closedAt } }) => closedAt)).toEqual(new Array(2).fill(new Date(START + CLOSE_LEAD_MS).toISOString()));
  });
});
