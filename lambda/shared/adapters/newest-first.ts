import { type AttributeValue, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { calling } from '../dependency';

type Item = Record<string, AttributeValue>;

export interface NewestFirstTable {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** What a caller is told does not answer. */
  readonly dependency: string;
  readonly keys: { readonly PARTITION_KEY: string; readonly SORT_KEY: string };
}

export interface NewestFirst {
  readonly partition: string;
  /** What the sort keys begin with; then comes an id that rises with time. */
  readonly prefix: string;
  readonly limit: number;
  /** The key of the last item of the page before. */
  readonly after?: Item;
}

/** A page of the items of one kind in a partition, and whether there is a next one. The read is consistent. */
export async function newestFirst(table: NewestFirstTable, page: NewestFirst): Promise<{ items: Item[]; more: boolean }> {
  const { client, tableName, dependency, keys } = table;
  const { partition, prefix, limit, after } = page;
  const { Items: items = [], LastEvaluatedKey: rest } = await calling(dependency, () => client.send(new QueryCommand({
    TableName: tableName,
    KeyConditionExpression: '#pk = :pk AND begins_with(#sk, :prefix)',
    ExpressionAttributeNames: { '#pk': keys.PARTITION_KEY, '#sk': keys.SORT_KEY },
    ExpressionAttributeValues: { ':pk': { S: partition }, ':prefix': { S: prefix } },
    ScanIndexForward: false,
    // One more than asked for tells whether there is a next page.
    Limit: limit + 1,
    ...(after === undefined ? {} : { ExclusiveStartKey: after }),
    ConsistentRead: true,
  })));
  // A hundred items of the longest texts can exceed the 1 MB of one answer: then it ends early, and says so.
  return { items: items.slice(0, limit), more: items.length > limit || rest !== undefined };
}
