import { type DynamoDBClient, type TransactWriteItem, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { type Room, RoomsTable } from '../../../src/rooms/contract';
import { calling } from '../../shared/dependency';
import { DependencyUnavailable } from '../../shared/problem';
import type { Creation, Repeatable } from '../ports';
import { expiresAt, idempotencyKey, inviteKey, type Item, membershipKey, roomAttributes, toRoom } from './items';

/** How often a transaction is tried that met another one on the same items: twice the same key at once, that is. */
const CONFLICT_ATTEMPTS = 4;

interface Reason {
  readonly Code?: string;
  readonly Item?: Item;
}

export interface CreationOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The invite, the owner's membership and, where the request can be repeated, what it made: in one transaction. */
export async function createRoom(options: CreationOptions, room: Room, repeatable?: Repeatable): Promise<Creation> {
  const writes = transaction(options, room, repeatable);
  for (let attempt = 0; attempt < CONFLICT_ATTEMPTS; attempt += 1) {
    const reasons = await attemptToWrite(options.client, writes);
    if (reasons === undefined) return { outcome: 'created' };
    const creation = creationFrom(reasons);
    if (creation !== undefined) return creation;
  }
  throw new DependencyUnavailable('The rooms table');
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

/** Undefined where it was written, otherwise why not, in the order of the writes. */
async function attemptToWrite(client: DynamoDBClient, writes: TransactWriteItem[]): Promise<Reason[] | undefined> {
  return calling('The rooms table', async () => {
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems: writes }));
      return undefined;
    } catch (error) {
      const { name, CancellationReasons: reasons } = error as Error & { CancellationReasons?: Reason[] };
      if (name !== 'TransactionCanceledException' || reasons === undefined) throw error;
      return reasons;
    }
  });
}

/** Undefined where another transaction was in the way and this one should be tried again. */
function creationFrom([invite, membership, remembered]: Reason[]): Creation | undefined {
  const failed = (reason: Reason | undefined) => reason?.Code === 'ConditionalCheckFailed';
  const reasons = [invite, membership, remembered];
  if (failed(remembered) && remembered.Item !== undefined) return { outcome: 'remembered', room: toRoom(remembered.Item) };
  // Nobody else has the room's id: an earlier attempt was written and its answer lost.
  if (failed(membership)) return { outcome: 'created' };
  if (failed(invite)) return { outcome: 'code-taken' };
  if (reasons.some((reason) => reason?.Code === 'TransactionConflict')) return undefined;
  throw new DependencyUnavailable('The rooms table', { cause: new Error(reasons.map((reason) => reason?.Code ?? 'None').join(', ')) });
}
