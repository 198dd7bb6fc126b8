import { DependencyUnavailable } from '../../../lambda/shared/problem';
import { ballotBox } from '../../../lambda/voting/ballot-box';
import { castVote } from '../../../lambda/voting/cast-vote';
import { laneOf } from '../../../lambda/voting/lane';
import type { PollRecord } from '../../../lambda/voting/ports';
import type { Vote, VoteRequest } from '../../../src/voting/contract';
import { castVote as schema } from '../../../src/voting/schemas';
import { callerRequest } from '../shared/fakes';
import { compiled } from '../shared/validator';
import { aPoll, FakeBallots, FakeMemberships, FakePolls, ROOM, uuid } from './fakes';

function setUp(more: Partial<PollRecord> = {}) {
  const polls = new FakePolls();
  polls.add(aPoll(more));
  const ballots = new FakeBallots();
  const memberships = new FakeMemberships().add('user-1').add('user-2');
  const cast = castVote({ memberships, polls, ballots: ballotBox(ballots) });
  let requests = 0;
  const vote = async (choice: string | VoteRequest, acceptedAt = 1000, userId = 'user-1', pollId = uuid(1)) => {
    const asked = typeof choice === 'string' ? { optionId: choice } : choice;
    requests += 1;
    const request = { path: { roomId: ROOM, pollId }, caller: { userId, accessToken: 't' }, acceptedAt, requestId: `request-${requests}` };
    const { status, body } = await cast(callerRequest(asked, request));
    return { status, ...(body as Vote) };
  };
  return { ballots, vote };
}

const at = (milliseconds: number) => new Date(milliseconds).toISOString();

test('the first vote is created, under the moment that the API accepted it', async () => {
  const { vote, ballots } = setUp();
  expect(await vote('o2', 1234)).toEqual({ status: 201, pollId: uuid(1), optionId: 'o2', acceptedAt: at(1234) });
  expect([...ballots.ballots.values()]).toMatchObject([{ pollId: uuid(1), lane: laneOf('user-1', 4), voter: 'user-1', choice: 'o2', acceptedAt: 1234, queued: false }]);
});

describe.each([false, true])('a first vote whose own write was done and whose answer was lost (revote: %s)', (revote) => {
  /** As the client of the table does it: it makes the same request again. */
  function losing(ballots: FakeBallots) {
    const put = ballots.put.bind(ballots);
    ballots.put = async (ballot) => {
      await put(ballot);
      return put(ballot);
    };
  }

  test('is answered 201, the same vote again 200', async () => {
    const { vote, ballots } = setUp({ revote });
    losing(ballots);
    expect(await vote('o1', 1000)).toMatchObject({ status: 201, optionId: 'o1', acceptedAt: at(1000) });
    expect(await vote('o1', 2000)).toMatchObject({ status: 200 });
  });

  test('is the only one answered 201 of two that were sent in the same millisecond', async () => {
    const { vote, ballots } = setUp({ revote });
    losing(ballots);
    expect((await Promise.all([vote('o1', 1000), vote('o1', 1000)])).map(({ status }) => status).sort()).toEqual([200, 201]);
  });
});

test('a changed vote whose own write was done and whose answer was lost is answered 200', async () => {
  const { vote, ballots } = setUp({ revote: true });
  await vote('o1', 1000);
  const put = ballots.put.bind(ballots);
  ballots.put = async (ballot) => {
    await put(ballot);
    return put(ballot);
  };
  expect(await vote('o2', 2000)).toMatchObject({ status: 200, optionId: 'o2', acceptedAt: at(2000) });
});

test('503 after the write was tried says that the vote may have been taken, and that sending the same again is safe', async () => {
  const { vote, ballots } = setUp();
  ballots.failure = new DependencyUnavailable('The voting table');
  await expect(vote('o1')).rejects.toMatchObject({
    key: 'unavailable', details: { detail: expect.stringMatching(/may have been taken.*Send the same vote again.*counts once/), retryAfter: 1 },
  });
  ballots.failure = undefined;
  expect(await vote('o1', 2000)).toMatchObject({ status: 201 });
  expect(await vote('o1', 3000)).toMatchObject({ status: 200 });
});

