import type { DynamoDBClient, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { type Room, RoomsTable } from '../../../src/rooms/contract';
import { transact } from '../../shared/adapters/transaction';
import { DependencyUnavailable } from '../../shared/problem';
import type { Creation, Repeatable } from '../ports';
import { expiresAt, idempotencyKey, inviteKey, type Item, membershipKey, roomAttributes, TABLE, toRoom } from './items';

export interface CreationOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The invite, the owner's membership and, where the request can be repeated, what it made: in one transaction. */
export async function createRoom(options: CreationOptions, room: Room, repeatable?: Repeatable): Promise<Creation> {
  const refusals = await transact({ client: options.client, dependency: TABLE }, transaction(options, room, repeatable));
  if (refusals === undefined) return { outcome: 'created' };
  const [invite, membership, remembered] = refusals;
  if (remembered?.standing !== undefined) return { outcome: 'remembered', room: toRoom(remembered.standing) };
  // Nobody else has the room's id: an earlier attempt was written and its answer lost.
  if (membership !== undefined) return { outcome: 'created' };
  if (invite !== undefined) return { outcome: 'code-taken' };
  throw new DependencyUnavailable(TABLE);
}

function transaction({ tableName, now }: CreationOptions, room: Room, repeatable?: Repeatable): TransactWriteItem[] {
  const put = (item: Item, condition: string, values?: Item): TransactWriteItem => ({
    Put: {
      TableName: tableName,
      Item: item,
      ConditionExpression: condition,
      ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  });
  const absent = `attribute_not_exists(${RoomsTable.PARTITION_KEY})`;
  const attributes = roomAttributes(room);
  const writes = [
    put({ ...inviteKey(room.inviteCode), ...attributes }, absent),
    put({ ...membershipKey(room.ownerId, room.roomId), ...attributes, joinedAt: { S: room.createdAt } }, absent),
  ];
  if (repeatable === undefined) return writes;
  // DynamoDB may delete an expired item days later: until then it must count as deleted.
  return [...writes, put(
    { ...idempotencyKey(room.ownerId, repeatable.key), ...attributes, ...expiresAt(repeatable.until) },
    `${absent} OR ${RoomsTable.TIME_TO_LIVE} <= :now`,
    { ':now': { N: String(Math.floor(now / 1000)) } },
  )];
}
