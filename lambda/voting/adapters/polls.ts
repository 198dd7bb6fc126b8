import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { VotingTable } from '../../../src/voting/contract';
import { newestFirst } from '../../shared/adapters/newest-first';
import { type Reads, singleReads } from '../../shared/adapters/reads';
import type { Clock } from '../../shared/api';
import { calling } from '../../shared/dependency';
import type { PollKey, PollRecord, Polls } from '../ports';
import { createPoll } from './creation';
import { idempotencyKey, type Item, number, pollKey, roomPartition, TABLE, toPoll, toPollKey } from './items';
import { unlessRefused } from './refusal';

export interface PollsOptions {
  readonly client: DynamoDBClient;
  /** How a poll is read. */
  readonly reads?: Reads;
  readonly tableName: string;
  readonly clock: Clock;
}

/** Reads are consistent: who has just made or closed a poll must find it so, and the closing leans on it. */
export function dynamoPolls({ client, reads = singleReads(client), tableName, clock }: PollsOptions): Polls {
  /** Sets one attribute, and gives the poll as it stands afterwards, whether it was set or the condition did not hold. */
  async function set(key: PollKey, name: 'closingAt' | 'closedAt', moment: number, condition: string, values: Item = {}): Promise<PollRecord> {
    const update = await calling(TABLE, () => unlessRefused(() => client.send(new UpdateItemCommand({
      TableName: tableName,
      Key: pollKey(key),
      UpdateExpression: `SET ${name} = :moment`,
      ConditionExpression: `attribute_exists(${VotingTable.PARTITION_KEY}) AND attribute_not_exists(closedAt) AND ${condition}`,
      ExpressionAttributeValues: { ':moment': number(moment), ...values },
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }))));
    return toPoll('standing' in update ? update.standing : update.done.Attributes ?? {});
  }

  return {
    create: (poll, repeatable) => createPoll({ client, tableName, now: clock() }, poll, repeatable),

    async remembered(userId, key) {
      const { Item: item } = await calling(TABLE, () => client.send(new GetItemCommand({
        TableName: tableName,
        Key: idempotencyKey(userId, key),
        ConsistentRead: true,
      })));
      // DynamoDB may delete an expired item days later: until then it must count as deleted.
      return item === undefined || Number(item[VotingTable.TIME_TO_LIVE]?.N) * 1000 <= clock() ? undefined : toPollKey(item);
    },

    async find(key) {
      const item = await calling(TABLE, () => reads({ TableName: tableName, Key: pollKey(key), ConsistentRead: true }));
      return item === undefined ? undefined : toPoll(item);
    },

    async list(roomId, { limit, after }) {
      const { items, more } = await newestFirst({ client, tableName, dependency: TABLE, keys: VotingTable }, {
        partition: roomPartition(roomId),
        prefix: VotingTable.POLL_PREFIX,
        limit,
        after: after === undefined ? undefined : pollKey({ roomId, pollId: after }),
      });
      return { polls: items.map(toPoll), more };
    },

    announceClose: (key, closingAt, instead) => instead === undefined
      ? set(key, 'closingAt', closingAt, 'attribute_not_exists(closingAt)')
      : set(key, 'closingAt', closingAt, 'closingAt = :instead', { ':instead': number(instead) }),

    settleClose: (key, closingAt) => set(key, 'closedAt', closingAt, 'closingAt = :moment'),
  };
}
