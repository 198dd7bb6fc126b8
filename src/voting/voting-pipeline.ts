import { Duration, Stack } from 'aws-cdk-lib';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, type ITable, ProjectionType, StreamViewType } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DEFAULT_LANES, MAX_LANES, VotingEnv, VotingTable } from './contract';
import { Aggregation } from './private/aggregation';
import { VOTING_ENDPOINTS } from './private/endpoints';
import type { Endpoint, EndpointOptions } from '../api/endpoint';
import { type BundledEndpoint, bundledEndpoint, type BundledService } from '../private/bundled-endpoint';
import type { Throttle } from '../api/throttle';
import { Monitoring } from '../monitoring';
import { checkWhole } from '../private/checks';
import { ConstructError } from '../private/errors';
import { grantPartitions, serviceTable } from '../private/service-table';
import type { IRoomService } from '../rooms/room-service';
import { StagePreset } from '../stage';

/** What a `VotingPipeline` can be given, whoever makes it. */
export interface VotingPipelineOptions {
  /**
   * Lanes that the ballots of a new poll are spread over. One lane takes about 1,000 votes a second; polls that exist keep theirs.
   *
   * @default 16
   */
  readonly lanes?: number;

  /**
   * Throttle of the route that votes come by. Only where it stands in the stack of its API.
   *
   * @default - the API's throttle
   */
  readonly voteThrottle?: Throttle;

  /**
   * Instances of the voting function that are kept initialized for the first votes of a burst.
   *
   * @default - none
   */
  readonly warmInstances?: number;

  /**
   * A key for the table and the dead letters. Its cost and its throttles come on top.
   *
   * @default - encrypted by DynamoDB and SQS with keys of their own
   */
  readonly encryptionKey?: IKey;

  /**
   * Where its alarms go.
   *
   * @default - the choice of the nearest enclosing scope
   */
  readonly monitoring?: Monitoring;

  /**
   * Defaults for one stage of the system's life.
   *
   * @default - the choice of the nearest enclosing scope, else `StagePreset.production()`
   */
  readonly stage?: StagePreset;
}

/** Props of `VotingPipeline`. */
export interface VotingPipelineProps extends VotingPipelineOptions {
  /** The rooms that polls are held in; the API and the callers are theirs. */
  readonly rooms: IRoomService;
}

/** The close endpoint waits until no function can believe in the open poll any more: slow by design. */
const CLOSE_LATENCY = Duration.seconds(3);

/**
 * Polls, votes and results: every accepted vote is counted exactly once, whatever is repeated, retried or killed on its way.
 * A vote is one conditional write (one ballot a voter and poll); the table's stream is folded into lane tallies that remember
 * up to where they have counted; results are one query. See `src/voting/README.md` and ADR 0006.
 *
 * A batch of ballots that cannot be counted goes to a dead-letter queue after its retries, and an alarm rings.
 *
 * Costs nothing while nobody votes, then about USD 2.30 a million votes: the request, the function, one write unit, and a
 * fraction of a write for the tally.
 */
export class VotingPipeline extends Construct {
  /** The rooms that polls are held in. */
  readonly rooms: IRoomService;
  /** The table of polls, ballots and tallies. */
  readonly table: ITable;
  /** The function that counts. */
  readonly aggregator: IFunction;
  /** Batches of ballots that were given up after all retries. */
  readonly deadLetterQueue: IQueue;
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
  /** `POST /rooms/{roomId}/polls/{pollId}/close`. */
  readonly closePollEndpoint: Endpoint;

  private readonly aggregation: Aggregation;

  constructor(scope: Construct, id: string, props: VotingPipelineProps) {
    super(scope, id);
    this.check(props);
    const stage = props.stage ?? StagePreset.of(this);
    stage.on(this);
    const monitoring = props.monitoring ?? Monitoring.of(this);
    monitoring.on(this);
    this.rooms = props.rooms;
    const table = serviceTable(this, VotingTable, stage, {
      encryptionKey: props.encryptionKey,
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      // Keeps every lane on one partition, so that its sequence numbers rise: ADR 0006. It can only be made with the table.
      localSecondaryIndexes: [{
        indexName: VotingTable.LANE_PIN,
        sortKey: { name: VotingTable.LANE_PIN, type: AttributeType.STRING },
        projectionType: ProjectionType.KEYS_ONLY,
      }],
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
      props.rooms.grantMembershipCheck(endpoint);
      return endpoint;
    };
    const { ROOM_PREFIX, USER_PREFIX, BALLOT_PREFIX, TALLY_PREFIX } = VotingTable;

    this.createPollEndpoint = make(VOTING_ENDPOINTS.createPoll, { environment: { [VotingEnv.LANES]: `${props.lanes ?? DEFAULT_LANES}` } });
    grantPartitions(table, this.createPollEndpoint, ['GetItem', 'PutItem'], ROOM_PREFIX, USER_PREFIX);
    this.listPollsEndpoint = make(VOTING_ENDPOINTS.listPolls);
    grantPartitions(table, this.listPollsEndpoint, ['Query'], ROOM_PREFIX);
    this.readPollEndpoint = make(VOTING_ENDPOINTS.getPoll);
    grantPartitions(table, this.readPollEndpoint, ['GetItem'], ROOM_PREFIX);
    this.castVoteEndpoint = make(VOTING_ENDPOINTS.castVote, { throttle: props.voteThrottle, warmInstances: props.warmInstances });
    grantPartitions(table, this.castVoteEndpoint, ['GetItem'], ROOM_PREFIX);
    grantPartitions(table, this.castVoteEndpoint, ['PutItem'], BALLOT_PREFIX);
    this.resultsEndpoint = make(VOTING_ENDPOINTS.results);
    grantPartitions(table, this.resultsEndpoint, ['GetItem'], ROOM_PREFIX);
    grantPartitions(table, this.resultsEndpoint, ['Query'], TALLY_PREFIX);
    this.closePollEndpoint = make(VOTING_ENDPOINTS.closePoll, { latencyObjective: CLOSE_LATENCY });
    grantPartitions(table, this.closePollEndpoint, ['GetItem', 'UpdateItem'], ROOM_PREFIX);

    this.aggregation = new Aggregation(this, 'Aggregation', { table, encryptionKey: props.encryptionKey, context: { monitoring, stage } });
    this.aggregator = this.aggregation.aggregator;
    this.deadLetterQueue = this.aggregation.deadLetterQueue;
  }

  /** Milliseconds that the oldest ballot has waited to be counted: the maximum over five minutes. */
  metricStreamAge(options?: MetricOptions): Metric {
    return this.aggregation.metricStreamAge(options);
  }

  /** Batches in the dead-letter queue: the maximum over five minutes. */
  metricDeadLetters(options?: MetricOptions): Metric {
    return this.aggregation.metricDeadLetters(options);
  }

  private check(props: VotingPipelineProps): void {
    checkWhole(this, 'lanes', props.lanes, 1, MAX_LANES);
    if (props.voteThrottle !== undefined && Stack.of(this) !== Stack.of(props.rooms.api)) {
      throw new ConstructError(this, 'voteThrottle is given outside the stack of the API', 'leave it out (the API\'s throttle holds), or define the pipeline in the API\'s stack');
    }
  }
}
