import { type DynamoDBClient, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { VotingTable } from '../../../src/voting/contract';
import { calling } from '../../shared/dependency';
import type { Fold } from '../fold';
import type { Tallies } from '../ports';
import { COUNT_PREFIX, type Item, number, TABLE, tallyKey, tallyPartition, text, toTally } from './items';
import { unlessRefused } from './refusal';

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
  };
}

/** The fold as an update: its deltas to the counts, one to the version, and the mark. */
function addition({ first, last, deltas }: Fold) {
  const names: Record<string, string> = { '#mark': 'mark', '#version': 'version' };
  const values: Item = { ':first': { S: first }, ':last': { S: last }, ':one': number(1) };
  const additions = ['#version :one'];
  for (const [optionId, delta] of deltas) {
    const index = additions.length;
    names[`#n${index}`] = `${COUNT_PREFIX}${optionId}`;
    values[`:n${index}`] = number(delta);
    additions.push(`#n${index} :n${index}`);
  }
  return {
    UpdateExpression: `SET #mark = :last ADD ${additions.join(', ')}`,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}
