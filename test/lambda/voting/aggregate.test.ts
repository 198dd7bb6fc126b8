import type { DynamoDBRecord } from 'aws-lambda';
import { DependencyUnavailable } from '../../../lambda/shared/problem';
import { readLanes } from '../../../lambda/voting/adapters/stream';
import { aggregate } from '../../../lambda/voting/aggregate';
import type { LaneFolds } from '../../../lambda/voting/ports';
import { LANES_PER_TALLY, MAX_OPTIONS } from '../../../src/voting/contract';
import { fakeLog } from '../shared/fakes';
import { FakeDeadLetters, FakeTallies, uuid } from './fakes';
import { streamRecord } from './stream-records';

const POLL = uuid(1);

/** Tallies of which some lanes cannot be written. */
class FailingTallies extends FakeTallies {
  readonly failing = new Map<number, Error>();
  /** Done before the next addition: what another invocation does meanwhile. */
  meanwhile?: () => Promise<unknown>;

  override async add(pollId: string, folds: LaneFolds) {
    const failing = [...folds.keys()].find((lane) => this.failing.has(lane));
    if (failing !== undefined) throw this.failing.get(failing)!;
    const { meanwhile } = this;
    this.meanwhile = undefined;
    await meanwhile?.();
    return super.add(pollId, folds);
  }
}

function setUp() {
  const tallies = new FailingTallies();
  const deadLetters = new FakeDeadLetters();
  const log = fakeLog();
  const count = aggregate({ tallies, deadLetters, log, clock: () => 1234, tableName: 'Votes' });
  return { tallies, deadLetters, log, count: async (...records: DynamoDBRecord[]) => (await count(readLanes(records)))?.recordId };
}

const insert = (recordId: number, lane: number, after: string) => streamRecord({ pollId: POLL, lane, recordId: `${recordId}`, after });
const modify = (recordId: number, lane: number, before: string, after: string) => streamRecord({ pollId: POLL, lane, recordId: `${recordId}`, before, after });
const remove = (recordId: number, lane: number, before: string) => streamRecord({ pollId: POLL, lane, recordId: `${recordId}`, before });

/** A record of a lane that says nothing that could be counted. */
const poison = (recordId: number, lane: number) => streamRecord({ pollId: POLL, lane, recordId: `${recordId}`, after: 'o1' }, { NewImage: {} });

test('what changed is counted: new votes, changed ones, removed ones', async () => {
  const { tallies, count } = setUp();
  expect(await count(insert(1, 0, 'o1'), insert(2, 1, 'o1'), insert(3, 0, 'o2'), modify(4, 0, 'o2', 'o3'), modify(5, 1, 'o1', 'o1'), remove(6, 0, 'o1'))).toBeUndefined();
  expect(tallies.sum()).toEqual({ o1: 1, o3: 1 });
});

test('the lanes of a tally item are one write, however many votes they have', async () => {
  const { tallies, count } = setUp();
  await count(...Array.from({ length: 1000 }, (_, index) => insert(index + 1, index % LANES_PER_TALLY, 'o1')));
  expect(tallies.sum()).toEqual({ o1: 1000 });
  expect(tallies.writes).toBe(1);
  expect(tallies.version()).toBe(1000);
  await count(...Array.from({ length: 40 }, (_, index) => insert(index + 1001, LANES_PER_TALLY / 2 + index % LANES_PER_TALLY, 'o1')));
  expect(tallies.writes).toBe(3);
});

test('a write changes no more counts than an expression of DynamoDB may have', async () => {
  const { tallies, count } = setUp();
  const options = Array.from({ length: MAX_OPTIONS }, (_, index) => `o${index + 1}`);
  await count(...Array.from({ length: LANES_PER_TALLY * MAX_OPTIONS }, (_, index) =>
    insert(index + 1, index % LANES_PER_TALLY, options[Math.floor(index / LANES_PER_TALLY)])));
  expect(tallies.sum()).toEqual(Object.fromEntries(options.map((option) => [option, LANES_PER_TALLY])));
  // 150 counts a write: six lanes of 20 options, with their marks, versions and numbers of ballots.
  expect(tallies.writes).toBe(Math.ceil(LANES_PER_TALLY / 6));
});

