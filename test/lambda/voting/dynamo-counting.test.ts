import { createHash } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DependencyUnavailable } from '../../../lambda/shared/problem';
import { dynamoBallotReader, dynamoBallots } from '../../../lambda/voting/adapters/ballots';
import { limitOf, startOf, toAttribute, toCheckpoint } from '../../../lambda/voting/adapters/checkpoints';
import { dynamoLaneLog } from '../../../lambda/voting/adapters/lane-log';
import { dynamoTallies } from '../../../lambda/voting/adapters/tallies';
import { addition } from '../../../lambda/voting/adapters/tally-updates';
import type { Checkpoint } from '../../../lambda/voting/checkpoint';
import type { Fold } from '../../../lambda/voting/fold';
import { DEFAULT_LANES, LANES_PER_TALLY, SEQUENCE_DIGITS } from '../../../src/voting/contract';
import { type Call, ServiceError, type StubService, stubService } from '../shared/stub-service';
import { aPoll, uuid } from './fakes';

const POLL = uuid(1);
const STORED = { choice: { S: 'o1' }, acceptedAt: { N: '1767225600123' } };
const STANDING = { choice: 'o1', acceptedAt: 1_767_225_600_123 };
const BALLOT = { pollId: POLL, lane: 12, voter: 'user-1', choice: 'o2', acceptedAt: 1_767_225_600_456, revote: false, requestId: 'request-1' };
/** The first bytes of the hash of `request-1`. */
const CAST_BY = { B: createHash('sha256').update('request-1').digest().subarray(0, 8).toString('base64') };
const BY_NOBODY = { B: 'AA==' };
const KEY = { pk: { S: `ballot#${POLL}#12` }, sk: { S: 'user-1' } };

let service: StubService;
let answer: (call: Call) => object;
let options: { client: DynamoDBClient; tableName: string };

beforeEach(async () => {
  answer = () => ({});
  service = await stubService((call) => answer(call));
  options = { client: new DynamoDBClient(service.client), tableName: 'votes' };
});
afterEach(() => service.close());

const input = () => service.calls[0].input;
const refusing = (item?: object) => () => { throw new ServiceError('ConditionalCheckFailedException', item === undefined ? {} : { Item: item }); };

