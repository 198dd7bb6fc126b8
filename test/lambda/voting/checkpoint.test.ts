import type { DynamoDBRecord } from 'aws-lambda';
import { readLanes, streamOf } from '../../../lambda/voting/adapters/stream';
import { aggregate } from '../../../lambda/voting/aggregate';
import { type Checkpoint, CLEARLY_NEWER_SECONDS } from '../../../lambda/voting/checkpoint';
import { fakeLog } from '../shared/fakes';
import { FakeDeadLetters, FakeTallies, uuid } from './fakes';
import { recountWorld } from './recount-world';
import { streamArn, streamRecord } from './stream-records';

const POLL = uuid(1);
const LANE = { pollId: POLL, lane: 0 };
/** Before the poll was made, and two moments after. */
const [OLD, NEW, NEWEST] = ['2024-01-01T00:00:00.000', '2025-01-01T00:00:00.000', '2025-06-01T00:00:00.000'];
const seconds = (label: string) => Date.parse(`${label}Z`) / 1000;

function setUp() {
  const tallies = new FakeTallies();
  const deadLetters = new FakeDeadLetters();
  const log = fakeLog();
  const count = aggregate({ tallies, deadLetters, log, clock: () => 0, tableName: 'Votes' });
  const metrics = () => Object.assign({}, ...log.lines.filter(({ message }) => message === 'Ballots counted').map(({ extra: { BallotsAwaitingRecount, CheckpointViolations, BallotsCounted } }) =>
    ({ BallotsAwaitingRecount, CheckpointViolations, BallotsCounted }))) as Record<string, number>;
  return { tallies, deadLetters, log, metrics, count: async (...records: DynamoDBRecord[]) => (await count(readLanes(records)))?.recordId };
}

/** A record of a stream; created right after it was requested, if nothing else is said. */
const insert = (sequence: number, after: string, { label = OLD, createdAt = seconds(label) + 1, lane = 0, pollId = POLL } = {}) =>
  streamRecord({ pollId, lane, recordId: `${sequence}`, after, createdAt }, {}, streamArn(label));
const marker = (sequence: number, name: string, label = NEW) =>
  streamRecord({ pollId: POLL, lane: 0, recordId: `${sequence}`, marker: name, createdAt: seconds(label) + 1 }, {}, streamArn(label));

test('a stream is named by the moment in its ARN, and records without one are not counted', () => {
  expect(streamOf(streamArn(NEW))).toBe(seconds(NEW) * 1000);
  expect(streamOf(streamArn(`${NEW}Z`))).toBe(seconds(NEW) * 1000);
  for (const arn of ['', 'arn:aws:dynamodb:us-east-1:123456789012:table/Votes', streamArn('newest')]) expect(() => streamOf(arn)).toThrow('no label that is a timestamp');
});