test('a batch that comes again changes nothing', async () => {
  const { tallies, count } = setUp();
  const batch = [insert(1, 0, 'o1'), insert(2, 1, 'o2'), insert(3, 0, 'o2')];
  await count(...batch);
  expect(await count(...batch)).toBeUndefined();
  expect(tallies.sum()).toEqual({ o1: 1, o2: 2 });
  expect(tallies.version()).toBe(3);
});

test('of a batch that is counted in part the rest is counted', async () => {
  const { tallies, count } = setUp();
  await count(insert(1, 0, 'o1'), insert(2, 0, 'o2'));
  await count(insert(1, 0, 'o1'), insert(2, 0, 'o2'), insert(3, 0, 'o3'));
  expect(tallies.sum()).toEqual({ o1: 1, o2: 1, o3: 1 });
});

test('a record twice in a batch counts once', async () => {
  const { tallies, count } = setUp();
  await count(insert(1, 0, 'o1'), insert(1, 0, 'o1'), insert(2, 0, 'o1'), insert(2, 0, 'o1'));
  expect(tallies.sum()).toEqual({ o1: 2 });
});

test('two that count overlapping batches at once count every vote once', async () => {
  const { tallies, count } = setUp();
  tallies.meanwhile = () => count(insert(1, 0, 'o1'), insert(2, 0, 'o2'));
  expect(await count(insert(1, 0, 'o1'), insert(2, 0, 'o2'), insert(3, 0, 'o3'))).toBeUndefined();
  expect(tallies.sum()).toEqual({ o1: 1, o2: 1, o3: 1 });
});

test('sequence numbers of different lengths are numbers, not words', async () => {
  const { tallies, count } = setUp();
  await count(insert(9, 0, 'o1'));
  await count(insert(10, 0, 'o1'));
  await count(insert(9, 0, 'o1'));
  expect(tallies.sum()).toEqual({ o1: 2 });
});

test('other items of the table are passed over', async () => {
  const { tallies, count } = setUp();
  const others = [`tally#${POLL}`, 'room#1', 'user#1', 'ballots'].map((pk) => streamRecord({ pollId: POLL, lane: 0, recordId: '1', after: 'o1' }, { Keys: { pk: { S: pk } } }));
  expect(await count(...others, { eventName: 'INSERT' })).toBeUndefined();
  expect(tallies.writes).toBe(0);
});

describe('a lane that cannot be written', () => {
  test('because the table takes nothing is reported with those of its item; other items are counted', async () => {
    const { tallies, log, count } = setUp();
    tallies.failing.set(1, new DependencyUnavailable('The voting table'));
    expect(await count(insert(1, LANES_PER_TALLY, 'o1'), insert(2, 0, 'o1'), insert(3, 1, 'o2'), insert(4, LANES_PER_TALLY, 'o2'))).toBe('2');
    expect(tallies.sum()).toEqual({ o1: 1, o2: 1 });
    for (const [lane, record] of [[0, '2'], [1, '3']]) {
      expect(log.lines).toContainEqual(expect.objectContaining({ level: 'error', extra: expect.objectContaining({ lane, pollId: POLL, record }) }));
    }
  });

  test('for a reason of its own is reported by its first record; the others of its item are counted without it', async () => {
    const { tallies, log, count } = setUp();
    tallies.failing.set(1, new Error('Type mismatch'));
    expect(await count(insert(1, 0, 'o1'), insert(2, 1, 'o1'), insert(3, 0, 'o2'), insert(4, 1, 'o2'))).toBe('2');
    expect(tallies.sum()).toEqual({ o1: 1, o2: 1 });
    expect(log.lines).toContainEqual(expect.objectContaining({ level: 'error', extra: expect.objectContaining({ lane: 1, pollId: POLL, record: '2' }) }));
  });

  test('of several the lowest record is reported, by number', async () => {
    const { tallies, count } = setUp();
    for (const lane of [0, 1, 2]) tallies.failing.set(lane, new Error('no'));
    expect(await count(insert(9, 1, 'o1'), insert(10, 0, 'o1'), insert(11, 2, 'o1'))).toBe('9');
  });

  test('is counted when the batch comes again from there, and the others are not counted twice', async () => {
    const { tallies, count } = setUp();
    const batch = [insert(1, 0, 'o1'), insert(2, 1, 'o1'), insert(3, 0, 'o2')];
    tallies.failing.set(1, new Error('no'));
    await count(...batch);
    tallies.failing.clear();
    expect(await count(...batch.slice(1))).toBeUndefined();
    expect(tallies.sum()).toEqual({ o1: 2, o2: 1 });
  });

  test('because others always come first is left to the next delivery', async () => {
    const { count } = setUp();
    const tallies = {
      // Each time somebody else has moved it, to a place below the change.
      add: async (_: string, folds: LaneFolds) => new Map([...folds.keys()].map((lane) => [lane, { state: 'counting' as const, stream: 1, sequence: '' }])),
      ofLane: async () => undefined,
    };
    const never = aggregate({ tallies, deadLetters: new FakeDeadLetters(), log: fakeLog(), clock: () => 0, tableName: 'Votes' });
    expect((await never(readLanes([insert(1, 0, 'o1')])))?.recordId).toBe('1');
    expect(await count()).toBeUndefined();
  });
});

