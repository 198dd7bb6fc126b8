import type { BallotChange } from '../../../lambda/voting/fold';
import { laneOf } from '../../../lambda/voting/lane';
import type { PollRecord } from '../../../lambda/voting/ports';
import { results } from '../../../lambda/voting/results';
import { snapshots, UNREACHED_CACHE_MS } from '../../../lambda/voting/snapshots';
import { countLanes } from '../../../lambda/voting/tally';
import { RESULTS_CACHE_MS, type Results } from '../../../src/voting/contract';
import { callerRequest, fakeClock } from '../shared/fakes';
import { aPoll, FakeBallots, FakeMemberships, FakePolls, FakeTallies, ROOM, uuid } from './fakes';

const NOW = 10_000;
const at = (milliseconds: number) => new Date(milliseconds).toISOString();

function setUp(more: Partial<PollRecord> = {}, maxEntries?: number) {
  const clock = fakeClock(NOW);
  const polls = new FakePolls();
  polls.add(aPoll(more));
  const tallies = new FakeTallies();
  const read = jest.spyOn(tallies, 'ofPoll');
  const ballots = new FakeBallots();
  const memberships = new FakeMemberships().add('user-1').add('creator').add('owner', 'owner');
  const snapshot = snapshots(tallies, () => clock.read(), maxEntries);
  const show = results({ memberships, polls, ballots, snapshot, clock: () => clock.read() });
  const answer = (userId = 'user-1', pollId = uuid(1), query: Record<string, string> = {}) =>
    show(callerRequest(undefined, { path: { roomId: ROOM, pollId }, caller: { userId, accessToken: 't' }, query }));
  const ask = async (userId?: string, pollId?: string, query?: Record<string, string>) => (await answer(userId, pollId, query)).body as Results;
  let sequence = 0;
  const count = (lane: number, ...choices: string[]) => countLanes({ tallies, report: async () => undefined }, {
    pollId: uuid(1),
    stream: 0,
    lanes: new Map([[lane, choices.map((after): BallotChange => {
      sequence += 1;
      return { recordId: `${sequence}`, index: sequence, sequence: `${sequence}`.padStart(40, '0'), after };
    })]]),
  });
  const vote = (voter: string) => ballots.put({ pollId: uuid(1), lane: laneOf(voter, 4), voter, choice: 'o1', acceptedAt: 1, revote: false });
  return { clock, polls, ballots, answer, ask, count, vote, reads: () => read.mock.calls.length };
}

test('before the first vote every option has none', async () => {
  expect(await setUp().ask()).toEqual({ pollId: uuid(1), status: 'open', counts: { o1: 0, o2: 0, o3: 0 }, total: 0, version: 0, asOf: at(NOW) });
});

test('the lanes are summed', async () => {
  const { ask, count } = setUp();
  await count(0, 'o1', 'o1', 'o2');
  await count(3, 'o2', 'o1');
  expect(await ask()).toMatchObject({ counts: { o1: 3, o2: 2, o3: 0 }, total: 5, version: 5 });
});

test('the total is how many have voted, however many options each has chosen', async () => {
  const { ask, count } = setUp({ maxChoices: 3 });
  await count(0, 'o1,o2', 'o1,o2,o3');
  await count(1, 'o3');
  expect(await ask()).toMatchObject({ counts: { o1: 2, o2: 2, o3: 2 }, total: 3 });
});

test('the version rises with every change', async () => {
  const { clock, ask, count } = setUp();
  const versions: number[] = [];
  for (const lane of [0, 1, 0, 2]) {
    await count(lane, 'o1');
    versions.push((await ask()).version);
    clock.now += RESULTS_CACHE_MS;
  }
  expect(versions).toEqual([1, 2, 3, 4]);
});

test.each<[string, Partial<PollRecord>, string]>([
  ['that closes later', { closingAt: NOW + 1, closedAt: NOW + 1 }, 'open'],
  ['that closes now', { closingAt: NOW, closedAt: NOW }, 'closed'],
  ['that closes by itself now', { closesAt: NOW }, 'closed'],
  ['that opens later', { opensAt: NOW + 1 }, 'scheduled'],
])('a poll %s', async (_, more, status) => {
  expect(await setUp(more).ask()).toMatchObject({ status });
});

test('only members see them, of polls that exist', async () => {
  await expect(setUp().ask('stranger')).rejects.toMatchObject({ key: 'not-found' });
  await expect(setUp().ask('user-1', uuid(2))).rejects.toMatchObject({ key: 'not-found' });
});