describe('a ballot', () => {
  test('is one conditional write of one write unit', async () => {
    await expect(dynamoBallots(options).put(BALLOT)).resolves.toEqual({ written: true });
    expect(service.calls).toHaveLength(1);
    expect(service.calls[0].operation).toBe('UpdateItem');
    expect(input()).toEqual({
      TableName: 'votes',
      Key: KEY,
      UpdateExpression: 'SET choice = :choice, acceptedAt = :acceptedAt, castBy = if_not_exists(castBy, :castBy) REMOVE queued',
      ConditionExpression: 'attribute_not_exists(pk) OR (queued = :queued AND choice = :choice)',
      ExpressionAttributeValues: { ':queued': { BOOL: true }, ':choice': { S: 'o2' }, ':acceptedAt': { N: '1767225600456' }, ':castBy': CAST_BY },
      ReturnValues: 'ALL_OLD',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    expect(JSON.stringify(input()).length).toBeLessThan(1024);
  });

  test('that stands because the answer of its own write was lost is known as the first one', async () => {
    answer = refusing({ ...STORED, castBy: CAST_BY });
    await expect(dynamoBallots(options).put(BALLOT)).resolves.toEqual({ written: false, standing: STANDING, own: true });
    for (const other of [{ ...BALLOT, requestId: 'request-2' }, { ...BALLOT, requestId: undefined }]) {
      await expect(dynamoBallots(options).put(other)).resolves.toEqual({ written: false, standing: STANDING, own: false });
    }
  });

  test('that may be changed takes the place of one that was accepted earlier, by one write', async () => {
    answer = () => ({ Attributes: STORED });
    await expect(dynamoBallots(options).put({ ...BALLOT, revote: true })).resolves.toEqual({
      written: true, before: STANDING,
    });
    expect(input()).toMatchObject({
      ConditionExpression: 'attribute_not_exists(pk) OR (acceptedAt < :acceptedAt)',
      ExpressionAttributeValues: { ':acceptedAt': { N: '1767225600456' }, ':castBy': CAST_BY },
    });
  });

  test('that stands in the way is given back', async () => {
    answer = refusing(STORED);
    await expect(dynamoBallots(options).put(BALLOT)).resolves.toEqual({ written: false, standing: STANDING, own: false });
  });

  test.each(['ProvisionedThroughputExceededException', 'ThrottlingException', 'InternalServerError'])('is not taken while the table says %s', async (type) => {
    answer = () => { throw new ServiceError(type); };
    await expect(dynamoBallots(options).put(BALLOT)).rejects.toBeInstanceOf(DependencyUnavailable);
  });

  test('with every choice of a poll of twenty is still one write unit', async () => {
    await dynamoBallots(options).put({ ...BALLOT, choice: Array.from({ length: 20 }, (_, index) => `o${index + 1}`).join(',') });
    expect(JSON.stringify(input().ExpressionAttributeValues).length).toBeLessThan(512);
  });

  test('that came by the queue is marked so, and takes the place of one that did and was accepted later', async () => {
    await expect(dynamoBallots(options).putQueued(BALLOT)).resolves.toBe(true);
    expect(input()).toMatchObject({
      Item: { ...KEY, choice: { S: 'o2' }, acceptedAt: { N: '1767225600456' }, queued: { BOOL: true }, castBy: BY_NOBODY },
      ConditionExpression: 'attribute_not_exists(pk) OR (queued = :queued AND acceptedAt > :acceptedAt)',
      ExpressionAttributeValues: { ':queued': { BOOL: true }, ':acceptedAt': { N: '1767225600456' } },
    });
  });

  test('that came by the queue and may be changed takes the place of one that was accepted earlier', async () => {
    await dynamoBallots(options).putQueued({ ...BALLOT, revote: true });
    expect(input()).toMatchObject({ ConditionExpression: 'attribute_not_exists(pk) OR (acceptedAt < :acceptedAt)', Item: { queued: { BOOL: true } } });
  });

  test('that came by the queue too late for its place is done with', async () => {
    answer = refusing(STORED);
    await expect(dynamoBallots(options).putQueued(BALLOT)).resolves.toBe(false);
  });

  test('of a voter whose name begins like a marker is a ballot all the same, and of nobody else', async () => {
    const sorts: unknown[] = [];
    for (const voter of ['~recount', '=~recount', '=', 'user=~1']) {
      service.calls.length = 0;
      await dynamoBallots(options).put({ ...BALLOT, voter });
      sorts.push((input().Key as typeof KEY).sk.S);
    }
    expect(sorts).toEqual(['=~recount', '==~recount', '==', 'user=~1']);
  });

  test('that was refused without a reason is an error', async () => {
    answer = refusing();
    await expect(dynamoBallots(options).put(BALLOT)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  });
});

describe('reading ballots', () => {
  const LANE = { pollId: POLL, lane: 12 };

  test('finds the one of a voter, by one consistent read', async () => {
    answer = () => ({ Item: STORED });
    await expect(dynamoBallotReader(options).find(LANE, 'user-1')).resolves.toEqual(STANDING);
    expect(input()).toEqual({ TableName: 'votes', Key: KEY, ConsistentRead: true });
    answer = () => ({});
    await expect(dynamoBallotReader(options).find(LANE, 'user-2')).resolves.toBeUndefined();
  });

  test('lists a lane without its marker, by the names that voters have', async () => {
    answer = () => ({ Items: [{ ...STORED, sk: { S: '==x' } }, { ...STORED, sk: { S: 'user-1' } }, { sk: { S: '~recount' }, marker: { S: 'm' } }] });
    await expect(dynamoBallotReader(options).list(LANE, 2, '~a')).resolves.toEqual([{ ...STANDING, voter: '=x' }, { ...STANDING, voter: 'user-1' }]);
    expect(input()).toEqual({
      TableName: 'votes',
      KeyConditionExpression: '#pk = :pk AND #sk > :after',
      ExpressionAttributeNames: { '#pk': 'pk', '#sk': 'sk' },
      ExpressionAttributeValues: { ':pk': { S: `ballot#${POLL}#12` }, ':after': { S: '=~a' } },
      Limit: 3,
      ConsistentRead: true,
    });
  });

  test('lists what can be read, and goes on for what cannot', async () => {
    const named = (voter: string, more: object = {}) => ({ ...STORED, sk: { S: voter }, ...more });
    const pages = [
      { Items: [named('a', { choice: { N: '5' } }), named('b'), named('c', { acceptedAt: { S: 'now' } })], LastEvaluatedKey: { ...KEY, sk: { S: 'c' } } },
      { Items: [named('d'), named('e')] },
    ];
    answer = () => pages.shift()!;
    const found = await dynamoBallotReader(options).list(LANE, 2);
    expect(found.map(({ voter }) => voter)).toEqual(['b', 'd']);
    expect(service.calls[1].input).toMatchObject({ KeyConditionExpression: '#pk = :pk AND #sk > :after', ExpressionAttributeValues: { ':after': { S: 'c' } } });
  });

  test('lists a lane from its beginning', async () => {
    await expect(dynamoBallotReader(options).list(LANE, 5)).resolves.toEqual([]);
    expect(input()).toMatchObject({ KeyConditionExpression: '#pk = :pk', Limit: 6 });
  });
});

describe('the log of a lane', () => {
  const LANE = { pollId: POLL, lane: 12 };
  const log = () => dynamoLaneLog({ ...options, clock: () => 1_000 });

  test('takes a marker, which goes away by itself', async () => {
    await log().mark(LANE, 'marker-1');
    const item = { pk: { S: `ballot#${POLL}#12` }, sk: { S: '~recount' }, marker: { S: 'marker-1' }, expiresAt: { N: '86401' } };
    expect(service.calls).toEqual([{ operation: 'PutItem', input: { TableName: 'votes', Item: item } }]);
  });

  test('is counted page by page, without its marker and without what says no choice', async () => {
    const ballot = (choice: string) => ({ sk: { S: 'user' }, choice: { S: choice } });
    const pages = [
      { Items: [ballot('o1'), ballot('o1,o2'), { sk: { S: '~recount' }, choice: { S: 'o9' } }], LastEvaluatedKey: KEY },
      { Items: [ballot(''), { sk: { S: 'user' } }], LastEvaluatedKey: KEY },
      { Items: [ballot('o2')] },
    ];
    answer = () => pages.shift()!;
    await expect(log().count(LANE)).resolves.toEqual({ ballots: 3, counts: { o1: 2, o2: 2 }, unreadable: 2 });
    expect(service.calls).toHaveLength(3);
    expect(input()).toMatchObject({ ConsistentRead: true, ProjectionExpression: '#sk, choice', ExpressionAttributeValues: { ':pk': { S: `ballot#${POLL}#12` } } });
    expect(service.calls[1].input).toMatchObject({ ExclusiveStartKey: KEY });
  });

  test('that cannot be read says so', async () => {
    answer = () => { throw new ServiceError('ThrottlingException'); };
    await expect(log().count(LANE)).rejects.toBeInstanceOf(DependencyUnavailable);
  });
});

describe('a tally', () => {
  const LANE = { pollId: POLL, lane: 7 };
  const KEYS = { pk: { S: `tally#${POLL}` }, sk: { S: 'lanes#0' } };
  const sequence = (number: number) => `${number}`.padStart(SEQUENCE_DIGITS, '0');
  const STREAM = Date.parse('2024-01-01T00:00:00Z');
  const at = (number: number, more: Partial<Checkpoint> = {}): Checkpoint => ({ state: 'counting', stream: STREAM, sequence: sequence(number), newest: 1_735_689_600, ...more });
  const fold = (deltas: Array<[string, number]>, more: Partial<Fold> = {}): Fold => ({
    onto: { below: sequence(1), source: { stream: STREAM, complete: true } },
    checkpoint: at(50),
    deltas: new Map(deltas),
    ballots: 2,
    changes: 5,
    uncounted: [],
    waits: [],
    ...more,
  });
  /** As the stub of the service sees bytes. */
  const base64 = (attribute: { B?: Uint8Array }) => ({ B: Buffer.from(attribute.B!).toString('base64') });
  const ITEM = { ...KEYS, '7m': base64(toAttribute(at(1))), '7b': { N: '12' }, '7v': { N: '15' }, '7#o1': { N: '12' }, '11v': { N: '1' }, '11b': { N: '0' }, '11#o1': { N: '0' } };

  test('is added to by one conditional write that moves the mark', async () => {
    await expect(dynamoTallies(options).add(POLL, new Map([[7, fold([['o1', 3], ['o2', -1]])]]))).resolves.toBeUndefined();
    expect(service.calls).toMatchObject([{ operation: 'UpdateItem' }]);
    expect(input()).toEqual({
      TableName: 'votes',
      Key: KEYS,
      UpdateExpression: 'SET #m7 = :m7 ADD #v7 :v7, #b7 :b7, #n7_0 :n7_0, #n7_1 :n7_1',
      ConditionExpression: '(attribute_not_exists(#m7) OR (#m7 > :from AND #m7 < :f7))',
      ExpressionAttributeNames: { '#m7': '7m', '#v7': '7v', '#b7': '7b', '#n7_0': '7#o1', '#n7_1': '7#o2' },
      ExpressionAttributeValues: {
        ':from': base64(startOf(STREAM)), ':f7': base64(limitOf(STREAM, sequence(1))), ':m7': base64(toAttribute(at(50))), ':v7': { N: '5' }, ':b7': { N: '2' }, ':n7_0': { N: '3' }, ':n7_1': { N: '-1' },
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
  });

  test('is added to with other lanes of its item, each under its own condition', async () => {
    await dynamoTallies(options).add(POLL, new Map([[13, fold([['o1', 1]])], [20, fold([])]]));
    expect(input()).toMatchObject({
      Key: { sk: { S: 'lanes#1' } },
      UpdateExpression: 'SET #m13 = :m13, #m20 = :m20 ADD #v13 :v13, #b13 :b13, #n13_0 :n13_0, #v20 :v20, #b20 :b20',
      ConditionExpression: '(attribute_not_exists(#m13) OR (#m13 > :from AND #m13 < :f13)) AND (attribute_not_exists(#m20) OR (#m20 > :from AND #m20 < :f20))',
    });
  });

  test('that may have been counted from another stream is added to only where its checkpoint is of this one', async () => {
    await dynamoTallies(options).add(POLL, new Map([[7, fold([['o1', 1]], { onto: { below: sequence(1), source: { stream: STREAM, complete: false } } })]]));
    expect(input()).toMatchObject({ ConditionExpression: '(#m7 > :from AND #m7 < :f7)' });
  });

  test('whose checkpoint is known is added to only where it is still that one, byte by byte', async () => {
    const known = (exactly: Checkpoint | undefined) => dynamoTallies(options).add(POLL, new Map([[7, fold([['o1', 1]], { onto: { exactly } })]]));
    await known(at(9));
    expect(input()).toMatchObject({ ConditionExpression: '#m7 = :s7', ExpressionAttributeValues: { ':s7': base64(toAttribute(at(9))) } });
    service.calls.length = 0;
    await known({ state: 'counting', sequence: sequence(35) });
    expect(input()).toMatchObject({ ConditionExpression: '#m7 = :s7', ExpressionAttributeValues: { ':s7': { S: `${'0'.repeat(25)}z` } } });
    service.calls.length = 0;
    await known(undefined);
    expect(input()).toMatchObject({ ConditionExpression: 'attribute_not_exists(#m7)' });
  });

  test('of an item that is not there yet has no checkpoint', async () => {
    answer = refusing();
    await expect(dynamoTallies(options).add(POLL, new Map([[7, fold([])]]))).resolves.toEqual(new Map([[7, undefined]]));
  });

  test('shows a marker that came by, without a new version where nothing else did', async () => {
    await dynamoTallies(options).add(POLL, new Map([[7, fold([], { ballots: 0, changes: 0, marker: 'marker-1' })]]));
    expect(input()).toMatchObject({
      UpdateExpression: 'SET #m7 = :m7, #k7 = :k7 ADD #v7 :v7, #b7 :b7',
      ExpressionAttributeValues: { ':k7': { S: 'marker-1' }, ':v7': { N: '0' }, ':b7': { N: '0' } },
    });
  });

  test('is mended by one write that holds only if nothing was counted since', async () => {
    const seen = { counts: { o1: 12, o3: 1 }, ballots: 12, version: 15, checkpoint: at(5) };
    await expect(dynamoTallies(options).mend(LANE, seen, { ballots: 9, counts: { o1: 8, o2: 1 } })).resolves.toBe(true);
    expect(input()).toEqual({
      TableName: 'votes',
      Key: KEYS,
      UpdateExpression: 'SET #b = :b, #n0 = :n0, #n1 = :n1, #n2 = :n2 ADD #v :v',
      ConditionExpression: '#m = :m AND #v = :seen',
      ExpressionAttributeNames: { '#m': '7m', '#v': '7v', '#b': '7b', '#n0': '7#o1', '#n1': '7#o3', '#n2': '7#o2' },
      ExpressionAttributeValues: {
        ':m': base64(toAttribute(at(5))), ':seen': { N: '15' }, ':b': { N: '9' }, ':v': { N: '1' }, ':n0': { N: '8' }, ':n1': { N: '0' }, ':n2': { N: '1' },
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    answer = refusing(ITEM);
    await expect(dynamoTallies(options).mend(LANE, seen, { ballots: 9, counts: {} })).resolves.toBe(false);
  });

  test('that waits for a recount is counted on from the mend', async () => {
    const seen = { counts: {}, ballots: 0, version: 15, checkpoint: at(5, { state: 'reported' }) };
    await dynamoTallies(options).mend(LANE, seen, { ballots: 1, counts: { o1: 1 } });
    expect(input()).toMatchObject({
      UpdateExpression: 'SET #b = :b, #n0 = :n0, #c = :c ADD #v :v',
      ConditionExpression: '#m = :m AND #v = :seen',
      ExpressionAttributeNames: { '#m': '7m', '#c': '7m' },
      ExpressionAttributeValues: { ':m': base64(toAttribute(seen.checkpoint)), ':c': base64(toAttribute(at(5))) },
    });
  });

  test('loses a marker only where it is still the last one', async () => {
    await dynamoTallies(options).unmark(LANE, 'marker-1');
    expect(input()).toEqual({
      TableName: 'votes',
      Key: KEYS,
      UpdateExpression: 'REMOVE #k',
      ConditionExpression: '#k = :k',
      ExpressionAttributeNames: { '#k': '7k' },
      ExpressionAttributeValues: { ':k': { S: 'marker-1' } },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    answer = refusing(ITEM);
    await expect(dynamoTallies(options).unmark(LANE, 'marker-1')).resolves.toBeUndefined();
  });

  test('of one lane is read by one consistent read', async () => {
    answer = () => ({ Item: { ...ITEM, '7k': { S: 'm' } } });
    await expect(dynamoTallies(options).ofLane(LANE)).resolves.toEqual({ counts: { o1: 12 }, ballots: 12, version: 15, checkpoint: at(1), marker: 'm' });
    expect(input()).toEqual({ TableName: 'votes', Key: KEYS, ConsistentRead: true });
    await expect(dynamoTallies(options).ofLane({ ...LANE, lane: 8 })).resolves.toBeUndefined();
    answer = () => ({});
    await expect(dynamoTallies(options).ofLane(LANE)).resolves.toBeUndefined();
  });

  test('that was moved by others gives the checkpoints of all lanes that it was to change', async () => {
    answer = refusing({ ...ITEM, '7m': base64(toAttribute(at(35))) });
    const folds = new Map([[7, fold([['o1', 1]])], [8, fold([])]]);
    await expect(dynamoTallies(options).add(POLL, folds)).resolves.toEqual(new Map([[7, at(35)], [8, undefined]]));
  });

  test('keeps the order of sequence numbers in its checkpoints, apart from those of other streams and states', () => {
    const numbers = ['1', '35', '36', '123456789012345678901', '9'.repeat(SEQUENCE_DIGITS)].map((digits) => digits.padStart(SEQUENCE_DIGITS, '0'));
    const checkpoints = numbers.map((digits) => at(0, { sequence: digits }));
    const stored = checkpoints.map((checkpoint) => Buffer.from(toAttribute(checkpoint).B!));
    expect(new Set(stored.map(({ length }) => length))).toEqual(new Set([28]));
    expect(stored.map((bytes) => toCheckpoint({ B: bytes }))).toEqual(checkpoints);
    const attributes = [startOf(STREAM), ...numbers.flatMap((digits, index) => [limitOf(STREAM, digits), toAttribute(checkpoints[index])])];
    const inOrder = attributes.map(({ B: bytes }) => Buffer.from(bytes!));
    expect([...inOrder].sort(Buffer.compare)).toEqual(inOrder);
    const others = [at(36, { stream: STREAM - 1 }), at(36, { stream: STREAM + 1 }), at(36, { state: 'waiting' }), at(36, { state: 'reported' }), at(36, { since: 7 }), at(36, { state: 'reported', since: 7 })];
    for (const other of others) {
      const bytes = Buffer.from(toAttribute(other).B!);
      expect(Buffer.compare(bytes, inOrder[0]) > 0 && Buffer.compare(bytes, inOrder.at(-1)!) <= 0).toBe(false);
      expect(toCheckpoint({ B: bytes })).toEqual(other);
    }
  });

  test('of the version before has a checkpoint that names no stream', () => {
    expect(toCheckpoint({ S: `${'0'.repeat(24)}1e` })).toEqual({ state: 'counting', sequence: sequence(50) });
    for (const digits of ['1', '36', '9'.repeat(SEQUENCE_DIGITS)].map((text) => text.padStart(SEQUENCE_DIGITS, '0'))) {
      expect(toCheckpoint(toAttribute({ state: 'counting', sequence: digits }))).toEqual({ state: 'counting', sequence: digits });
    }
    expect([undefined, { N: '1' }, { B: Buffer.alloc(3) }].map((attribute) => toCheckpoint(attribute as never))).toEqual([undefined, undefined, undefined]);
  });

  test('that cannot be written says so', async () => {
    answer = () => { throw new ServiceError('ThrottlingException'); };
    await expect(dynamoTallies(options).add(POLL, new Map([[7, fold([])]]))).rejects.toBeInstanceOf(DependencyUnavailable);
  });

  test('is read with all lanes of the poll, by one consistent query', async () => {
    answer = () => ({ Items: [ITEM, { ...KEYS, 'sk': { S: 'lanes#1' }, '20b': { N: '1' }, '20v': { N: '1' }, '20#o2': { N: '1' } }] });
    await expect(dynamoTallies(options).ofPoll(aPoll().pollId)).resolves.toMatchObject([
      { counts: { o1: 12 }, ballots: 12, version: 15 }, { counts: { o1: 0 }, ballots: 0, version: 1 }, { counts: { o2: 1 }, ballots: 1, version: 1 },
    ]);
    expect(service.calls).toHaveLength(1);
    expect(input()).toMatchObject({ ExpressionAttributeValues: { ':pk': { S: `tally#${POLL}` } }, ConsistentRead: true });
  });

  test('that lacks what makes it one can be read, so that it can be mended', async () => {
    answer = () => ({ Item: { '7#o1': { N: '3' } } });
    await expect(dynamoTallies(options).ofLane(LANE)).resolves.toEqual({ counts: { o1: 3 }, ballots: 0, version: 0 });
  });

  test('before the first vote is no lane', async () => {
    await expect(dynamoTallies(options).ofPoll(POLL)).resolves.toEqual([]);
  });

  test('with the other lanes of its item and four options is billed as one kilobyte', () => {
    const four = Array.from({ length: 4 }, (_, option): [string, number] => [`o${option + 1}`, 1]);
    const last = Array.from({ length: LANES_PER_TALLY }, (_, lane) => DEFAULT_LANES - LANES_PER_TALLY + lane);
    const { ExpressionAttributeNames: names } = addition(new Map(last.map((lane) => [lane, fold(four)])));
    // As DynamoDB measures: names and texts by their characters, numbers of up to four digits by three bytes.
    const bytes = Object.values(names).reduce((sum, name) => sum + name.length + (name.endsWith('m') ? toAttribute(at(50)).B!.length : 3), 0) + `pktally#${POLL}sklanes#1`.length;
    expect(Object.values(names)).toHaveLength(LANES_PER_TALLY * 7);
    expect(bytes).toBeLessThanOrEqual(1024);
  });
});