test('several choices of one ballot count each, and the ballot once', async () => {
  const { tallies, count } = setUp();
  await count(insert(1, 0, 'o1,o2'), insert(2, 0, 'o2'), insert(3, 1, 'o1,o2,o3'));
  expect([tallies.sum(), tallies.ballots()]).toEqual([{ o1: 2, o2: 3, o3: 1 }, 3]);
  await count(modify(4, 0, 'o1,o2', 'o2,o3'), remove(5, 1, 'o1,o2,o3'), modify(6, 0, 'o2', 'o2'));
  expect([tallies.sum(), tallies.ballots()]).toEqual([{ o2: 2, o3: 1 }, 2]);
});

describe('a marker', () => {
  const marker = (recordId: number, lane: number, name: string) => streamRecord({ pollId: POLL, lane, recordId: `${recordId}`, marker: name });

  test('is no ballot: it moves the mark and is shown, and the version does not rise', async () => {
    const { tallies, count } = setUp();
    await count(insert(1, 0, 'o1'));
    expect(await count(marker(2, 0, 'm1'))).toBeUndefined();
    expect(await tallies.ofLane({ pollId: POLL, lane: 0 })).toMatchObject({ counts: { o1: 1 }, ballots: 1, version: 1, marker: 'm1', checkpoint: { state: 'counting', sequence: expect.stringMatching(/^0+2$/) } });
  });

  test('is shown by the same write that counts what came before it; the last of several stays', async () => {
    const { tallies, count } = setUp();
    await count(insert(1, 0, 'o1'), marker(2, 0, 'm1'), marker(3, 0, 'm2'), insert(4, 0, 'o2'));
    expect(tallies.writes).toBe(1);
    expect(await tallies.ofLane({ pollId: POLL, lane: 0 })).toMatchObject({ counts: { o1: 1, o2: 1 }, version: 2, marker: 'm2' });
    await count(insert(5, 0, 'o1'));
    expect(await tallies.ofLane({ pollId: POLL, lane: 0 })).toMatchObject({ marker: 'm2' });
  });

  test('that was taken away only moves the mark', async () => {
    const { tallies, count } = setUp();
    await count(marker(1, 0, 'm1'));
    expect(await count({ ...marker(2, 0, 'm1'), eventName: 'REMOVE', dynamodb: { ...marker(2, 0, 'm1').dynamodb, NewImage: undefined } })).toBeUndefined();
    expect(await tallies.ofLane({ pollId: POLL, lane: 0 })).toMatchObject({ version: 0, marker: 'm1', checkpoint: { state: 'counting', sequence: expect.stringMatching(/^0+2$/) } });
  });
});

