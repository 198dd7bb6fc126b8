import { Annotations, CfnOutput, Duration, Stack, Token, Tokenization } from 'aws-cdk-lib';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, type ITable, ProjectionType, StreamViewType } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Endpoint, EndpointOptions } from '../api/endpoint';
import { Monitoring } from '../monitoring';
import { throttleOfApi } from '../private/api-throttle';
import { type BundledEndpoint, bundledEndpoint, type BundledService } from '../private/bundled-endpoint';
import { checkChoices, checkGiven, checkObject, checkThrottle, checkWhole, isWithStageOf, validateEnvironment } from '../private/checks';
import { resolveEncryptionKey } from '../private/encryption-key';
import { ConstructError } from '../private/errors';
import { grantPartitions, serviceTable } from '../private/service-table';
import type { IRoomService } from '../rooms/room-service';
import { StagePreset } from '../stage';
import { VotingCapacity } from './capacity';
import { MAX_LANES, VotingEnv, VotingMetrics, type VotingOperations, VotingTable } from './contract';
import { Ingestion } from './ingestion';
import { Aggregation } from './private/aggregation';
import { VOTING_ENDPOINTS } from './private/endpoints';
import { Overflow } from './private/overflow';
import { ballotMetric, pipelineAlarms } from './private/pipeline-alarms';
import { Recount } from './private/recount';
import type { VotingPipelineOptions } from './voting-pipeline-options';

/** Props of `VotingPipeline`. */
export interface VotingPipelineProps extends VotingPipelineOptions {
  /** The rooms that polls are held in; the API and the callers are theirs. */
  readonly rooms: IRoomService;
}

const DEFAULT_PEAK = 1_000;
const MOST_PEAK = 1_000_000;
/** Write units per second of one on-demand table: DynamoDB Developer Guide, "Quotas", default table-level quota. */
const TABLE_QUOTA = 40_000;
/** The close endpoint waits until no function can believe in the open poll any more: slow by design. */
const CLOSE_LATENCY = Duration.seconds(3);

/**
 * Polls, votes and results: every accepted vote is counted exactly once, whatever is repeated, retried or killed on its way.
 * A vote is one conditional write (one ballot a voter and poll); the table's stream is folded into lane tallies that remember
 * up to where they have counted; results are one query. See `src/voting/README.md` and ADR 0006.
 *
 * Where the table throttles or does not answer, the ballot waits in a queue and its voter is told so (202): see `Ingestion`. What
 * can be neither written nor counted goes to dead-letter queues, and an alarm rings; a recount makes tallies equal to ballots again.
 *
 * Costs about USD 0.25 a month while nobody votes (the queue is polled; nothing with `Ingestion.direct()`), then about USD 2.30 a
 * million votes: the request, the function, one write unit, and a fraction of a write for the tally. A vote that has to wait costs
 * about USD 1 a million more.
 */
export class VotingPipeline extends Construct {
  /** The rooms that polls are held in. */
  readonly rooms: IRoomService;
  /** The table of polls, ballots and tallies. */
  readonly table: ITable;
  /** The function that counts. */
  readonly aggregator: IFunction;
  /** Ballots that could not be counted. */
  readonly deadLetterQueue: IQueue;
  /** Ballots that wait for the table. Undefined where ballots are written directly or not at all. */
  readonly overflowQueue?: IQueue;
  /** Ballots that could not be written after all retries. Undefined where there is no queue. */
  readonly overflowDeadLetterQueue?: IQueue;
  /** The function that writes queued ballots. Undefined where there is no queue. */
  readonly drain?: IFunction;
  /** The function that counts a poll again: invoked by operators, with `{ roomId, pollId, mend }`. */
  readonly recount: IFunction;
  /** What the pipeline is sized by. Its own props win over it. */
  readonly capacity: VotingCapacity;
  /** `POST /rooms/{roomId}/polls`. */
  readonly createPollEndpoint: Endpoint;
  /** `GET /rooms/{roomId}/polls`. */
  readonly listPollsEndpoint: Endpoint;
  /** `GET /rooms/{roomId}/polls/{pollId}`. */
  readonly readPollEndpoint: Endpoint;
  /** `POST /rooms/{roomId}/polls/{pollId}/votes`. */
  readonly castVoteEndpoint: Endpoint;
  /** `GET /rooms/{roomId}/polls/{pollId}/results`. */
  readonly resultsEndpoint: Endpoint;
  /** `GET /rooms/{roomId}/polls/{pollId}/ballots`. */
  readonly listBallotsEndpoint: Endpoint;
  /** `POST /rooms/{roomId}/polls/{pollId}/close`. */
  readonly closePollEndpoint: Endpoint;

