import { type DynamoDBClient, PutItemCommand, type TransactWriteItem, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { VotingTable } from '../../../src/voting/contract';
import { calling } from '../../shared/dependency';
import { DependencyUnavailable } from '../../shared/problem';
import type { Creation, PollRecord, Repeatable } from '../ports';
import { expiresAt, idempotencyKey, type Item, number, pollItem, TABLE, toPollKey } from './items';
import { unlessRefused } from './refusal';

/** How often a transaction is tried that met another one on the same items: twice the same key at once, that is. */
const CONFLICT_ATTEMPTS = 4;
const ABSENT = `attribute_not_exists(${VotingTable.PARTITION_KEY})`;

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

/** The poll and, where the request can be repeated, the memory of it: both or none. */
export async function createPoll({ client, tableName, now }: CreationOptions, poll: PollRecord, repeatable?: Repeatable): Promise<Creation> {
  const put = { TableName: tableName, Item: pollItem(poll), ConditionExpression: ABSENT, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const };
  if (repeatable === undefined) {
    // Nobody else has the poll's id: if it is there, the SDK has repeated a write whose answer was lost.
    await calling(TABLE, () => unlessRefused(() => client.send(new PutItemCommand(put))));
    return { outcome: 'created' };
  }
  const writes = [{ Put: put }, { Put: memory(tableName, now, poll, repeatable) }];
  for (let attempt = 0; attempt < CONFLICT_ATTEMPTS; attempt += 1) {
    const reasons = await attemptToWrite(client, writes);
    if (reasons === undefined) return { outcome: 'created' };
    const creation = creationFrom(reasons, poll);
    if (creation !== undefined) return creation;
  }
  throw new DependencyUnavailable(TABLE);
}

function memory(tableName: string, now: number, { roomId, pollId }: PollRecord, { userId, key, until }: Repeatable) {
  return {
    TableName: tableName,
    Item: { ...idempotencyKey(userId, key), roomId: { S: roomId }, pollId: { S: pollId }, ...expiresAt(until) },
    // DynamoDB may delete an expired item days later: until then it must count as deleted.
    ConditionExpression: `${ABSENT} OR ${VotingTable.TIME_TO_LIVE} <= :now`,
    ExpressionAttributeValues: { ':now': number(Math.floor(now / 1000)) },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
}

/** Undefined where it was written, otherwise why not, in the order of the writes. */
async function attemptToWrite(client: DynamoDBClient, writes: TransactWriteItem[]): Promise<Reason[] | undefined> {
  return calling(TABLE, async () => {
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
function creationFrom(reasons: Reason[], { pollId }: PollRecord): Creation | undefined {
  const [, remembered] = reasons;
  if (remembered?.Code === 'ConditionalCheckFailed' && remembered.Item !== undefined) {
    const poll = toPollKey(remembered.Item);
    // An earlier attempt of this very request was written and its answer lost.
    return poll.pollId === pollId ? { outcome: 'created' } : { outcome: 'remembered', poll };
  }
  if (reasons.some(({ Code }) => Code === 'TransactionConflict')) return undefined;
  throw new DependencyUnavailable(TABLE, { cause: new Error(reasons.map(({ Code }) => Code ?? 'None').join(', ')) });
}
