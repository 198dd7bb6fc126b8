import { SQSClient } from '@aws-sdk/client-sqs';
import { HANDLER_PATIENCE, type Patience, requestHandler } from './patience';

/** The client of every adapter of a queue: see dynamodb.ts. */
export function sqs(patience: Patience = HANDLER_PATIENCE): SQSClient {
  return new SQSClient({ maxAttempts: patience.attempts, requestHandler: requestHandler(patience) });
}
