import { type AttributeValue, DescribeTableCommand, DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { type Items, type StoredItem, Throttled } from '../ports';
import { clientConfig, type Where } from './config';

/** The SDK's own retries, with their back-off; what is throttled after them is waited for longer. */
const ATTEMPTS = 6;
const THROTTLED = /^(ProvisionedThroughputExceeded|Throttling|RequestLimitExceeded|ThrottlingException)/;

type Item = Record<string, AttributeValue>;

export function dynamoItems(where: Where): Items {
  const client = new DynamoDBClient({ ...clientConfig(where), maxAttempts: ATTEMPTS });
  return {
    async keys(table) {
      try {
        const { Table: { KeySchema = [] } = {} } = await client.send(new DescribeTableCommand({ TableName: table }));
        return [...KeySchema].sort((a, b) => (a.KeyType ?? '').localeCompare(b.KeyType ?? '')).map(({ AttributeName = '' }) => AttributeName);
      } catch (error) {
        if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
        throw error;
      }
    },
    page: (table, { segment, of, from }) => throttling(async () => {
      const { Items: items = [], LastEvaluatedKey: next } = await client.send(new ScanCommand({
        TableName: table, Segment: segment, TotalSegments: of, ExclusiveStartKey: from as Item | undefined,
      }));
      return { items: items as unknown as StoredItem[], ...(next === undefined ? {} : { next: next as StoredItem }) };
    }),
    putAbsent: (table, item) => throttling(async () => {
      try {
        await client.send(new PutItemCommand({
          TableName: table, Item: item as Item, ConditionExpression: 'attribute_not_exists(#pk)', ExpressionAttributeNames: { '#pk': 'pk' },
        }));
        return true;
      } catch (error) {
        if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
        throw error;
      }
    }),
  };
}

async function throttling<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Error && THROTTLED.test(error.name)) throw new Throttled(error.message, { cause: error });
    throw error;
  }
}
