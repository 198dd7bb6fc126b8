import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { VotingEnv } from '../../src/voting/contract';
import { dynamoDb } from '../shared/adapters/dynamodb';
import { SHORT_PATIENCE } from '../shared/adapters/patience';
import { sqs } from '../shared/adapters/sqs';
import { type InvocationContext, withDeadline } from '../shared/deadline';
import { env } from '../shared/env';
import { clock, logger } from '../shared/runtime';
import { sqsDeadLetters } from './adapters/queues';
import { readLanes } from './adapters/stream';
import { dynamoTallies } from './adapters/tallies';
import { aggregate } from './aggregate';

const tableName = env(VotingEnv.TABLE_NAME);
const tallies = dynamoTallies({ client: dynamoDb(SHORT_PATIENCE), tableName });
const deadLetters = sqsDeadLetters({ client: sqs(SHORT_PATIENCE), queueUrl: env(VotingEnv.DEAD_LETTERS_URL) });
const count = aggregate({ tallies, deadLetters, log: logger, clock, tableName });

/** Names the first record that failed: the stream delivers everything from there again. */
export async function handler({ Records: records }: DynamoDBStreamEvent, context?: InvocationContext): Promise<DynamoDBBatchResponse> {
  const failed = await withDeadline(context, () => count(readLanes(records)));
  return { batchItemFailures: failed === undefined ? [] : [{ itemIdentifier: failed.recordId }] };
}