describe('a stream that replaces the one that a lane was counted from', () => {
  test('is not counted although its sequence numbers are lower, and not skipped in silence: a dead letter asks for a recount, a metric says how much waits', async () => {
    const { tallies, deadLetters, log, metrics, count } = setUp();
    await count(insert(1_000, 'o1'), insert(1_001, 'o1'));
    expect(await count(insert(1, 'o2', { label: NEW }), insert(2, 'o3', { label: NEW }))).toBeUndefined();
    expect(tallies.sum()).toEqual({ o1: 2 });
    expect(deadLetters.buried).toEqual([{ v: 1, kind: 'ballot', lane: LANE, keys: {}, sequence: '1', reason: expect.stringContaining('counted from another stream') }]);
    expect(metrics()).toMatchObject({ BallotsAwaitingRecount: 2, BallotsCounted: 0 });
    expect(log.lines).toContainEqual(expect.objectContaining({ level: 'error', message: 'A lane is not counted until its poll was recounted' }));
  });

  test('is not counted where its sequence numbers are higher, either: what came in between is missing', async () => {
    const { tallies, deadLetters, count } = setUp();
    await count(insert(1, 'o1'));
    await count(insert(5_000, 'o2', { label: NEW }));
    expect([tallies.sum(), deadLetters.buried.length]).toEqual([{ o1: 1 }, 1]);
  });

  test('asks for one recount of a poll, however many lanes and batches wait for it', async () => {
    const { deadLetters, count } = setUp();
    await count(insert(10, 'o1'), insert(11, 'o1', { lane: 1 }), insert(12, 'o1', { lane: 20 }));
    const batch = [insert(1, 'o1', { label: NEW }), insert(2, 'o1', { label: NEW, lane: 1 }), insert(3, 'o1', { label: NEW, lane: 20 })];
    await count(...batch);
    await count(...batch);
    await count(insert(4, 'o1', { label: NEW }), insert(5, 'o1', { label: NEW, lane: 1 }));
    expect(deadLetters.buried).toHaveLength(1);
  });

  test('raises the version with every change, by which a recount knows that there were some', async () => {
    const { tallies, count } = setUp();
    await count(insert(10, 'o1'));
    await count(insert(1, 'o2', { label: NEW }), marker(2, 'm1'), insert(3, 'o2', { label: NEW }));
    expect(await tallies.ofLane(LANE)).toMatchObject({ version: 3, ballots: 1, marker: 'm1', checkpoint: { state: 'reported', stream: seconds(NEW) * 1000 } });
  });

  test('is processed only when the dead letters have taken the request for a recount', async () => {
    const { tallies, deadLetters, count } = setUp();
    await count(insert(10, 'o1'));
    deadLetters.failure = new Error('no');
    expect(await count(insert(1, 'o2', { label: NEW }))).toBe('1');
    expect(await tallies.ofLane(LANE)).toMatchObject({ checkpoint: { state: 'counting', stream: seconds(OLD) * 1000 } });
    deadLetters.failure = undefined;
    expect(await count(insert(1, 'o2', { label: NEW }))).toBeUndefined();
    expect(deadLetters.buried).toHaveLength(1);
  });

  test('asks for nothing where only a marker came by: somebody recounts it just now', async () => {
    const { tallies, deadLetters, count } = setUp();
    await count(insert(10, 'o1'));
    await count(marker(1, 'm1'));
    expect([deadLetters.buried, (await tallies.ofLane(LANE))!.checkpoint!.state]).toEqual([[], 'waiting']);
    await count(insert(2, 'o1', { label: NEW }));
    expect([deadLetters.buried.length, (await tallies.ofLane(LANE))!.checkpoint!.state]).toEqual([1, 'reported']);
  });

  test('is counted from the recount on, and what the older stream still brings is not: the recount has it', async () => {
    const { tallies, deadLetters, count } = setUp();
    await count(insert(10, 'o1'));
    await count(insert(1, 'o2', { label: NEW }));
    const seen = (await tallies.ofLane(LANE))!;
    expect(await tallies.mend(LANE, seen, { ballots: 3, counts: { o1: 2, o2: 1 } })).toBe(true);
    await count(insert(11, 'o1', { label: OLD, createdAt: seconds(NEW) - 1 }), insert(12, 'o1', { label: OLD, createdAt: seconds(NEW) }));
    await count(insert(1, 'o2', { label: NEW }), insert(2, 'o3', { label: NEW }));
    expect(tallies.sum()).toEqual({ o1: 2, o2: 1, o3: 1 });
    expect(deadLetters.buried).toHaveLength(1);
  });

  test('makes the lane wait again where an even newer one comes', async () => {
    const { tallies, deadLetters, count } = setUp();
    await count(insert(10, 'o1'));
    await count(insert(1, 'o2', { label: NEW }));
    await tallies.mend(LANE, (await tallies.ofLane(LANE))!, { ballots: 2, counts: { o1: 1, o2: 1 } });
    await count(insert(9, 'o3', { label: NEWEST }));
    expect([tallies.sum(), deadLetters.buried.length]).toEqual([{ o1: 1, o2: 1 }, 2]);
  });
});