  private readonly aggregation: Aggregation;
  private readonly overflow?: Overflow;

  constructor(scope: Construct, id: string, props: VotingPipelineProps) {
    super(scope, id);
    checkGiven(this, { rooms: props.rooms }, 'give the RoomService whose rooms have polls');
    checkChoices(this, props);
    validateEnvironment(this, { 'rooms': props.rooms, 'rooms.api': props.rooms.api, 'rooms.table': props.rooms.table, 'table': props.table });
    checkObject(this, 'ingestion', props.ingestion, 'give Ingestion.overflow(), .direct() or .buffered()');
    this.check(props);
    const stage = props.stage ?? StagePreset.of(this);
    stage.on(this);
    const monitoring = props.monitoring ?? Monitoring.of(this);
    monitoring.on(this);
    this.rooms = props.rooms;
    this.capacity = VotingCapacity.forPeak(props.expectedPeakVotesPerSecond ?? DEFAULT_PEAK);
    const { capacity } = this;
    this.warnAboveQuota(capacity);
    this.warnAboveThrottle(props);
    const ingestion = props.ingestion ?? Ingestion.overflow();
    const encryptionKey = resolveEncryptionKey(this, props.encryptionKey);
    const table = serviceTable(this, VotingTable, stage, {
      table: props.table,
      encryptionKey,
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      // Keeps every lane on one partition, so that its sequence numbers rise: ADR 0006. It can only be made with the table.
      localSecondaryIndexes: [{
        indexName: VotingTable.LANE_PIN,
        sortKey: { name: VotingTable.LANE_PIN, type: AttributeType.STRING },
        projectionType: ProjectionType.KEYS_ONLY,
      }],
      maximumWriteUnits: props.maximumWriteUnits,
    });
    this.table = table;

    const service: BundledService = {
      api: props.rooms.api,
      serviceName: 'voting',
      auth: props.rooms.auth,
      environment: { [VotingEnv.TABLE_NAME]: table.tableName },
    };
    const make = (row: BundledEndpoint, options: EndpointOptions = {}) => {
      const endpoint = bundledEndpoint(this, service, row, options);
      // Who asks about a poll reads it together with the membership.
      const batched = row.route.includes('{pollId}');
      props.rooms.grantMembershipCheck(endpoint, { batched });
      if (batched) grantPartitions(table, endpoint, ['BatchGetItem', 'GetItem'], VotingTable.ROOM_PREFIX);
      return endpoint;
    };
    const { ROOM_PREFIX, USER_PREFIX, BALLOT_PREFIX, TALLY_PREFIX } = VotingTable;
    // Whoever meets a poll whose announced end is past settles it: ADR 0006.
    const grantSettle = (endpoint: Endpoint) => grantPartitions(table, endpoint, ['UpdateItem'], ROOM_PREFIX);

    const lanes = Tokenization.stringifyNumber(props.lanes ?? capacity.lanes);
    this.createPollEndpoint = make(VOTING_ENDPOINTS.createPoll, { environment: { [VotingEnv.LANES]: lanes } });
    grantPartitions(table, this.createPollEndpoint, ['GetItem', 'PutItem'], ROOM_PREFIX, USER_PREFIX);
    this.listPollsEndpoint = make(VOTING_ENDPOINTS.listPolls);
    grantPartitions(table, this.listPollsEndpoint, ['GetItem', 'Query'], ROOM_PREFIX);
    grantSettle(this.listPollsEndpoint);
    this.readPollEndpoint = make(VOTING_ENDPOINTS.getPoll);
    grantSettle(this.readPollEndpoint);
    this.castVoteEndpoint = make(VOTING_ENDPOINTS.castVote, {
      throttle: props.voteThrottle,
      warmInstances: props.warmInstances,
      reservedConcurrency: props.voteReservedConcurrency,
      environment: { [VotingEnv.INGESTION]: ingestion.mode },
    });
    if (ingestion.writes) grantPartitions(table, this.castVoteEndpoint, ['UpdateItem'], BALLOT_PREFIX);
    grantSettle(this.castVoteEndpoint);
    this.resultsEndpoint = make(VOTING_ENDPOINTS.results);
    grantSettle(this.resultsEndpoint);
    grantPartitions(table, this.resultsEndpoint, ['GetItem'], BALLOT_PREFIX);
    grantPartitions(table, this.resultsEndpoint, ['Query'], TALLY_PREFIX);
    this.listBallotsEndpoint = make(VOTING_ENDPOINTS.listBallots);
    grantPartitions(table, this.listBallotsEndpoint, ['Query'], BALLOT_PREFIX);
    this.closePollEndpoint = make(VOTING_ENDPOINTS.closePoll, { latencyObjective: CLOSE_LATENCY });
    grantSettle(this.closePollEndpoint);

    const context = { monitoring, stage };
    const { countReservedConcurrency: reservedConcurrency } = props;
    this.aggregation = new Aggregation(this, 'Aggregation', { table, encryptionKey, capacity, reservedConcurrency, context });
    this.aggregator = this.aggregation.aggregator;
    this.deadLetterQueue = this.aggregation.deadLetterQueue;
    if (ingestion.queues) {
      const drainConcurrency = ingestion.drainConcurrency ?? capacity.drainConcurrency;
      this.overflow = new Overflow(this, 'Overflow', { table, encryptionKey, drainConcurrency, context });
      this.overflow.grantSend(this.castVoteEndpoint);
      this.overflowQueue = this.overflow.queue;
      this.overflowDeadLetterQueue = this.overflow.deadLetterQueue;
      this.drain = this.overflow.drain;
    }
    this.recount = new Recount(this, 'Recount', table, stage).recount;
    const functions = [this.aggregator, this.recount, ...(this.drain === undefined ? [] : [this.drain])];
    pipelineAlarms(this, { context, tableName: table.tableName, functions });
    new CfnOutput(this, 'Operations', { description: 'For trinity-ops', value: Stack.of(this).toJsonString(this.operations()) });
  }

