import { encodeCursor } from '../../../lambda/shared/page';
import { laneOf } from '../../../lambda/voting/lane';
import { listBallots } from '../../../lambda/voting/list-ballots';
import type { PollRecord } from '../../../lambda/voting/ports';
import type { BallotPage } from '../../../src/voting/contract';
import { callerRequest } from '../shared/fakes';
import { aPoll, FakeBallots, FakeMemberships, FakePolls, ROOM, uuid } from './fakes';

async function setUp(voters = 0, more: Partial<PollRecord> = {}) {
  const polls = new FakePolls();
  const poll = polls.add(aPoll({ secret: false, ...more }));
  const ballots = new FakeBallots();
  for (let index = 0; index < voters; index += 1) {
    const voter = `user-${index}`;
    await ballots.put({ pollId: uuid(1), lane: laneOf(voter, poll.lanes), voter, choice: 'o1', acceptedAt: index, revote: false });
  }
  const memberships = new FakeMemberships().add('creator').add('owner', 'owner').add('user-1');
  const list = listBallots({ memberships, polls, ballots });
  const ask = async (query: Record<string, string> = {}, userId = 'creator', pollId = uuid(1)) => {
    const { status, body } = await list(callerRequest(undefined, { path: { roomId: ROOM, pollId }, caller: { userId, accessToken: 't' }, query }));
    expect(status).toBe(200);
    return body as BallotPage;
  };
  return { ballots, ask };
}

test.each([[1, 4, 7], [1, 16, 3], [40, 16, 7], [100, 256, 20], [100, 1, 100], [101, 1, 100], [0, 256, 20]])('%d ballots over %d lanes are listed once each, %d a page', async (voters, lanes, limit) => {
  const { ask } = await setUp(voters, { lanes });
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask({ limit: String(limit), ...(cursor === undefined ? {} : { cursor }) });
    expect(page.items.length === limit || page.nextCursor === undefined).toBe(true);
    found.push(...page.items.map(({ userId }) => userId));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  expect(found).toHaveLength(voters);
  expect(new Set(found).size).toBe(voters);
});

test('a ballot says whose it is, what was chosen and when', async () => {
  expect(await (await setUp(1)).ask()).toEqual({ items: [{ userId: 'user-0', optionId: 'o1', acceptedAt: '1970-01-01T00:00:00.000Z' }] });
  expect((await (await setUp(1, { maxChoices: 2 })).ask()).items).toMatchObject([{ optionIds: ['o1'] }]);
});

test('a page that one lane fills reads no other; many empty lanes are read in few rounds', async () => {
  const full = await setUp(50, { lanes: 1 });
  await full.ask({ limit: '10' });
  expect(full.ballots.reads).toBe(1);
  let atOnce = 0;
  const empty = await setUp(0, { lanes: 256 });
  const read = empty.ballots.list.bind(empty.ballots);
  let rounds = 0;
  empty.ballots.list = async (...args) => {
    if (atOnce === 0) rounds += 1;
    atOnce += 1;
    await new Promise((resolve) => { setImmediate(resolve); });
    atOnce -= 1;
    return read(...args);
  };
  await empty.ask();
  expect(rounds).toBeLessThan(15);
});

test('the creator and the owner of the room may see them, no other member', async () => {
  const { ask } = await setUp(1);
  for (const user of ['creator', 'owner']) expect((await ask({}, user)).items).toHaveLength(1);
  await expect(ask({}, 'user-1')).rejects.toMatchObject({ key: 'forbidden', status: 403 });
});

test('nobody sees those of a secret poll', async () => {
  const { ask, ballots } = await setUp(1, { secret: true });
  for (const user of ['creator', 'owner', 'user-1']) await expect(ask({}, user)).rejects.toMatchObject({ key: 'secret-ballot', status: 403 });
  expect(ballots.reads).toBe(0);
});

test.each([['a stranger', 'stranger', uuid(1)], ['an unknown poll', 'owner', uuid(2)]])('there are none for %s', async (_, user, poll) => {
  await expect((await setUp()).ask({}, user, poll)).rejects.toMatchObject({ key: 'not-found' });
});

test.each(['user-1', '4 user-1', '0', '0 ', 'x user-1', '-1 user-1'])('a cursor that no page of this poll gave: %s', async (cursor) => {
  await expect((await setUp()).ask({ cursor: encodeCursor(`ballots ${uuid(1)}`, cursor) })).rejects.toMatchObject({ key: 'invalid-cursor' });
});