describe('a tally of another table, copied into this one', () => {
  test('whose stream is newer than this table\'s waits for a recount when a ballot comes', async () => {
    const { tallies, deadLetters, count } = setUp();
    await count(insert(10, 'o1', { label: NEW }));
    await tallies.mend(LANE, (await tallies.ofLane(LANE))!, { ballots: 1, counts: { o1: 1 } });
    await count(insert(500, 'o2', { label: OLD, createdAt: seconds(NEW) + 3_600 }));
    expect([tallies.sum(), deadLetters.buried.length]).toEqual([{ o1: 1 }, 2]);
    expect(await tallies.ofLane(LANE)).toMatchObject({ checkpoint: { state: 'reported', stream: seconds(OLD) * 1000 } });
  });
});

describe('a lane without a tally', () => {
  test('is counted from nothing where the poll is younger than the stream', async () => {
    const { tallies, deadLetters, count } = setUp();
    await count(insert(1, 'o1'));
    expect([tallies.sum(), deadLetters.buried]).toEqual([{ o1: 1 }, []]);
  });

  test.each([
    ['the stream is younger than the poll: ballots may stand that it never brings', POLL, NEW],
    ['the poll\'s id does not say when it was made', '01900000-0000-4000-8000-000000000001', OLD],
  ])('waits for a recount where %s', async (_, pollId, label) => {
    const { tallies, deadLetters, count } = setUp();
    expect(await count(insert(1, 'o1', { label, pollId }))).toBeUndefined();
    expect([tallies.sum(), deadLetters.buried.length]).toEqual([{}, 1]);
  });
});

describe('a tally of the version before, whose checkpoint names no stream', () => {
  const tallyOf = (tallies: FakeTallies) => tallies.items.set(`${POLL} 0`, {
    lane: LANE, counts: { o1: 5 }, ballots: 5, version: 5, checkpoint: { state: 'counting', sequence: '100'.padStart(40, '0') } satisfies Checkpoint,
  });

  test('is counted on, without loss and without repetition, where the poll is younger than the stream', async () => {
    const { tallies, deadLetters, count } = setUp();
    tallyOf(tallies);
    await count(insert(99, 'o2'), insert(100, 'o2'), insert(101, 'o3'));
    await count(insert(99, 'o2'), insert(100, 'o2'), insert(101, 'o3'), insert(102, 'o3'));
    expect([tallies.sum(), deadLetters.buried]).toEqual([{ o1: 5, o3: 2 }, []]);
    expect(await tallies.ofLane(LANE)).toMatchObject({ checkpoint: { stream: seconds(OLD) * 1000 } });
  });

  test('learns from the first record how new its newest one is, and trips over the next one that is clearly newer', async () => {
    const { tallies, deadLetters, count } = setUp();
    tallyOf(tallies);
    await count(insert(3, 'o2', { createdAt: seconds(OLD) + 100 }));
    expect([await tallies.ofLane(LANE), deadLetters.buried]).toMatchObject([{ version: 5, checkpoint: { state: 'counting', newest: seconds(OLD) + 100 } }, []]);
    await count(insert(4, 'o2', { createdAt: seconds(OLD) + 100 + CLEARLY_NEWER_SECONDS + 1 }));
    expect([tallies.sum(), deadLetters.buried.length]).toEqual([{ o1: 5 }, 1]);
  });

  test('waits for a recount where the stream is younger than the poll', async () => {
    const { tallies, deadLetters, count } = setUp();
    tallyOf(tallies);
    await count(insert(101, 'o3', { label: NEW }));
    expect([tallies.sum(), deadLetters.buried.length]).toEqual([{ o1: 5 }, 1]);
  });
});

