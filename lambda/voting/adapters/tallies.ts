import { type DynamoDBClient, GetItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { VotingTable } from '../../../src/voting/contract';
import { calling } from '../../shared/dependency';
import type { Tallies } from '../ports';
import { TABLE, tallyKey, tallyPartition, text, toTally } from './items';
import { unlessRefused } from './refusal';
import { addition, replacement } from './tally-updates';

export interface TalliesOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

export function dynamoTallies({ client, tableName }: TalliesOptions): Tallies {
  return {
    async add(lane, fold) {
      const update = await calling(TABLE, () => unlessRefused(() => client.send(new UpdateItemCommand({
        TableName: tableName,
        Key: tallyKey(lane),
        ...addition(fold),
        ConditionExpression: 'attribute_not_exists(#mark) OR #mark < :first',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }))));
      return 'standing' in update ? text(update.standing, 'mark') : undefined;
    },

    async ofPoll(pollId) {
      // Never more than one page: `MAX_LANES` items of some hundred bytes are far below 1 MB.
      const { Items: items = [] } = await calling(TABLE, () => client.send(new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: '#pk = :pk',
        ExpressionAttributeNames: { '#pk': VotingTable.PARTITION_KEY },
        ExpressionAttributeValues: { ':pk': { S: tallyPartition(pollId) } },
        ConsistentRead: true,
      })));
      return items.map(toTally);
    },

    async ofLane(lane) {
      const { Item: item } = await calling(TABLE, () => client.send(new GetItemCommand({
        TableName: tableName,
        Key: tallyKey(lane),
        ConsistentRead: true,
      })));
      return item === undefined ? undefined : toTally(item);
    },

    async mend(lane, seen, counts) {
      const update = await calling(TABLE, () => unlessRefused(() => client.send(new UpdateItemCommand({
        TableName: tableName,
        Key: tallyKey(lane),
        ...replacement(seen, counts),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }))));
      return 'done' in update;
    },
  };
}