describe('are shown', () => {
  const HIDDEN = { key: 'results-hidden', status: 403 };

  test('to who has voted, where the poll says so; its creator and the owner of the room are no exceptions', async () => {
    const { ask, vote } = setUp({ visibility: 'after-vote' });
    await vote('user-1');
    expect(await ask('user-1')).toMatchObject({ total: 0 });
    for (const user of ['creator', 'owner']) await expect(ask(user)).rejects.toMatchObject(HIDDEN);
  });

  test('to everybody when the poll is closed', async () => {
    for (const visibility of ['after-vote', 'after-close'] as const) {
      const { ask, ballots } = setUp({ visibility, closingAt: NOW, closedAt: NOW });
      expect(await ask('owner')).toMatchObject({ status: 'closed' });
      expect(ballots.reads).toBe(0);
    }
  });

  test('to nobody before, where the poll says so, also to who has voted', async () => {
    const { ask, ballots, vote } = setUp({ visibility: 'after-close', closesAt: NOW + 1 });
    await vote('user-1');
    for (const user of ['user-1', 'creator', 'owner']) await expect(ask(user)).rejects.toMatchObject(HIDDEN);
    expect(ballots.reads).toBe(0);
  });

  test('to everybody at once by default, without a look at their ballots', async () => {
    const { ask, ballots } = setUp();
    await ask();
    expect(ballots.reads).toBe(0);
  });
});

describe('the same are given for a moment', () => {
  test('and say how old they are', async () => {
    const { clock, answer, count } = setUp();
    const first = await answer();
    expect(first.headers).toEqual({ age: '0' });
    await count(0, 'o1');
    clock.now += RESULTS_CACHE_MS - 1;
    expect(await answer()).toMatchObject({ headers: { age: '0' }, body: { total: 0, asOf: at(NOW) } });
    clock.now += 1;
    expect(await answer()).toMatchObject({ headers: { age: '0' }, body: { total: 1, asOf: at(NOW + RESULTS_CACHE_MS) } });
  });

  test('but not to who has seen newer ones', async () => {
    const { ask, count } = setUp();
    await ask();
    await count(0, 'o1');
    await count(1, 'o1');
    expect(await ask('user-1', uuid(1), { atLeast: '0' })).toMatchObject({ version: 0 });
    expect(await ask('user-1', uuid(1), { atLeast: '1' })).toMatchObject({ version: 2 });
    expect(await ask()).toMatchObject({ version: 2 });
  });

  test('a version that nobody has seen is no reason to refuse', async () => {
    expect(await setUp().ask('user-1', uuid(1), { atLeast: '999' })).toMatchObject({ version: 0 });
  });

  test('versions that nobody has seen do not switch the cache off, and hold newer results back for a tenth of a second at most', async () => {
    const { clock, ask, count, reads } = setUp();
    for (const atLeast of ['999999999999999', '1', '999999999999998', '2']) expect(await ask('user-1', uuid(1), { atLeast })).toMatchObject({ version: 0 });
    expect(reads()).toBe(1);
    await count(0, 'o1', 'o1');
    clock.now += UNREACHED_CACHE_MS - 1;
    expect(await ask('user-1', uuid(1), { atLeast: '2' })).toMatchObject({ version: 0 });
    clock.now += 1;
    expect(await ask('user-1', uuid(1), { atLeast: '2' })).toMatchObject({ version: 2 });
    expect(reads()).toBe(2);
  });

  test.each(['', '-1', '1.5', 'x', '1e3', '9'.repeat(16)])('%p is no version', async (atLeast) => {
    await expect(setUp().ask('user-1', uuid(1), { atLeast })).rejects.toMatchObject({
      key: 'invalid-request', details: { errors: [{ parameter: 'atLeast', detail: 'must be the version of earlier results' }] },
    });
  });

  test('with the status and to whom the poll shows them now', async () => {
    const { clock, polls, ask } = setUp();
    await ask();
    clock.now += 10;
    polls.add(aPoll({ closingAt: NOW + 10, closedAt: NOW + 10 }));
    expect(await ask()).toMatchObject({ status: 'closed', asOf: at(NOW) });
  });

  test('not by a clock that was set back', async () => {
    const { clock, ask, count } = setUp();
    await ask();
    await count(0, 'o1');
    clock.now -= 1;
    expect(await ask()).toMatchObject({ total: 1 });
  });

  test('of a bounded number of polls', async () => {
    const { polls, ask, count } = setUp({}, 1);
    polls.add(aPoll({ pollId: uuid(2) }));
    await ask();
    await ask('user-1', uuid(2));
    await count(0, 'o1');
    expect(await ask()).toMatchObject({ total: 1 });
  });
});