describe('the tripwire: a record at or below the checkpoint', () => {
  const start = seconds(OLD) + 100;

  test('that is clearly newer than everything counted is an error metric and a dead letter, and its lane waits', async () => {
    const { tallies, deadLetters, metrics, count } = setUp();
    await count(insert(1_000, 'o1', { createdAt: start }));
    expect(await count(insert(3, 'o2', { createdAt: start + CLEARLY_NEWER_SECONDS + 1 }))).toBeUndefined();
    expect(tallies.sum()).toEqual({ o1: 1 });
    expect(metrics()).toMatchObject({ CheckpointViolations: 1, BallotsAwaitingRecount: 1 });
    expect(deadLetters.buried).toMatchObject([{ lane: LANE, sequence: '3', reason: expect.stringContaining('did not rise') }]);
  });

  test('that is about as new is a repetition', async () => {
    const { tallies, deadLetters, metrics, count } = setUp();
    await count(insert(1_000, 'o1', { createdAt: start }));
    await count(insert(1_000, 'o1', { createdAt: start }), insert(3, 'o2', { createdAt: start + CLEARLY_NEWER_SECONDS }));
    expect([tallies.sum(), deadLetters.buried]).toEqual([{ o1: 1 }, []]);
    expect(metrics()).not.toMatchObject({ CheckpointViolations: expect.anything() });
  });

  test('within one batch is found, too', async () => {
    const { tallies, metrics, count } = setUp();
    await count(insert(1_000, 'o1', { createdAt: start }), insert(3, 'o2', { createdAt: start + 60 }), insert(4, 'o2', { createdAt: start + 61 }));
    expect(tallies.sum()).toEqual({ o1: 1 });
    expect(metrics()).toMatchObject({ CheckpointViolations: 1, BallotsAwaitingRecount: 2 });
  });

  test('makes the order begin anew: what came before it is not counted again after the recount', async () => {
    const { tallies, deadLetters, count } = setUp();
    const before = [insert(1_000, 'o1', { createdAt: start }), insert(1_001, 'o1', { createdAt: start + 1 })];
    await count(...before);
    await count(insert(3, 'o2', { createdAt: start + 60 }));
    await tallies.mend(LANE, (await tallies.ofLane(LANE))!, { ballots: 3, counts: { o1: 2, o2: 1 } });
    await count(...before);
    await count(insert(3, 'o2', { createdAt: start + 60 }), insert(4, 'o3', { createdAt: start + 60 }));
    expect([tallies.sum(), deadLetters.buried.length]).toEqual([{ o1: 2, o2: 1, o3: 1 }, 1]);
  });

  test('does not keep a recount from being proven: its markers come by', async () => {
    const { tallies, count } = setUp();
    await count(insert(1_000, 'o1', { createdAt: seconds(OLD) }));
    await count(streamRecord({ ...LANE, recordId: '3', marker: 'm1', createdAt: seconds(OLD) + 60 }));
    expect(await tallies.ofLane(LANE)).toMatchObject({ marker: 'm1', checkpoint: { state: 'waiting' } });
  });
});

describe('a recount of a lane that waits', () => {
  async function waiting() {
    const all = recountWorld();
    await all.vote(1);
    await all.flush();
    const item = all.tallies.items.get(`${POLL} 0`)!;
    item.checkpoint = { ...item.checkpoint!, state: 'reported' };
    return { ...all, item };
  }

  test('says so and leaves it alone, where nothing else is asked for', async () => {
    const { item, run } = await waiting();
    expect(await run()).toEqual({ pollId: POLL, lanes: [{ lane: 0, ballots: 1, state: 'waiting' }], equal: false });
    expect(item.checkpoint!.state).toBe('reported');
  });

  test('has it counted on', async () => {
    const { item, run, vote, flush, tallies } = await waiting();
    expect(await run({ mend: true })).toEqual({ pollId: POLL, lanes: [{ lane: 0, ballots: 1, state: 'equal' }], equal: true });
    expect(item.checkpoint!.state).toBe('counting');
    await vote(2, 'o2');
    await flush();
    expect(tallies.sum()).toEqual({ o1: 1, o2: 1 });
  });

  test('sets its counts, where votes came while it waited', async () => {
    const { run, vote, flush, tallies } = await waiting();
    await vote(2, 'o2');
    await flush();
    expect(tallies.sum()).toEqual({ o1: 1 });
    expect(await run({ mend: true })).toMatchObject({ lanes: [{ state: 'mended', ballots: 2 }], equal: true });
    expect(tallies.sum()).toEqual({ o1: 1, o2: 1 });
  });
});
