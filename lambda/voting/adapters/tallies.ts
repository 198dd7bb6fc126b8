import { type DynamoDBClient, GetItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { VotingTable } from '../../../src/voting/contract';
import { calling } from '../../shared/dependency';
import type { Tallies } from '../ports';
import { TABLE, tallyKey, tallyPartition } from './items';
import { unlessRefused } from './refusal';
import { attributes, toTallies } from './tally-item';
import { addition, replacement } from './tally-updates';

export interface TalliesOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

export function dynamoTallies({ client, tableName }: TalliesOptions): Tallies {
  return {
    async add(pollId, folds) {
      const [lane] = folds.keys();
      const update = await calling(TABLE, () => unlessRefused(() => client.send(new UpdateItemCommand({
        TableName: tableName,
        Key: tallyKey({ pollId, lane }),
        ...addition(folds),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      })), {}));
      if (!('standing' in update)) return undefined;
      const standing = toTallies(update.standing);
      return new Map([...folds.keys()].map((each) => [each, standing.get(each)?.checkpoint]));
    },

    async ofPoll(pollId) {
      // Never more than one page: `MAX_LANES` lanes of some hundred bytes are far below 1 MB.
      const { Items: items = [] } = await calling(TABLE, () => client.send(new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: '#pk = :pk',
        ExpressionAttributeNames: { '#pk': VotingTable.PARTITION_KEY },
        ExpressionAttributeValues: { ':pk': { S: tallyPartition(pollId) } },
        ConsistentRead: true,
      })));
      return items.flatMap((item) => [...toTallies(item).values()]);
    },

    async ofLane(lane) {
      const { Item: item } = await calling(TABLE, () => client.send(new GetItemCommand({
        TableName: tableName,
        Key: tallyKey(lane),
        ConsistentRead: true,
      })));
      return item === undefined ? undefined : toTallies(item).get(lane.lane);
    },

    async mend(lane, seen, counts) {
      const update = await calling(TABLE, () => unlessRefused(() => client.send(new UpdateItemCommand({
        TableName: tableName,
        Key: tallyKey(lane),
        ...replacement(lane.lane, seen, counts),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }))));
      return 'done' in update;
    },

    async unmark(lane, marker) {
      await calling(TABLE, () => unlessRefused(() => client.send(new UpdateItemCommand({
        TableName: tableName,
        Key: tallyKey(lane),
        UpdateExpression: 'REMOVE #k',
        ConditionExpression: '#k = :k',
        ExpressionAttributeNames: { '#k': attributes(lane.lane).marker },
        ExpressionAttributeValues: { ':k': { S: marker } },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }))));
    },
  };
}