describe('a record that cannot be read', () => {
  test('goes to the dead letters, and holds nobody up', async () => {
    const { tallies, deadLetters, log, count } = setUp();
    expect(await count(insert(1, 0, 'o1'), poison(2, 0), insert(3, 0, 'o2'), insert(4, 1, 'o3'))).toBeUndefined();
    expect(tallies.sum()).toEqual({ o1: 1, o2: 1, o3: 1 });
    expect(deadLetters.buried).toEqual([{
      v: 1,
      kind: 'ballot',
      lane: { pollId: POLL, lane: 0 },
      keys: { pk: { S: `ballot#${POLL}#0` }, sk: { S: 'user-2' } },
      sequence: '2',
      reason: 'The record does not say what was chosen',
      record: { eventName: 'INSERT', OldImage: undefined, NewImage: {} },
    }]);
    expect(log.lines).toContainEqual(expect.objectContaining({ level: 'error', extra: expect.objectContaining({ record: '2', lane: 0 }) }));
  });

  test('is a change of the lane, which a recount must see', async () => {
    const { tallies, count } = setUp();
    await count(insert(1, 0, 'o1'), poison(2, 0));
    expect(await tallies.ofLane({ pollId: POLL, lane: 0 })).toMatchObject({ version: 2, ballots: 1 });
  });

  test('is buried once, however often its batch comes', async () => {
    const { tallies, deadLetters, count } = setUp();
    const batch = [poison(1, 0), insert(2, 0, 'o1'), insert(3, 1, 'o1'), poison(2, 0), poison(4, 0)];
    tallies.failing.set(1, new Error('Type mismatch'));
    expect(await count(...batch)).toBe('3');
    expect(await count(...batch)).toBe('3');
    expect(deadLetters.buried.map(({ sequence }) => sequence)).toEqual(['1', '4']);
  });

  test('is not buried as long as the table cannot say whether it was', async () => {
    const { tallies, deadLetters, count } = setUp();
    tallies.ofLane = async () => { throw new DependencyUnavailable('The voting table'); };
    expect(await count(insert(1, 0, 'o1'), poison(2, 0))).toBe('1');
    expect(deadLetters.buried).toEqual([]);
  });

  test('that the dead letters do not take stops its lane: what came before it counts, what comes after must not pass it', async () => {
    const { tallies, deadLetters, count } = setUp();
    deadLetters.failure = new DependencyUnavailable('The dead-letter queue');
    expect(await count(insert(1, 0, 'o1'), poison(2, 0), insert(3, 0, 'o2'), insert(4, 1, 'o3'))).toBe('2');
    expect(tallies.sum()).toEqual({ o1: 1, o3: 1 });
    deadLetters.failure = undefined;
    expect(await count(poison(2, 0), insert(3, 0, 'o2'), insert(4, 1, 'o3'))).toBeUndefined();
    expect(tallies.sum()).toEqual({ o1: 1, o2: 1, o3: 1 });
    expect(deadLetters.buried).toHaveLength(1);
  });

  test('that is too large for a message goes without its images', async () => {
    const { deadLetters, count } = setUp();
    await count(streamRecord({ pollId: POLL, lane: 0, recordId: '1', after: 'o1' }, { NewImage: { choice: { S: '' }, noise: { S: 'x'.repeat(200_000) } } }));
    expect(deadLetters.buried).toMatchObject([{ keys: { sk: { S: 'user-1' } } }]);
    expect(deadLetters.buried[0]).not.toHaveProperty('record');
  });

  test.each<[string, DynamoDBRecord]>([
    ['a new ballot without its image', streamRecord({ pollId: POLL, lane: 0, recordId: '1', after: 'o1' }, { NewImage: undefined })],
    ['a change without its old image', { ...insert(1, 0, 'o1'), eventName: 'MODIFY' }],
    ['a removal without its old image', { ...insert(1, 0, 'o1'), eventName: 'REMOVE' }],
    ['a choice that is no text', streamRecord({ pollId: POLL, lane: 0, recordId: '1', after: 'o1' }, { NewImage: { choice: { N: '1' } } })],
    ['an empty choice', streamRecord({ pollId: POLL, lane: 0, recordId: '1', after: 'o1' }, { NewImage: { choice: { S: '' } } })],
    ['an unknown event', { ...insert(1, 0, 'o1'), eventName: undefined }],
    ['a lane that is no number', streamRecord({ pollId: POLL, lane: 0, recordId: '1', after: 'o1' }, { Keys: { pk: { S: `ballot#${POLL}#x` } } })],
    ['no lane', streamRecord({ pollId: POLL, lane: 0, recordId: '1', after: 'o1' }, { Keys: { pk: { S: `ballot#${POLL}` } } })],
    ...[undefined, '', 'x', '1'.repeat(41)].map((number): [string, DynamoDBRecord] => [
      `no place in the order: ${number}`, streamRecord({ pollId: POLL, lane: 0, recordId: '1', after: 'o1' }, { SequenceNumber: number }),
    ]),
  ])('%s', async (_, record) => {
    const { tallies, deadLetters, count } = setUp();
    expect(await count(record, insert(2, 0, 'o1'), insert(3, 1, 'o1'))).toBeUndefined();
    expect(tallies.sum()).toEqual({ o1: 2 });
    expect(deadLetters.buried).toHaveLength(1);
  });

  describe('and belongs to no lane', () => {
    const stray = (recordId: number) => streamRecord({ pollId: POLL, lane: 0, recordId: `${recordId}`, after: 'o1' }, { Keys: { pk: { S: 'ballot#' } } });

    test('is buried when it will not come again', async () => {
      const { tallies, deadLetters, count } = setUp();
      tallies.failing.set(1, new DependencyUnavailable('The voting table'));
      const batch = [stray(1), insert(2, 1, 'o1'), stray(3)];
      expect(await count(...batch)).toBe('2');
      expect(deadLetters.buried.map(({ sequence }) => sequence)).toEqual(['1']);
      tallies.failing.clear();
      expect(await count(...batch.slice(1))).toBeUndefined();
      expect(deadLetters.buried.map(({ sequence }) => sequence)).toEqual(['1', '3']);
    });

    test('comes again where the dead letters do not take it', async () => {
      const { tallies, deadLetters, count } = setUp();
      deadLetters.failure = new DependencyUnavailable('The dead-letter queue');
      expect(await count(insert(1, 1, 'o1'), stray(2), insert(3, 1, 'o1'))).toBe('2');
      expect(tallies.sum()).toEqual({ o1: 2 });
    });

    test('and has no place in the order, either: then all come again where the dead letters do not take it', async () => {
      const { deadLetters, count } = setUp();
      deadLetters.failure = new DependencyUnavailable('The dead-letter queue');
      const record = streamRecord({ pollId: POLL, lane: 0, recordId: '1', after: 'o1' }, { SequenceNumber: undefined });
      await expect(count(insert(1, 1, 'o1'), record)).rejects.toBe(deadLetters.failure);
    });
  });
});