  /** Ballots that were accepted, a lower bound: the sum over five minutes. Instances report at most every ten seconds. */
  metricBallotsAccepted(options?: MetricOptions): Metric {
    return ballotMetric(VotingMetrics.BALLOTS_ACCEPTED, this.table.tableName, options);
  }

  /** Changes of ballots that were counted: the sum over five minutes. */
  metricBallotsCounted(options?: MetricOptions): Metric {
    return ballotMetric(VotingMetrics.BALLOTS_COUNTED, this.table.tableName, options);
  }

  /** Milliseconds that the oldest ballot has waited to be counted: the maximum over five minutes. */
  metricStreamAge(options?: MetricOptions): Metric {
    return this.aggregation.metricStreamAge(options);
  }

  /** Messages in the dead-letter queue: the maximum over five minutes. */
  metricDeadLetters(options?: MetricOptions): Metric {
    return this.aggregation.metricDeadLetters(options);
  }

  /** Seconds that the oldest queued ballot has waited to be written: the maximum over five minutes. Undefined where there is no queue. */
  metricOverflowAge(options?: MetricOptions): Metric | undefined {
    return this.overflow?.metricAge(options);
  }

  /** Ballots that could not be written: the maximum over five minutes. Undefined where there is no queue. */
  metricOverflowDeadLetters(options?: MetricOptions): Metric | undefined {
    return this.overflow?.metricDeadLetters(options);
  }

