import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { VotingTable } from '../../../src/voting/contract';
import { transact } from '../../shared/adapters/transaction';
import { calling } from '../../shared/dependency';
import type { Creation, PollRecord, Repeatable } from '../ports';
import { expiresAt, idempotencyKey, number, pollItem, TABLE, toPollKey } from './items';
import { unlessRefused } from './refusal';

const ABSENT = `attribute_not_exists(${VotingTable.PARTITION_KEY})`;

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
  const refusals = await transact({ client, dependency: TABLE }, [{ Put: put }, { Put: memory(tableName, now, poll, repeatable) }]);
  const standing = refusals?.[1]?.standing;
  // Nobody else has the poll's id: if that alone is there, an earlier attempt was written and its answer lost.
  if (standing === undefined) return { outcome: 'created' };
  const remembered = toPollKey(standing);
  return remembered.pollId === poll.pollId ? { outcome: 'created' } : { outcome: 'remembered', poll: remembered };
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
