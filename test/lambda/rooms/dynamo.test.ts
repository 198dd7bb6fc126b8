import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoMemberships } from '../../../lambda/rooms/adapters/memberships';
import { dynamoRoomCreation, dynamoRooms } from '../../../lambda/rooms/adapters/rooms';
import { dynamoWrongCodes } from '../../../lambda/rooms/adapters/wrong-codes';
import { singleReads } from '../../../lambda/shared/adapters/reads';
import { DependencyUnavailable } from '../../../lambda/shared/problem';
import { MEMBERSHIP_CACHE_SECONDS } from '../../../src/rooms/contract';
import { type Call, ServiceError, type StubService, stubService } from '../shared/stub-service';
import { aRoom } from './fakes';

const ATTRIBUTES = {
  roomId: { S: aRoom().roomId }, name: { S: 'Room 1' }, inviteCode: { S: 'ABCDEFGH0001' }, ownerId: { S: 'owner-1' }, createdAt: { S: '2026-01-01T00:00:00.000Z' },
};
const NOW = Date.UTC(2026, 0, 1);

let service: StubService;
let answer: (call: Call) => object;
let now: number;
let options: { client: DynamoDBClient; tableName: string; clock: () => number };

beforeEach(async () => {
  now = NOW;
  answer = () => ({});
  service = await stubService((call) => answer(call));
  options = { client: new DynamoDBClient(service.client), tableName: 'rooms', clock: () => now };
});
afterEach(() => service.close());

describe('making a room', () => {
  const create = (repeatable?: { key: string; until: number }) => dynamoRoomCreation(options).create(aRoom(), repeatable);
  const cancelled = (...reasons: object[]) => () => { throw new ServiceError('TransactionCanceledException', { CancellationReasons: reasons }); };
  const NONE = { Code: 'None' };
  const FAILED = { Code: 'ConditionalCheckFailed', Item: ATTRIBUTES };

  test('writes the invite and the membership in one transaction', async () => {
    await expect(create()).resolves.toEqual({ outcome: 'created' });
    expect(service.calls).toHaveLength(1);
    expect(service.calls[0].operation).toBe('TransactWriteItems');
    const puts = (service.calls[0].input.TransactItems as Array<{ Put: { Item: object; ConditionExpression: string } }>).map(({ Put }) => Put);
    expect(puts.map(({ Item }) => Item)).toEqual([
      { pk: { S: 'invite#ABCDEFGH0001' }, sk: { S: 'invite' }, ...ATTRIBUTES },
      { pk: { S: 'user#owner-1' }, sk: { S: `room#${aRoom().roomId}` }, ...ATTRIBUTES, joinedAt: ATTRIBUTES.createdAt },
    ]);
    expect(puts.every(({ ConditionExpression }) => ConditionExpression === 'attribute_not_exists(pk)')).toBe(true);
  });

  test('remembers a key with its end, and takes an expired one for absent', async () => {
    await create({ key: 'key-1', until: NOW + 1500 });
    const [, , { Put }] = service.calls[0].input.TransactItems as Array<{ Put: object }>;
    expect(Put).toMatchObject({
      Item: { pk: { S: 'user#owner-1' }, sk: { S: 'idempotency#key-1' }, expiresAt: { N: String(NOW / 1000 + 2) } },
      ConditionExpression: 'attribute_not_exists(pk) OR expiresAt <= :now',
      ExpressionAttributeValues: { ':now': { N: String(NOW / 1000) } },
    });
  });

  test('finds the room of a remembered key', async () => {
    answer = cancelled(NONE, NONE, FAILED);
    await expect(create({ key: 'k', until: NOW })).resolves.toEqual({ outcome: 'remembered', room: aRoom() });
  });

  test('finds a code taken', async () => {
    answer = cancelled(FAILED, NONE);
    await expect(create()).resolves.toEqual({ outcome: 'code-taken' });
  });

  test('finds itself done where the answer to an earlier attempt was lost', async () => {
    answer = cancelled(FAILED, FAILED);
    await expect(create()).resolves.toEqual({ outcome: 'created' });
  });

  test('tries again where the same key is written at this moment, and finds it then', async () => {
    answer = () => service.calls.length < 3 ? cancelled(NONE, NONE, { Code: 'TransactionConflict' })() : cancelled(NONE, NONE, FAILED)();
    await expect(create({ key: 'k', until: NOW })).resolves.toMatchObject({ outcome: 'remembered' });
    expect(service.calls).toHaveLength(3);
  });

  test('gives up where another transaction stays in the way', async () => {
    answer = cancelled({ Code: 'TransactionConflict' }, NONE);
    await expect(create()).rejects.toThrow(DependencyUnavailable);
  });

  test.each(['ThrottlingError', 'ProvisionedThroughputExceeded'])('does not try again at once where the table throttles: %s', async (Code) => {
    answer = cancelled({ Code }, NONE);
    await expect(create()).rejects.toThrow(DependencyUnavailable);
    expect(service.calls).toHaveLength(1);
  });
});

