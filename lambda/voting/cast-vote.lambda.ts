import validate from 'validator:voting/castVote';
import { IngestionMode, VotingEnv, type VoteRequest } from '../../src/voting/contract';
import { dynamoDb } from '../shared/adapters/dynamodb';
import { SHORT_PATIENCE } from '../shared/adapters/patience';
import { sqs } from '../shared/adapters/sqs';
import { env } from '../shared/env';
import { callerEndpoint } from '../shared/http';
import { clock, httpOptions, logger } from '../shared/runtime';
import { reportingBox } from './accepted';
import { dynamoBallots } from './adapters/ballots';
import { sqsOverflowQueue } from './adapters/queues';
import { ballotBox } from './ballot-box';
import { castVote } from './cast-vote';
import { bufferedBox, NO_BREAKER, overflowBox } from './ingestion';
import { cachedPolls } from './poll-cache';
import type { BallotBox } from './ports';
import { client, memberships, polls, settle, tableName } from './runtime';
import { settledPolls } from './settled-polls';

function box(mode: string): BallotBox {
  if (mode === IngestionMode.DIRECT) return ballotBox(dynamoBallots({ client, tableName }));
  const buffered = bufferedBox(sqsOverflowQueue({ client: sqs(SHORT_PATIENCE), queueUrl: env(VotingEnv.QUEUE_URL) }));
  if (mode === IngestionMode.BUFFERED) return buffered;
  const direct = ballotBox(dynamoBallots({ client: dynamoDb(SHORT_PATIENCE), tableName }));
  return overflowBox({ direct, buffered, breaker: NO_BREAKER, log: logger });
}

const ballots = reportingBox(box(env(VotingEnv.INGESTION)), { log: logger, clock, tableName });
const cast = castVote({ memberships, polls: settledPolls(cachedPolls(polls, clock), settle), ballots });

export const handler = callerEndpoint<VoteRequest>({ ...httpOptions(), validate }, cast);
