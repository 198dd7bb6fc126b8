import { type DynamoDBClient, paginateQuery, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { VotingTable } from '../../../src/voting/contract';
import type { Clock } from '../../shared/api';
import { calling } from '../../shared/dependency';
import { splitChoice } from '../choice';
import type { LaneLog } from '../ports';
import { ballotPartition, choiceOf, expiresAt, isMarker, markerKey, TABLE } from './items';

export interface LaneLogOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly clock: Clock;
}

/** A marker has done its work within minutes. DynamoDB takes it away some time afterwards, which costs nothing. */
const MARKER_LIFE_MS = 24 * 60 * 60 * 1000;

export function dynamoLaneLog({ client, tableName, clock }: LaneLogOptions): LaneLog {
  return {
    async mark(lane, marker) {
      await calling(TABLE, () => client.send(new PutItemCommand({
        TableName: tableName,
        Item: { ...markerKey(lane), marker: { S: marker }, ...expiresAt(clock() + MARKER_LIFE_MS) },
      })));
    },

    async count(lane) {
      const counts: Record<string, number> = {};
      let ballots = 0;
      let unreadable = 0;
      await calling(TABLE, async () => {
        const pages = paginateQuery({ client }, {
          TableName: tableName,
          KeyConditionExpression: '#pk = :pk',
          ProjectionExpression: '#sk, choice',
          ExpressionAttributeNames: { '#pk': VotingTable.PARTITION_KEY, '#sk': VotingTable.SORT_KEY },
          ExpressionAttributeValues: { ':pk': { S: ballotPartition(lane) } },
          ConsistentRead: true,
        });
        for await (const { Items: items = [] } of pages) {
          for (const item of items) {
            if (isMarker(item)) continue;
            const choice = choiceOf(item);
            if (choice === undefined) {
              unreadable += 1;
              continue;
            }
            ballots += 1;
            for (const optionId of splitChoice(choice)) counts[optionId] = (counts[optionId] ?? 0) + 1;
          }
        }
      });
      return { ballots, counts, ...(unreadable === 0 ? {} : { unreadable }) };
    },
  };
}
