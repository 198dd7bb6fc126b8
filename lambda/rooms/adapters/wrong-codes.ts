import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { RoomsTable } from '../../../src/rooms/contract';
import { calling } from '../../shared/dependency';
import type { WrongCodes } from '../ports';
import { attemptsKey, expiresAt, TABLE } from './items';

export interface WrongCodesOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

export function dynamoWrongCodes({ client, tableName }: WrongCodesOptions): WrongCodes {
  return {
    async count(userId, window) {
      const { Item: item } = await calling(TABLE, () => client.send(new GetItemCommand({
        TableName: tableName,
        Key: attemptsKey(userId, window),
        ConsistentRead: true,
      })));
      return Number(item?.wrong?.N ?? 0);
    },

    async add(userId, window, until) {
      await calling(TABLE, () => client.send(new UpdateItemCommand({
        TableName: tableName,
        Key: attemptsKey(userId, window),
        UpdateExpression: 'SET #expiresAt = :expiresAt ADD wrong :one',
        ExpressionAttributeNames: { '#expiresAt': RoomsTable.TIME_TO_LIVE },
        ExpressionAttributeValues: { ':expiresAt': expiresAt(until)[RoomsTable.TIME_TO_LIVE], ':one': { N: '1' } },
      })));
    },
  };
}