describe('reading rooms', () => {
  test('asks for one item, consistently', async () => {
    answer = () => ({ Item: ATTRIBUTES });
    await expect(dynamoRooms(options).ofUser('user-1', aRoom().roomId)).resolves.toEqual(aRoom());
    await expect(dynamoRooms(options).byInviteCode('ABCDEFGH0001')).resolves.toEqual(aRoom());
    expect(service.calls.map(({ input }) => [input.Key, input.ConsistentRead])).toEqual([
      [{ pk: { S: 'user#user-1' }, sk: { S: `room#${aRoom().roomId}` } }, true],
      [{ pk: { S: 'invite#ABCDEFGH0001' }, sk: { S: 'invite' } }, true],
    ]);
  });

  test('finds nothing where there is nothing', async () => {
    await expect(dynamoRooms(options).ofUser('user-1', aRoom().roomId)).resolves.toBeUndefined();
  });

  test('asks for one room more than the page holds', async () => {
    answer = () => ({ Items: [ATTRIBUTES, ATTRIBUTES, ATTRIBUTES] });
    await expect(dynamoRooms(options).list('user-1', { limit: 2, after: aRoom(9).roomId })).resolves.toEqual({ rooms: [aRoom(), aRoom()], more: true });
    expect(service.calls[0].input).toMatchObject({
      Limit: 3, ScanIndexForward: false, ExclusiveStartKey: { pk: { S: 'user#user-1' }, sk: { S: `room#${aRoom(9).roomId}` } },
    });
    await expect(dynamoRooms(options).list('user-1', { limit: 3 })).resolves.toMatchObject({ more: false });
    expect(service.calls[1].input).not.toHaveProperty('ExclusiveStartKey');
  });

  test('says so where the table throttles', async () => {
    answer = () => { throw new ServiceError('ProvisionedThroughputExceededException'); };
    await expect(dynamoRooms(options).ofUser('user-1', aRoom().roomId)).rejects.toThrow(DependencyUnavailable);
  });
});

describe('joining', () => {
  test('writes only where there is no membership', async () => {
    await dynamoRooms(options).join(aRoom(), 'user-1', 'today');
    expect(service.calls[0].input).toMatchObject({
      Item: { pk: { S: 'user#user-1' }, sk: { S: `room#${aRoom().roomId}` }, ...ATTRIBUTES, joinedAt: { S: 'today' } },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
  });

  test('is done where there is one', async () => {
    answer = () => { throw new ServiceError('ConditionalCheckFailedException'); };
    await expect(dynamoRooms(options).join(aRoom(), 'user-1', 'today')).resolves.toBeUndefined();
  });

  test('is not done where the write failed', async () => {
    answer = () => { throw new ServiceError('ValidationException'); };
    await expect(dynamoRooms(options).join(aRoom(), 'user-1', 'today')).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('wrong codes', () => {
  test('are counted by user and window', async () => {
    answer = ({ operation }) => (operation === 'GetItem' ? { Item: { wrong: { N: '7' } } } : {});
    const wrongCodes = dynamoWrongCodes(options);
    await expect(wrongCodes.count('user-1', 5)).resolves.toBe(7);
    await wrongCodes.add('user-1', 5, NOW);
    const Key = { pk: { S: 'user#user-1' }, sk: { S: 'attempts#5' } };
    expect(service.calls.map(({ input }) => input.Key)).toEqual([Key, Key]);
    expect(service.calls[1].input).toMatchObject({ ExpressionAttributeValues: { ':expiresAt': { N: String(NOW / 1000) }, ':one': { N: '1' } } });
  });

  test('are none at first', async () => {
    await expect(dynamoWrongCodes(options).count('user-1', 5)).resolves.toBe(0);
  });
});

describe('a membership check', () => {
  const ROOM = aRoom().roomId;
  const memberOf = () => ({ Item: { ownerId: { S: 'owner-1' } } });

  test.each([['owner-1', 'owner'], ['user-1', 'member']])('%s is the %s', async (userId, role) => {
    answer = memberOf;
    await expect(dynamoMemberships({ ...options, reads: singleReads(options.client) }).roleOf(ROOM, userId)).resolves.toBe(role);
    expect(service.calls).toEqual([{
      operation: 'GetItem',
      input: { TableName: 'rooms', Key: { pk: { S: `user#${userId}` }, sk: { S: `room#${ROOM}` } }, ProjectionExpression: 'ownerId', ConsistentRead: true },
    }]);
  });

  test('is remembered for some seconds, by room and user', async () => {
    answer = memberOf;
    const memberships = dynamoMemberships({ ...options, reads: singleReads(options.client) });
    await memberships.roleOf(ROOM, 'user-1');
    now += MEMBERSHIP_CACHE_SECONDS * 1000 - 1;
    await memberships.roleOf(ROOM, 'user-1');
    expect(service.calls).toHaveLength(1);
    await memberships.roleOf(ROOM, 'user-2');
    await memberships.roleOf(aRoom(2).roomId, 'user-1');
    expect(service.calls).toHaveLength(3);
    now += 1;
    await memberships.roleOf(ROOM, 'user-1');
    expect(service.calls).toHaveLength(4);
  });

  test('never remembers that somebody is no member', async () => {
    const memberships = dynamoMemberships({ ...options, reads: singleReads(options.client) });
    await expect(memberships.roleOf(ROOM, 'user-1')).resolves.toBeUndefined();
    answer = memberOf;
    await expect(memberships.roleOf(ROOM, 'user-1')).resolves.toBe('member');
  });

  test('does not ask for what cannot be a room', async () => {
    await expect(dynamoMemberships({ ...options, reads: singleReads(options.client) }).roleOf('x'.repeat(3000), 'user-1')).resolves.toBeUndefined();
    expect(service.calls).toEqual([]);
  });

  test('remembers a bounded number, and forgets the oldest first', async () => {
    let asked = 0;
    const reads = async () => {
      asked += 1;
      return memberOf().Item;
    };
    const memberships = dynamoMemberships({ ...options, reads });
    for (let user = 0; user <= 10_000; user += 1) await memberships.roleOf(ROOM, `user-${user}`);
    asked = 0;
    await memberships.roleOf(ROOM, 'user-10000');
    await memberships.roleOf(ROOM, 'user-1');
    expect(asked).toBe(0);
    await memberships.roleOf(ROOM, 'user-0');
    expect(asked).toBe(1);
  });
});
