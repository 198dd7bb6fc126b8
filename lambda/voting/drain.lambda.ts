import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { VotingEnv } from '../../src/voting/contract';
import { dynamoDb } from '../shared/adapters/dynamodb';
import { SHORT_PATIENCE } from '../shared/adapters/patience';
import { type InvocationContext, withDeadline } from '../shared/deadline';
import { env } from '../shared/env';
import { logger } from '../shared/runtime';
import { dynamoBallots } from './adapters/ballots';
import { drain } from './drain';

const write = drain({ ballots: dynamoBallots({ client: dynamoDb(SHORT_PATIENCE), tableName: env(VotingEnv.TABLE_NAME) }), log: logger });

export async function handler({ Records: records }: SQSEvent, context?: InvocationContext): Promise<SQSBatchResponse> {
  const failed = await withDeadline(context, () => write(records.map(({ messageId: id, body }) => ({ id, body }))));
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}