describe('where a change is not allowed', () => {
  test('the same vote again gives the first one', async () => {
    const { vote, ballots } = setUp();
    await vote('o2', 1000);
    expect(await vote('o2', 2000)).toEqual({ status: 200, pollId: uuid(1), optionId: 'o2', acceptedAt: at(1000) });
    expect(ballots.stream).toHaveLength(1);
  });

  test('another vote is refused, and nothing changes', async () => {
    const { vote, ballots } = setUp();
    await vote('o2', 1000);
    await expect(vote('o1', 2000)).rejects.toMatchObject({ key: 'already-voted', status: 409 });
    expect([...ballots.ballots.values()]).toMatchObject([{ choice: 'o2', acceptedAt: 1000 }]);
  });

  test('of the same vote many times at once one is the first', async () => {
    const { vote, ballots } = setUp();
    const votes = await Promise.all(Array.from({ length: 20 }, () => vote('o1')));
    expect(votes.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 19 }, () => 200), 201]);
    expect(ballots.stream).toHaveLength(1);
  });

  test('of two different votes at once one is refused', async () => {
    const { vote } = setUp();
    const votes = await Promise.allSettled([vote('o1'), vote('o2')]);
    expect(votes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('where a change is allowed', () => {
  test('a later vote takes the place of an earlier one', async () => {
    const { vote, ballots } = setUp({ revote: true });
    await vote('o2', 1000);
    expect(await vote('o1', 2000)).toEqual({ status: 200, pollId: uuid(1), optionId: 'o1', acceptedAt: at(2000) });
    expect(ballots.stream).toMatchObject([{ after: 'o2' }, { before: 'o2', after: 'o1' }]);
  });

  test('an earlier vote that comes later changes nothing, and is told what stands', async () => {
    const { vote, ballots } = setUp({ revote: true });
    await vote('o2', 2000);
    expect(await vote('o1', 1000)).toEqual({ status: 200, pollId: uuid(1), optionId: 'o2', acceptedAt: at(2000) });
    expect(ballots.stream).toHaveLength(1);
  });

  test('a vote of between two equal ones that comes last does not win', async () => {
    const { vote } = setUp({ revote: true });
    await vote('o1', 1000);
    await vote('o1', 3000);
    expect(await vote('o2', 2000)).toMatchObject({ optionId: 'o1', acceptedAt: at(3000) });
  });
});

test('every voter has a ballot, in every poll', async () => {
  const { vote, ballots } = setUp();
  expect(await vote('o1', 1, 'user-1')).toMatchObject({ status: 201 });
  expect(await vote('o2', 1, 'user-2')).toMatchObject({ status: 201 });
  expect(ballots.ballots.size).toBe(2);
});

describe('near the end of the poll', () => {
  const END = 5000;

  test.each([
    ['a vote of before the settled end counts', { closingAt: END, closedAt: END }, END - 1, undefined],
    ['a vote at the settled end is refused', { closingAt: END, closedAt: END }, END, 'poll-closed'],
    ['a vote of before an announced end counts', { closingAt: END }, END - 1, undefined],
    ['a vote after an end that may still move is asked to come again', { closingAt: END }, END, 'unavailable'],
  ])('%s', async (_, end, acceptedAt, problem) => {
    const { vote, ballots } = setUp(end);
    if (problem === undefined) expect(await vote('o1', acceptedAt)).toMatchObject({ status: 201 });
    else await expect(vote('o1', acceptedAt)).rejects.toMatchObject({ key: problem });
    expect(ballots.stream).toHaveLength(problem === undefined ? 1 : 0);
  });

  test('a vote that must come again is told when', async () => {
    await expect(setUp({ closingAt: END }).vote('o1', END)).rejects.toMatchObject({ details: { retryAfter: 1 } });
  });
});

test('an option that the poll does not have', async () => {
  const { vote, ballots } = setUp();
  await expect(vote('o4')).rejects.toMatchObject({ key: 'invalid-request', details: { errors: [{ pointer: '/optionId' }] } });
  expect(ballots.stream).toHaveLength(0);
});

test.each([['somebody outside the room', 'stranger', uuid(1)], ['an unknown poll', 'user-1', uuid(2)]])('there is no poll for %s', async (_, user, poll) => {
  await expect(setUp().vote('o1', 1, user, poll)).rejects.toMatchObject({ key: 'not-found' });
});

test('a table that takes nothing is not available; no vote is lost in silence', async () => {
  const { vote, ballots } = setUp();
  ballots.failure = new DependencyUnavailable('The voting table');
  await expect(vote('o1')).rejects.toMatchObject({ key: 'unavailable', cause: ballots.failure });
});

describe('before and after the times that the poll was given', () => {
  const TIMES = { opensAt: 2000, closesAt: 3000 };

  test.each<[string, Partial<PollRecord>, number, string | undefined]>([
    ['just before it opens', TIMES, 1999, 'poll-not-open'],
    ['when it opens', TIMES, 2000, undefined],
    ['just before it closes', TIMES, 2999, undefined],
    ['when it closes', TIMES, 3000, 'poll-closed'],
    ['after an end by hand that came earlier', { ...TIMES, closingAt: 2500, closedAt: 2500 }, 2500, 'poll-closed'],
    ['before an end by hand that would be later', { ...TIMES, closingAt: 3500, closedAt: 3500 }, 2999, undefined],
    ['between its time and an end by hand that would be later', { ...TIMES, closingAt: 3500, closedAt: 3500 }, 3000, 'poll-closed'],
    ['after its time, whatever was announced', { ...TIMES, closingAt: 2500 }, 3000, 'poll-closed'],
    ['after an end by hand that came before it opened', { ...TIMES, closingAt: 1000, closedAt: 1000 }, 1500, 'poll-closed'],
    ['before it opens, while somebody closes it', { ...TIMES, closingAt: 1000 }, 1500, 'poll-not-open'],
  ])('%s', async (_, times, acceptedAt, problem) => {
    const { vote, ballots } = setUp(times);
    if (problem === undefined) expect(await vote('o1', acceptedAt)).toMatchObject({ status: 201 });
    else await expect(vote('o1', acceptedAt)).rejects.toMatchObject({ key: problem, status: 409 });
    expect(ballots.stream).toHaveLength(problem === undefined ? 1 : 0);
  });
});

describe('several choices', () => {
  test('are one ballot, whatever order they are given in', async () => {
    const { vote, ballots } = setUp({ maxChoices: 2 });
    expect(await vote({ optionIds: ['o3', 'o1'] })).toEqual({ status: 201, pollId: uuid(1), optionIds: ['o1', 'o3'], acceptedAt: at(1000) });
    expect(await vote({ optionIds: ['o1', 'o3'] }, 2000)).toMatchObject({ status: 200, optionIds: ['o1', 'o3'], acceptedAt: at(1000) });
    await expect(vote({ optionIds: ['o1'] })).rejects.toMatchObject({ key: 'already-voted' });
    expect(ballots.stream).toMatchObject([{ after: 'o1,o3' }]);
  });

  test('one of a poll that takes several is answered as a list, however it was asked', async () => {
    expect(await setUp({ maxChoices: 2 }).vote('o1')).toMatchObject({ optionIds: ['o1'] });
  });

  test('one as a list is taken by a poll that takes one, and answered as one', async () => {
    expect(await setUp().vote({ optionIds: ['o2'] })).toMatchObject({ status: 201, optionId: 'o2' });
  });

  test.each<[string, VoteRequest, string[]]>([
    ['too many', { optionIds: ['o1', 'o2', 'o3'] }, ['/optionIds']],
    ['unknown ones', { optionIds: ['o9', 'o1'] }, ['/optionIds/0']],
    ['both forms', { optionId: 'o1', optionIds: ['o1'] }, ['/optionIds']],
    ['neither form', {}, ['/optionId']],
  ])('%s are refused with the field', async (_, asked, pointers) => {
    const { vote, ballots } = setUp({ maxChoices: 2 });
    const errors = pointers.map((pointer) => expect.objectContaining({ pointer }));
    await expect(vote(asked)).rejects.toMatchObject({ key: 'invalid-request', details: { errors } });
    expect(ballots.stream).toHaveLength(0);
  });
});

test.each<[unknown, boolean]>([
  [{ optionId: 'o1' }, true], [{ optionId: '' }, false], [{ optionId: 1 }, false], [{ optionId: 'o1', weight: 2 }, false],
  [{ optionIds: ['o1', 'o2'] }, true], [{ optionIds: [] }, false], [{ optionIds: ['o1', 'o1'] }, false], [{ optionIds: 'o1' }, false], [{ optionIds: [1] }, false],
])('the body %j is valid: %s', (body, valid) => {
  expect(compiled(schema)(body)).toBe(valid);
});