test('no more tallies are written at once than a table takes from one function', async () => {
  let now = 0;
  let most = 0;
  const tallies = {
    add: async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => { setImmediate(resolve); });
      now -= 1;
      return undefined;
    },
    ofLane: async () => undefined,
  };
  const deadLetters = new FakeDeadLetters();
  await aggregate({ tallies, deadLetters, log: fakeLog(), clock: () => 0, tableName: 'Votes' })(readLanes(
    Array.from({ length: 100 }, (_, index) => streamRecord({ pollId: uuid(index + 1), lane: 0, recordId: `${index + 1}`, after: 'o1' })),
  ));
  expect(most).toBe(16);
});

test('what was counted is a metric, without what was counted before', async () => {
  const { log, count } = setUp();
  await count(insert(1, 0, 'o1'));
  await count(insert(1, 0, 'o1'), insert(2, 0, 'o1'), insert(3, 1, 'o1'));
  const [first, second] = log.lines.map(({ extra }) => extra);
  expect([first.BallotsCounted, second.BallotsCounted]).toEqual([1, 2]);
  expect(first).toEqual({
    lanes: 1,
    BallotsCounted: 1,
    Table: 'Votes',
    _aws: {
      Timestamp: 1234,
      CloudWatchMetrics: [{ Namespace: 'TrinityConstructs/Voting', Dimensions: [['Table']], Metrics: [{ Name: 'BallotsCounted', Unit: 'Count' }] }],
    },
  });
});
