import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { HANDLER_PATIENCE, type Patience, requestHandler } from './patience';

/**
 * The client of every adapter: it gives up early, because a caller waits and every write can be repeated.
 * Made once an instance, outside the handler, so that connections are used again.
 */
export function dynamoDb(patience: Patience = HANDLER_PATIENCE): DynamoDBClient {
  return new DynamoDBClient({ maxAttempts: patience.attempts, requestHandler: requestHandler(patience) });
}