  private operations(): VotingOperations {
    const { overflow } = this;
    return {
      v: 1,
      table: this.table.tableName,
      countDeadLetters: this.deadLetterQueue.queueUrl,
      recountFunction: this.recount.functionName,
      aggregateFunction: this.aggregator.functionName,
      ...(overflow === undefined ? {} : {
        overflowQueue: overflow.queue.queueUrl,
        overflowDeadLetters: overflow.deadLetterQueue.queueUrl,
        drainFunction: overflow.drain.functionName,
      }),
      roomsTable: this.rooms.table.tableName,
    };
  }

  private check(props: VotingPipelineProps): void {
    if (Token.isUnresolved(props.expectedPeakVotesPerSecond)) {
      throw new ConstructError(this, 'expectedPeakVotesPerSecond is known only at deployment', 'give a number: the size of the pipeline is decided at synthesis');
    }
    checkWhole(this, 'expectedPeakVotesPerSecond', props.expectedPeakVotesPerSecond, 1, MOST_PEAK);
    checkWhole(this, 'lanes', props.lanes, 1, MAX_LANES);
    checkWhole(this, 'maximumWriteUnits', props.maximumWriteUnits, 1, 10_000_000);
    checkWhole(this, 'voteReservedConcurrency', props.voteReservedConcurrency, 1, 100_000);
    checkWhole(this, 'countReservedConcurrency', props.countReservedConcurrency, 1, 100_000);
    checkWhole(this, 'ingestion.drainConcurrency', props.ingestion?.drainConcurrency, 2, 1_000);
    checkWhole(this, 'warmInstances', props.warmInstances, 1, 10_000);
    checkThrottle(this, 'voteThrottle', props.voteThrottle);
    if (props.voteThrottle !== undefined && !isWithStageOf(this, props.rooms.api)) {
      throw new ConstructError(this, 'voteThrottle is given outside the stack of the API', 'leave it out (the API\'s throttle holds), or define the pipeline in the API\'s stack');
    }
  }

  /** Votes that the API does not let through reach no table: a peak that sizes the pipeline for more is a wish. */
  private warnAboveThrottle({ expectedPeakVotesPerSecond: peak, voteThrottle, rooms }: VotingPipelineProps): void {
    const rate = voteThrottle?.rateLimit ?? throttleOfApi(rooms.api).rateLimit;
    if (peak === undefined || rate === undefined || Token.isUnresolved(rate) || peak <= rate) return;
    Annotations.of(this).addWarningV2('trinity-constructs:voteThrottle', [
      `expectedPeakVotesPerSecond is ${peak}, and the API lets ${rate} votes per second through; the others get 429.`,
      'Raise `voteThrottle`, or `throttle` of the API, up to the account\'s quota of API Gateway (10,000 at first, 2,500 in some regions).',
    ].join(' '));
  }

  private warnAboveQuota({ expectedPeakVotesPerSecond: peak, warmWriteUnits = 0 }: VotingCapacity): void {
    if (warmWriteUnits <= TABLE_QUOTA) return;
    Annotations.of(this).addWarningV2('trinity-constructs:table-quota', [
      `expectedPeakVotesPerSecond ${peak} needs ${warmWriteUnits} write units per second, and the default quota of a table is ${TABLE_QUOTA}.`,
      'Ask Service Quotas for a higher "Table-level write throughput limit" of DynamoDB before the event; until then votes above it wait in the overflow queue.',
    ].join(' '));
  }
}
