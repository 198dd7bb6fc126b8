import { DependencyUnavailable } from '../../../lambda/shared/problem';
import { ballotBox } from '../../../lambda/voting/ballot-box';
import { bufferedBox, NO_BREAKER, overflowBox } from '../../../lambda/voting/ingestion';
import type { Ballot, Breaker } from '../../../lambda/voting/ports';
import { fakeLog } from '../shared/fakes';
import { FakeBallots, FakeQueue, uuid } from './fakes';

const BALLOT: Ballot = { pollId: uuid(1), lane: 2, voter: 'user-1', choice: 'o1', acceptedAt: 1000, revote: false };
const VOTE = { choice: 'o1', acceptedAt: 1000 };

function setUp(breaker: Breaker = NO_BREAKER) {
  const ballots = new FakeBallots();
  const queue = new FakeQueue();
  const log = fakeLog();
  const buffered = bufferedBox(queue);
  return { ballots, queue, log, buffered, box: overflowBox({ direct: ballotBox(ballots), buffered, breaker, log }) };
}

const unavailable = () => new DependencyUnavailable('The voting table');

test('a table that takes the ballot is all that is asked', async () => {
  const { box, ballots, queue } = setUp();
  expect(await box.cast(BALLOT)).toEqual({ outcome: 'first', vote: VOTE });
  expect([ballots.stream.length, queue.sent]).toEqual([1, []]);
});

test('what another ballot of the voter decides is no reason to queue', async () => {
  const { box, queue } = setUp();
  await box.cast(BALLOT);
  expect(await box.cast({ ...BALLOT, choice: 'o2' })).toMatchObject({ outcome: 'refused', vote: VOTE });
  expect(queue.sent).toEqual([]);
});

test('a table that takes nothing leaves it to the queue, and the log says so without the voter or the choice', async () => {
  const { box, ballots, queue, log } = setUp();
  ballots.failure = unavailable();
  expect(await box.cast(BALLOT)).toEqual({ outcome: 'queued', vote: VOTE });
  expect(queue.sent).toEqual([BALLOT]);
  expect(log.lines).toMatchObject([{ level: 'warn', extra: { pollId: uuid(1), lane: 2 } }]);
  expect(Object.keys(log.lines[0].extra)).toEqual(['pollId', 'lane', 'error']);
});

test('a queue that takes nothing, either, is not available: the voter is told', async () => {
  const { box, ballots, queue } = setUp();
  ballots.failure = unavailable();
  queue.failure = new DependencyUnavailable('The overflow queue');
  await expect(box.cast(BALLOT)).rejects.toBe(queue.failure);
});

test('what is wrong with the ballot or the code is not hidden in the queue', async () => {
  const { box, ballots, queue } = setUp();
  ballots.failure = new Error('AccessDenied');
  await expect(box.cast(BALLOT)).rejects.toBe(ballots.failure);
  expect(queue.sent).toEqual([]);
});

test('a buffered ballot goes to the queue alone', async () => {
  const { buffered, ballots, queue } = setUp();
  expect(await buffered.cast(BALLOT)).toEqual({ outcome: 'queued', vote: VOTE });
  expect([ballots.stream.length, queue.sent]).toEqual([0, [BALLOT]]);
});

describe('a breaker', () => {
  function counting(open = false) {
    const heard: string[] = [];
    return { heard, breaker: { allow: async () => !open, failed: async () => { heard.push('failed'); }, succeeded: async () => { heard.push('succeeded'); } } };
  }

  test('that is open spares the table', async () => {
    const { breaker, heard } = counting(true);
    const { box, ballots, queue } = setUp(breaker);
    expect(await box.cast(BALLOT)).toMatchObject({ outcome: 'queued' });
    expect([ballots.stream.length, queue.sent.length, heard]).toEqual([0, 1, []]);
  });

  test('hears how the table fares', async () => {
    const { breaker, heard } = counting();
    const { box, ballots } = setUp(breaker);
    await box.cast(BALLOT);
    await box.cast({ ...BALLOT, choice: 'o2' });
    ballots.failure = unavailable();
    await box.cast(BALLOT);
    ballots.failure = new Error('AccessDenied');
    await box.cast(BALLOT).catch(() => undefined);
    expect(heard).toEqual(['succeeded', 'succeeded', 'failed']);
  });
});
