import { aPoll, FakeMemberships, FakePolls, FakeTallies, ROOM, uuid } from './fakes';
import type { BallotChange } from '../../../lambda/voting/fold';
import type { PollRecord } from '../../../lambda/voting/ports';
import { results } from '../../../lambda/voting/results';
import { countLane } from '../../../lambda/voting/tally';
import type { Results } from '../../../src/voting/contract';
import { callerRequest } from '../shared/fakes';

const NOW = 1000;

function setUp(more: Partial<PollRecord> = {}) {
  const polls = new FakePolls();
  polls.add(aPoll(more));
  const tallies = new FakeTallies();
  const show = results({ memberships: new FakeMemberships().add('user-1'), polls, tallies, clock: () => NOW });
  const ask = async (userId = 'user-1', pollId = uuid(1)) => {
    const { status, body } = await show(callerRequest(undefined, { path: { roomId: ROOM, pollId }, caller: { userId, accessToken: 't' } }));
    expect(status).toBe(200);
    return body as Results;
  };
  let sequence = 0;
  const count = (lane: number, ...options: string[]) => countLane(tallies, { pollId: uuid(1), lane }, options.map((after): BallotChange => {
    sequence += 1;
    return { recordId: `${sequence}`, sequence: `${sequence}`.padStart(40, '0'), after };
  }));
  return { ask, count };
}

test('before the first vote every option has none', async () => {
  expect(await setUp().ask()).toEqual({ pollId: uuid(1), status: 'open', counts: { o1: 0, o2: 0, o3: 0 }, total: 0, version: 0 });
});

test('the lanes are summed', async () => {
  const { ask, count } = setUp();
  await count(0, 'o1', 'o1', 'o2');
  await count(3, 'o2', 'o1');
  expect(await ask()).toMatchObject({ counts: { o1: 3, o2: 2, o3: 0 }, total: 5, version: 2 });
});

test('the version rises with every change', async () => {
  const { ask, count } = setUp();
  const versions: number[] = [];
  for (const lane of [0, 1, 0, 2]) {
    await count(lane, 'o1');
    versions.push((await ask()).version);
  }
  expect(versions).toEqual([1, 2, 3, 4]);
});

test.each([[NOW + 1, 'open'], [NOW, 'closed']])('a poll that closes at %d is %s', async (closedAt, status) => {
  expect(await setUp({ closingAt: closedAt, closedAt }).ask()).toMatchObject({ status });
});

test('only members see them, of polls that exist', async () => {
  await expect(setUp().ask('stranger')).rejects.toMatchObject({ key: 'not-found' });
  await expect(setUp().ask('user-1', uuid(2))).rejects.toMatchObject({ key: 'not-found' });
});
