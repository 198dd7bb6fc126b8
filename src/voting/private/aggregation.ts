import { Duration } from 'aws-cdk-lib';
import { type Metric, type MetricOptions, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { EventSourceMapping, FilterCriteria, FilterRule, type Function as LambdaFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { AlarmSeverity } from '../../monitoring';
import { type AlarmContext, metricAlarm } from '../../private/alarms';
import { acknowledgeBundled, bundledCode } from '../../private/bundled-endpoint';
import { acknowledge } from '../../private/nag';
import { ownedFunction } from '../../private/owned-function';
import { grantPartitions } from '../../private/service-table';
import type { VotingCapacity } from '../capacity';
import { VotingEnv, VotingTable } from '../contract';
import { queueEncryption } from './queues';

export interface AggregationProps {
  readonly table: ITableV2;
  readonly encryptionKey?: IKey;
  readonly capacity: VotingCapacity;
  readonly reservedConcurrency?: number;
  readonly context: AlarmContext;
}

/** A table that takes nothing is asked for every tally item of a batch, sixteen at once, two seconds each: a poll of 256 lanes has 22. */
const TIMEOUT = Duration.minutes(1);
/**
 * How long a batch is tried again: an outage of hours loses nothing. No number of retries ends it earlier, because a record that
 * cannot be read is not retried at all, the function itself puts it aside. What is left of the 24 hours that the stream keeps is
 * for what has gathered behind it.
 */
const MAX_RECORD_AGE = Duration.hours(6);
const STREAM_AGE_LIMIT = Duration.minutes(1);

/** Counts ballots: the table's stream, the function that folds it into tallies, and the queue for what cannot be counted. */
export class Aggregation extends Construct {
  readonly aggregator: LambdaFunction;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, { table, encryptionKey, capacity, reservedConcurrency, context }: AggregationProps) {
    super(scope, id);
    this.deadLetterQueue = new Queue(this, 'DeadLetters', {
      retentionPeriod: Duration.days(14),
      enforceSSL: true,
      // What it tells of uncounted ballots is nowhere else once the stream has forgotten them.
      removalPolicy: context.stage.removalPolicy,
      ...queueEncryption(encryptionKey),
    });
    acknowledge(this.deadLetterQueue,
      'It is a dead-letter queue itself: of the function, and of the stream that it reads. An alarm watches it.', 'AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy');

    this.aggregator = ownedFunction(this, {
      code: bundledCode(this, 'voting/aggregate'),
      timeout: TIMEOUT,
      reservedConcurrency,
      environment: {
        POWERTOOLS_SERVICE_NAME: 'voting',
        [VotingEnv.TABLE_NAME]: table.tableName,
        [VotingEnv.DEAD_LETTERS_URL]: this.deadLetterQueue.queueUrl,
      },
    }, context.stage);
    acknowledgeBundled(this.aggregator);
    grantPartitions(table, this.aggregator, ['GetItem', 'UpdateItem'], VotingTable.TALLY_PREFIX);
    this.aggregator.addToRolePolicy(new PolicyStatement({
      actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
      resources: [table.tableStreamArn!],
    }));
    // For the function and for the mapping, which sends by the function's role: SendMessage is all that both need. CDK's own
    // `SqsDlq` would add two actions that nobody uses.
    Grant.addToPrincipal({ grantee: this.aggregator, actions: ['sqs:SendMessage'], resourceArns: [this.deadLetterQueue.queueArn] });
    encryptionKey?.grant(this.aggregator, 'kms:Decrypt', 'kms:GenerateDataKey');

    new EventSourceMapping(this, 'Ballots', {
      target: this.aggregator,
      eventSourceArn: table.tableStreamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: capacity.batchSize,
      maxBatchingWindow: capacity.batchWindow,
      // More than one batch at a time of a shard keeps the order of one item only, and a lane is many: ADR 0006.
      parallelizationFactor: capacity.parallelizationFactor,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      maxRecordAge: MAX_RECORD_AGE,
      onFailure: { bind: () => ({ destination: this.deadLetterQueue.queueArn }) },
      filters: [FilterCriteria.filter({
        dynamodb: { Keys: { [VotingTable.PARTITION_KEY]: { S: FilterRule.beginsWith(VotingTable.BALLOT_PREFIX) } } },
      })],
    });
    this.addAlarms(context);
  }

  metricStreamAge(options?: MetricOptions): Metric {
    return this.aggregator.metric('IteratorAge', { statistic: 'Maximum', ...options });
  }

  metricDeadLetters(options?: MetricOptions): Metric {
    return this.deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', ...options });
  }

  private addAlarms(context: AlarmContext): void {
    const pipeline = this.node.scope!.node.path;
    metricAlarm(this, 'DeadLettersAlarm', context, {
      metric: this.metricDeadLetters(),
      severity: AlarmSeverity.PAGE,
      runbook: 'voting-dead-letters',
      watches: `Ballots not counted in ${pipeline}`,
      threshold: 0,
      // SQS falls silent about a queue that nobody touches for six hours, also where messages lie in it.
      missing: TreatMissingData.IGNORE,
    });
    metricAlarm(this, 'StreamAgeAlarm', context, {
      metric: this.metricStreamAge(),
      severity: AlarmSeverity.PAGE,
      runbook: 'voting-stream-age',
      watches: `Ballots uncounted for ${STREAM_AGE_LIMIT.toHumanString()} in ${pipeline}`,
      threshold: STREAM_AGE_LIMIT.toMilliseconds(),
      datapoints: 3,
    });
  }
}
