import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DependencyUnavailable } from '../../../lambda/shared/problem';
import { pollItem } from '../../../lambda/voting/adapters/items';
import { dynamoPolls } from '../../../lambda/voting/adapters/polls';
import type { Polls } from '../../../lambda/voting/ports';
import { type Call, ServiceError, type StubService, stubService } from '../shared/stub-service';
import { aPoll, ROOM, uuid } from './fakes';

const NOW = Date.UTC(2026, 0, 1);
const KEY = { pk: { S: `room#${ROOM}` }, sk: { S: `poll#${uuid(1)}` } };
const REPEATABLE = { userId: 'user-1', key: 'key-1', until: NOW + 1500 };

let service: StubService;
let answer: (call: Call) => object;
let polls: Polls;

beforeEach(async () => {
  answer = () => ({});
  service = await stubService((call) => answer(call));
  polls = dynamoPolls({ client: new DynamoDBClient(service.client), tableName: 'votes', clock: () => NOW });
});
afterEach(() => service.close());

const input = (call = 0) => service.calls[call].input;

describe('making a poll', () => {
  const cancelled = (...reasons: object[]) => () => { throw new ServiceError('TransactionCanceledException', { CancellationReasons: reasons }); };
  const remembered = (poll: string) => ({ Code: 'ConditionalCheckFailed', Item: { roomId: { S: ROOM }, pollId: { S: poll } } });
  const NONE = { Code: 'None' };

  test('is one write', async () => {
    await expect(polls.create(aPoll())).resolves.toEqual({ outcome: 'created' });
    expect(service.calls).toMatchObject([{ operation: 'PutItem', input: { Item: KEY, ConditionExpression: 'attribute_not_exists(pk)' } }]);
  });

  test('that the SDK wrote twice, because the first answer was lost, is made', async () => {
    answer = () => { throw new ServiceError('ConditionalCheckFailedException', { Item: pollItem(aPoll()) }); };
    await expect(polls.create(aPoll())).resolves.toEqual({ outcome: 'created' });
  });

  test('that can be repeated is one transaction with its key, which expires', async () => {
    await polls.create(aPoll(), REPEATABLE);
    const puts = (input().TransactItems as Array<{ Put: object }>).map(({ Put: put }) => put);
    expect(puts).toMatchObject([
      { Item: KEY, ConditionExpression: 'attribute_not_exists(pk)' },
      {
        Item: { pk: { S: 'user#user-1' }, sk: { S: 'idempotency#key-1' }, pollId: { S: uuid(1) }, expiresAt: { N: String(NOW / 1000 + 2) } },
        ConditionExpression: 'attribute_not_exists(pk) OR expiresAt <= :now',
        ExpressionAttributeValues: { ':now': { N: String(NOW / 1000) } },
      },
    ]);
  });

  test('finds what an earlier request of the key made', async () => {
    answer = cancelled(NONE, remembered(uuid(7)));
    await expect(polls.create(aPoll(), REPEATABLE)).resolves.toEqual({ outcome: 'remembered', poll: { roomId: ROOM, pollId: uuid(7) } });
  });

  test('finds itself done where the answer to an earlier attempt was lost', async () => {
    answer = cancelled({ Code: 'ConditionalCheckFailed', Item: pollItem(aPoll()) }, remembered(uuid(1)));
    await expect(polls.create(aPoll(), REPEATABLE)).resolves.toEqual({ outcome: 'created' });
  });

  test('is tried again where the same key is written at the same time', async () => {
    const reasons = [[NONE, { Code: 'TransactionConflict' }], [NONE, remembered(uuid(7))]];
    answer = () => cancelled(...reasons.shift()!)();
    await expect(polls.create(aPoll(), REPEATABLE)).resolves.toMatchObject({ outcome: 'remembered' });
  });

  test.each(['TransactionConflict', 'ThrottlingError'])('is given up on where the table says %s for long', async (Code) => {
    answer = cancelled(NONE, { Code });
    await expect(polls.create(aPoll(), REPEATABLE)).rejects.toBeInstanceOf(DependencyUnavailable);
  });
});

