import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, DynamoDBBatchResponse, DynamoDBStreamEvent, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { dynamoMemberships } from '../../../lambda/rooms/adapters/memberships';
import { HANDLER_PATIENCE, type Patience, SHORT_PATIENCE } from '../../../lambda/shared/adapters/patience';
import { gatheredReads } from '../../../lambda/shared/adapters/reads';
import type { Log } from '../../../lambda/shared/api';
import { callerEndpoint } from '../../../lambda/shared/http';
import { logErrorsOnly } from '../../../lambda/shared/log-errors';
import { reportingBox } from '../../../lambda/voting/accepted';
import { dynamoBallotReader, dynamoBallots } from '../../../lambda/voting/adapters/ballots';
import { dynamoLaneLog } from '../../../lambda/voting/adapters/lane-log';
import { dynamoPolls } from '../../../lambda/voting/adapters/polls';
import { sqsDeadLetters, sqsOverflowQueue } from '../../../lambda/voting/adapters/queues';
import { readLanes } from '../../../lambda/voting/adapters/stream';
import { dynamoTallies } from '../../../lambda/voting/adapters/tallies';
import { aggregate } from '../../../lambda/voting/aggregate';
import { ballotBox } from '../../../lambda/voting/ballot-box';
import { castVote } from '../../../lambda/voting/cast-vote';
import { closePoll } from '../../../lambda/voting/close-poll';
import { createPoll } from '../../../lambda/voting/create-poll';
import { drain } from '../../../lambda/voting/drain';
import { bufferedBox, overflowBox } from '../../../lambda/voting/ingestion';
import { cachedPolls } from '../../../lambda/voting/poll-cache';
import type { BallotBox, Polls } from '../../../lambda/voting/ports';
import { recount } from '../../../lambda/voting/recount';
import { results } from '../../../lambda/voting/results';
import { settledPolls, settler } from '../../../lambda/voting/settled-polls';
import { snapshots } from '../../../lambda/voting/snapshots';
import { CLOCK_SKEW_MS, IngestionMode, type NewPoll, type RecountRequest, type RecountResult, type VoteRequest } from '../../../src/voting/contract';
import { type Instance, LambdaFunction, type Simulation } from '../services/lambda';
import { SdkClient, type Service } from '../services/sdk';
import type { Scenario } from './scenario';
import { type Wiring, wired } from './wiring';

export const VOTING_TABLE = 'Votes';
export const ROOMS_TABLE = 'Rooms';
export const OVERFLOW = 'overflow';
export const DEAD_LETTERS = 'count-dead-letters';
/** Any two clocks are apart that much at most. */
export const SKEW = CLOCK_SKEW_MS / 2;
/** The timeouts that the constructs give. */
const TIMEOUTS = { endpoint: 10_000, aggregate: 60_000, drain: 20_000, recount: 900_000 };

const quiet = () => undefined;
const QUIET: Log = { info: quiet, warn: quiet, error: quiet };

export interface FunctionsOptions {
  readonly simulation: Simulation;
  readonly dynamo: Service;
  readonly sqs: Service;
  readonly wiring: Wiring;
  readonly scenario: Scenario;
  readonly newId: () => string;
}

