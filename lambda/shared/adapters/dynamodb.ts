import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/**
 * The client of every adapter: it gives up early, because a caller waits and every write can be repeated.
 * Made once an instance, outside the handler, so that connections are used again.
 */
export function dynamoDb(): DynamoDBClient {
  return new DynamoDBClient({ maxAttempts: 3, requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000 } });
}