describe('finding a poll', () => {
  test.each([{}, { closingAt: 5 }, { closingAt: 5, closedAt: 5 }, { revote: true }, { opensAt: 1, closesAt: 9 }, { maxChoices: 3, secret: false, visibility: 'after-vote' as const }])('gives back what was kept: %j', async (more) => {
    answer = () => ({ Item: pollItem(aPoll(more)) });
    await expect(polls.find(aPoll())).resolves.toEqual(aPoll(more));
    expect(input()).toEqual({ TableName: 'votes', Key: KEY, ConsistentRead: true });
  });

  test('that is not there', async () => {
    await expect(polls.find(aPoll())).resolves.toBeUndefined();
  });

  test('while the table throttles', async () => {
    answer = () => { throw new ServiceError('ProvisionedThroughputExceededException'); };
    await expect(polls.find(aPoll())).rejects.toBeInstanceOf(DependencyUnavailable);
  });

  test('that does not say who may see what shows as little as there is', async () => {
    const { secret: _, visibility: __, ...item } = pollItem(aPoll());
    answer = () => ({ Item: item });
    await expect(polls.find(aPoll())).resolves.toMatchObject({ secret: true, visibility: 'after-close' });
  });

  test('by the key of its creation, as long as that is remembered', async () => {
    const memory = (expiresAt: number) => ({ Item: { roomId: { S: ROOM }, pollId: { S: uuid(1) }, expiresAt: { N: String(expiresAt) } } });
    answer = () => memory(NOW / 1000 + 1);
    await expect(polls.remembered('user-1', 'key-1')).resolves.toEqual({ roomId: ROOM, pollId: uuid(1) });
    expect(input()).toEqual({ TableName: 'votes', Key: { pk: { S: 'user#user-1' }, sk: { S: 'idempotency#key-1' } }, ConsistentRead: true });
    for (const nothing of [{}, memory(NOW / 1000)]) {
      answer = () => nothing;
      await expect(polls.remembered('user-1', 'key-1')).resolves.toBeUndefined();
    }
  });

  test('that lacks something is an error, not half a poll', async () => {
    answer = () => ({ Item: { ...pollItem(aPoll()), lanes: { S: '4' } } });
    await expect(polls.find(aPoll())).rejects.toThrow('has no lanes');
  });
});

describe('listing polls', () => {
  const page = (...ids: number[]) => ({ Items: ids.map((id) => pollItem(aPoll({ pollId: uuid(id) }))) });

  test('asks for the newest first, and one more than it gives', async () => {
    answer = () => page(5, 4, 3);
    const found = await polls.list(ROOM, { limit: 2, after: uuid(6) });
    expect(found.polls.map(({ pollId }) => pollId)).toEqual([uuid(5), uuid(4)]);
    expect(found.more).toBe(true);
    expect(input()).toMatchObject({
      ScanIndexForward: false,
      Limit: 3,
      ConsistentRead: true,
      ExclusiveStartKey: { pk: { S: `room#${ROOM}` }, sk: { S: `poll#${uuid(6)}` } },
      ExpressionAttributeValues: { ':pk': { S: `room#${ROOM}` }, ':prefix': { S: 'poll#' } },
    });
  });

  test('ends where there is no more', async () => {
    answer = () => page(2, 1);
    await expect(polls.list(ROOM, { limit: 2 })).resolves.toMatchObject({ more: false });
  });

  test('goes on where one answer could not hold the page', async () => {
    answer = () => ({ ...page(2), LastEvaluatedKey: KEY });
    await expect(polls.list(ROOM, { limit: 2 })).resolves.toMatchObject({ more: true });
  });
});

describe('closing a poll', () => {
  const OPEN = 'attribute_exists(pk) AND attribute_not_exists(closedAt)';

  test('announces the first end where none is announced', async () => {
    answer = () => ({ Attributes: pollItem(aPoll({ closingAt: 9 })) });
    await expect(polls.announceClose(aPoll(), 9, undefined)).resolves.toEqual(aPoll({ closingAt: 9 }));
    expect(input()).toMatchObject({
      Key: KEY,
      UpdateExpression: 'SET closingAt = :moment',
      ConditionExpression: `${OPEN} AND attribute_not_exists(closingAt)`,
      ExpressionAttributeValues: { ':moment': { N: '9' } },
    });
  });

  test('announces another end only instead of the known one', async () => {
    answer = () => ({ Attributes: pollItem(aPoll({ closingAt: 9 })) });
    await polls.announceClose(aPoll(), 9, 5);
    expect(input()).toMatchObject({
      ConditionExpression: `${OPEN} AND closingAt = :instead`,
      ExpressionAttributeValues: { ':moment': { N: '9' }, ':instead': { N: '5' } },
    });
  });

  test('settles the announced end', async () => {
    answer = () => ({ Attributes: pollItem(aPoll({ closingAt: 9, closedAt: 9 })) });
    await expect(polls.settleClose(aPoll(), 9)).resolves.toEqual(aPoll({ closingAt: 9, closedAt: 9 }));
    expect(input()).toMatchObject({ UpdateExpression: 'SET closedAt = :moment', ConditionExpression: `${OPEN} AND closingAt = :moment` });
  });

  test('finds what others have written', async () => {
    answer = () => { throw new ServiceError('ConditionalCheckFailedException', { Item: pollItem(aPoll({ closingAt: 3, closedAt: 3 })) }); };
    await expect(polls.announceClose(aPoll(), 9, undefined)).resolves.toEqual(aPoll({ closingAt: 3, closedAt: 3 }));
    await expect(polls.settleClose(aPoll(), 9)).resolves.toEqual(aPoll({ closingAt: 3, closedAt: 3 }));
  });

  test('a poll that is not there is an error', async () => {
    answer = () => { throw new ServiceError('ConditionalCheckFailedException'); };
    await expect(polls.settleClose(aPoll(), 9)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  });
});