/** The functions, composed from the real parts as their composition roots (`lambda/voting/*.lambda.ts`) do it. */
export function functionsOf({ simulation, dynamo, sqs, wiring, scenario: { lanes, ingestion }, newId }: FunctionsOptions) {
  const { faults } = simulation;
  const log = logErrorsOnly(wiring.log ?? QUIET);
  const http = { log, maxBodyBytes: 10_000 };
  const validated = { ...http, validate: Object.assign(() => true, { errors: null }) };

  function parts(instance: Instance) {
    const { clock, sleep } = instance;
    // Not constructed, because that reads the environment; but of the class, because the SDK's paginator asks for it.
    const dynamoDb = (patience: Patience): DynamoDBClient => {
      const sdk = new SdkClient(dynamo, instance, patience);
      return Object.assign(Object.create(DynamoDBClient.prototype), { send: async (command: object) => sdk.send(wired(wiring.command, command)) });
    };
    const queues = (patience: Patience): SQSClient => {
      const sdk = new SdkClient(sqs, instance, patience);
      return Object.assign(Object.create(SQSClient.prototype), { send: async (command: object) => sdk.send(command) });
    };
    const client = dynamoDb(HANDLER_PATIENCE);
    const reads = gatheredReads(client);
    const polls = cutShort(instance, wired(wiring.polls, dynamoPolls({ client, reads, tableName: VOTING_TABLE, clock })));
    const cached = (wiring.cache ?? cachedPolls)(polls, clock);
    return {
      client,
      dynamoDb,
      queues,
      polls,
      clock,
      sleep,
      cached: wiring.onlyClosersSettle ? cached : settledPolls(cached, settler({ polls, clock, log })),
      memberships: dynamoMemberships({ reads, tableName: ROOMS_TABLE, clock }),
      tallies: dynamoTallies({ client, tableName: VOTING_TABLE }),
    };
  }
  type Parts = ReturnType<typeof parts>;

  /** A function may be killed in the moment in which it has announced the end of a poll, and settled nothing. */
  function cutShort(instance: Instance, polls: Polls): Polls {
    return {
      ...polls,
      announceClose: async (...end) => {
        const announced = await polls.announceClose(...end);
        if (!faults.happens('close-cut')) return announced;
        instance.die();
        return new Promise(() => undefined);
      },
    };
  }

  function box({ client, dynamoDb, queues }: Parts): BallotBox {
    const directBy = (by: DynamoDBClient) => wired(wiring.box, ballotBox(dynamoBallots({ client: by, tableName: VOTING_TABLE })));
    if (ingestion === IngestionMode.DIRECT) return directBy(client);
    const buffered = bufferedBox(wired(wiring.queue, sqsOverflowQueue({ client: queues(SHORT_PATIENCE), queueUrl: OVERFLOW })));
    if (ingestion === IngestionMode.BUFFERED) return buffered;
    const breaker = { allow: async () => !faults.happens('breaker-open'), failed: async () => undefined, succeeded: async () => undefined };
    return overflowBox({ direct: directBy(dynamoDb(SHORT_PATIENCE)), buffered, breaker, log });
  }

  function made<Event, Result>(name: string, timeout: number, compose: (given: Parts) => (event: Event) => Promise<Result>) {
    return new LambdaFunction<Event, Result>(simulation, { name, timeout, skew: SKEW, compose: (instance) => compose(parts(instance)) });
  }
  const endpoint = (name: string, compose: (given: Parts) => (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>) =>
    made(name, TIMEOUTS.endpoint, compose);

  return {
    castVote: endpoint('cast-vote', (given) =>
      callerEndpoint<VoteRequest>(validated, castVote({
        memberships: given.memberships,
        polls: given.cached,
        ballots: reportingBox(box(given), { log, clock: given.clock, tableName: VOTING_TABLE }),
      }))),
    closePoll: endpoint('close-poll', (given) => callerEndpoint(http, closePoll(given))),
    createPoll: endpoint('create-poll', (given) => callerEndpoint<NewPoll>({ ...validated, readsIdempotencyKey: true }, createPoll({ ...given, lanes, newId }))),
    results: endpoint('results', ({ client, memberships, cached, tallies, clock }) => callerEndpoint(http, results({
      memberships, polls: cached, ballots: dynamoBallotReader({ client, tableName: VOTING_TABLE }), snapshot: snapshots(tallies, clock), clock,
    }))),
    aggregate: made<DynamoDBStreamEvent, DynamoDBBatchResponse>('aggregate', TIMEOUTS.aggregate, ({ queues, tallies, clock }) => {
      const deadLetters = wired(wiring.deadLetters, sqsDeadLetters({ client: queues(HANDLER_PATIENCE), queueUrl: DEAD_LETTERS }));
      const count = aggregate({ tallies, deadLetters, log, clock, tableName: VOTING_TABLE });
      return wired(wiring.aggregator, async ({ Records: records }) => {
        const failed = await count(wired(wiring.lanes, readLanes(records)));
        return { batchItemFailures: failed === undefined ? [] : [{ itemIdentifier: failed.recordId }] };
      });
    }),
    drain: made<SQSEvent, SQSBatchResponse>('drain', TIMEOUTS.drain, ({ dynamoDb }) => {
      const write = drain({ ballots: dynamoBallots({ client: dynamoDb(SHORT_PATIENCE), tableName: VOTING_TABLE }), log });
      return wired(wiring.drain, async ({ Records: records }) => {
        const failed = await write(records.map(({ messageId: id, body }) => ({ id, body })));
        return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
      });
    }),
    recount: made<RecountRequest, RecountResult>('recount', TIMEOUTS.recount, ({ client, polls, tallies, clock, sleep }) =>
      recount({ polls, tallies, laneLog: dynamoLaneLog({ client, tableName: VOTING_TABLE, clock }), newId, clock, sleep, log })),
  };
}
