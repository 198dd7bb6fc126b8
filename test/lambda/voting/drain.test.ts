import { DependencyUnavailable } from '../../../lambda/shared/problem';
import { drain } from '../../../lambda/voting/drain';
import type { Ballot } from '../../../lambda/voting/ports';
import { readQueuedBallot, writeQueuedBallot } from '../../../lambda/voting/queued-ballot';
import { fakeLog } from '../shared/fakes';
import { FakeBallots, uuid } from './fakes';

const BALLOT: Ballot = { pollId: uuid(1), lane: 2, voter: 'user-1', choice: 'o1,o2', acceptedAt: 1000, revote: false };
const message = (id: number, more: Partial<Ballot> = {}) => ({ id: `m${id}`, body: writeQueuedBallot({ ...BALLOT, voter: `user-${id}`, ...more }) });

function setUp() {
  const ballots = new FakeBallots();
  const log = fakeLog();
  return { ballots, log, drained: drain({ ballots, log }) };
}

test('every ballot is written, and marked as one that came by the queue', async () => {
  const { ballots, log, drained } = setUp();
  expect(await drained([message(1), message(2)])).toEqual([]);
  expect([...ballots.ballots.values()]).toEqual([1, 2].map((id) =>
    ({ pollId: uuid(1), lane: 2, voter: `user-${id}`, choice: 'o1,o2', acceptedAt: 1000, queued: true, castBy: undefined })));
  expect(log.lines.at(-1)).toMatchObject({ extra: { messages: 2, written: 2, overtaken: 0, failed: 0 } });
});

test('a message that comes again changes nothing, and is done with', async () => {
  const { ballots, log, drained } = setUp();
  await drained([message(1)]);
  expect(await drained([message(1)])).toEqual([]);
  expect(ballots.stream).toHaveLength(1);
  expect(log.lines.at(-1)).toMatchObject({ extra: { written: 0, overtaken: 1 } });
});

test('a table that takes one and not another is told apart', async () => {
  const { ballots, log, drained } = setUp();
  const put = ballots.putQueued.bind(ballots);
  ballots.putQueued = async (ballot) => {
    if (ballot.voter === 'user-2') throw new DependencyUnavailable('The voting table');
    return put(ballot);
  };
  expect(await drained([message(1), message(2), message(3)])).toEqual(['m2']);
  expect(ballots.ballots.size).toBe(2);
  expect(log.lines).toContainEqual(expect.objectContaining({ level: 'error', extra: expect.objectContaining({ messageId: 'm2', lane: 2 }) }));
});

test('a table that takes nothing is not asked for every ballot of a batch', async () => {
  const { ballots, drained } = setUp();
  let asked = 0;
  ballots.putQueued = async () => {
    asked += 1;
    throw new DependencyUnavailable('The voting table');
  };
  const messages = Array.from({ length: 100 }, (_, id) => message(id));
  expect(new Set(await drained(messages))).toEqual(new Set(messages.map(({ id }) => id)));
  expect(asked).toBeLessThan(40);
});

test('a partition that throttles holds up its own write shard alone: the ballots of every other one are written', async () => {
  const { ballots, log, drained } = setUp();
  const put = ballots.putQueued.bind(ballots);
  let refused = 0;
  ballots.putQueued = async (ballot) => {
    if (ballot.pollId === uuid(1) && ballot.lane === 2) {
      refused += 1;
      throw new DependencyUnavailable('The voting table');
    }
    return put(ballot);
  };
  // The throttled ones come first, and are as many as give up a whole batch if it is counted by ballots.
  const throttled = Array.from({ length: 60 }, (_, id) => message(id));
  const healthy = Array.from({ length: 40 }, (_, id) =>
    message(100 + id, id % 2 === 0 ? { lane: id % 24 === 2 ? 3 : id % 24 } : { pollId: uuid(2) }));
  expect(new Set(await drained([...throttled, ...healthy]))).toEqual(new Set(throttled.map(({ id }) => id)));
  expect(ballots.ballots.size).toBe(40);
  expect(refused).toBeLessThan(throttled.length / 2);
  expect(log.lines).toContainEqual(expect.objectContaining({ extra: expect.objectContaining({ lane: 2, reason: expect.stringContaining('partition') }) }));
});

test('a table that takes nothing is not asked for every write shard of a batch', async () => {
  const { ballots, drained } = setUp();
  let asked = 0;
  ballots.putQueued = async () => {
    asked += 1;
    await new Promise((resolve) => { setImmediate(resolve); });
    throw new DependencyUnavailable('The voting table');
  };
  expect(await drained(Array.from({ length: 100 }, (_, id) => message(id, { lane: id })))).toHaveLength(100);
  expect(asked).toBeLessThan(40);
});

test('errors of the code do not look like a table that takes nothing: each ballot has its chance', async () => {
  const { ballots, drained } = setUp();
  let asked = 0;
  ballots.putQueued = async () => {
    asked += 1;
    throw new Error('AccessDenied');
  };
  expect(await drained(Array.from({ length: 50 }, (_, id) => message(id)))).toHaveLength(50);
  expect(asked).toBe(50);
});

describe('a message that is no ballot', () => {
  const body = (more: Record<string, unknown>) => JSON.stringify({ v: 1, ...BALLOT, ...more });

  test.each<[string, string]>([
    ['no JSON', '{'],
    ['null', 'null'],
    ['a text', '"x"'],
    ['another version', body({ v: 2 })],
    ['a poll that is no id', body({ pollId: `${uuid(1)}#3` })],
    ['a lane that no poll has', body({ lane: 256 })],
    ['a negative lane', body({ lane: -1 })],
    ['half a lane', body({ lane: 0.5 })],
    ['no voter', body({ voter: '' })],
    ['a voter that no key can hold', body({ voter: 'x'.repeat(1025) })],
    ['no choice', body({ choice: '' })],
    ['a choice of everything', body({ choice: 'o1,'.repeat(100) })],
    ['a time that is a text', body({ acceptedAt: '2026-01-01T00:00:00Z' })],
    ['a time that no date has', body({ acceptedAt: 8_640_000_000_000_001 })],
    ['no rule of revoting', body({ revote: undefined })],
  ])('fails and holds nobody up: %s', async (_, wrong) => {
    const { ballots, drained } = setUp();
    expect(await drained([{ id: 'wrong', body: wrong }, message(1)])).toEqual(['wrong']);
    expect([...ballots.ballots.values()]).toMatchObject([{ voter: 'user-1' }]);
  });

  test('its content is not logged', async () => {
    const { log, drained } = setUp();
    await drained([{ id: 'wrong', body: '{"secret":"s3cret"}' }]);
    expect(JSON.stringify(log.lines)).not.toContain('s3cret');
  });
});

test('a ballot is read as it was written', () => {
  expect(readQueuedBallot(writeQueuedBallot(BALLOT))).toEqual(BALLOT);
  expect(JSON.parse(writeQueuedBallot(BALLOT))).toEqual({ v: 1, ...BALLOT });
});
