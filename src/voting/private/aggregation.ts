import { Duration } from 'aws-cdk-lib';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { EventSourceMapping, FilterCriteria, FilterRule, type Function as LambdaFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { bundledCode } from '../../private/bundled-endpoint';
import { ownedFunction } from '../../private/owned-function';
import { AlarmSeverity } from '../../monitoring';
import { type AlarmContext, metricAlarm } from '../../private/alarms';
import { acknowledge } from '../../private/nag';
import { grantPartitions } from '../../private/service-table';
import { VotingEnv, VotingTable } from '../contract';

export interface AggregationProps {
  readonly table: TableV2;
  readonly encryptionKey?: IKey;
  readonly context: AlarmContext;
}

/** Ballots counted in one invocation at most: some hundred bytes each, far below the 6 MB of an invocation. */
const BATCH_SIZE = 1_000;
/** How long a batch may gather: fewer tally writes against fresher results. */
const BATCH_WINDOW = Duration.seconds(1);
/** With bisecting, a batch of 1,000 is down to a single record after ten halvings. */
const RETRIES = 12;
/** Long enough for a person to mend what fails, and well within the 24 hours that the stream keeps. */
const MAX_RECORD_AGE = Duration.hours(12);
const STREAM_AGE_LIMIT = Duration.minutes(1);

/** Counts ballots: the table's stream, the function that folds it into tallies, and the queue for what cannot be counted. */
export class Aggregation extends Construct {
  readonly aggregator: LambdaFunction;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, { table, encryptionKey, context }: AggregationProps) {
    super(scope, id);
    this.deadLetterQueue = new Queue(this, 'DeadLetters', {
      retentionPeriod: Duration.days(14),
      enforceSSL: true,
      ...(encryptionKey === undefined ? { encryption: QueueEncryption.SQS_MANAGED } : { encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey }),
    });
    acknowledge(this.deadLetterQueue, 'It is a dead-letter queue itself: the on-failure destination of the stream. An alarm watches it.', 'AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy');

    this.aggregator = ownedFunction(this, {
      code: bundledCode(this, 'voting/aggregate'),
      timeout: Duration.seconds(30),
      environment: { POWERTOOLS_SERVICE_NAME: 'voting', [VotingEnv.TABLE_NAME]: table.tableName },
    }, context.stage);
    grantPartitions(table, this.aggregator, ['UpdateItem'], VotingTable.TALLY_PREFIX);
    this.aggregator.addToRolePolicy(new PolicyStatement({
      actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
      resources: [table.tableStreamArn!],
    }));
    encryptionKey?.grantDecrypt(this.aggregator);

    new EventSourceMapping(this, 'Ballots', {
      target: this.aggregator,
      eventSourceArn: table.tableStreamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: BATCH_SIZE,
      maxBatchingWindow: BATCH_WINDOW,
      // More than one batch at a time of a shard keeps the order of one item only, and a lane is many: ADR 0006.
      parallelizationFactor: 1,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: RETRIES,
      maxRecordAge: MAX_RECORD_AGE,
      onFailure: new SqsDlq(this.deadLetterQueue),
      filters: [FilterCriteria.filter({ dynamodb: { Keys: { [VotingTable.PARTITION_KEY]: { S: FilterRule.beginsWith(VotingTable.BALLOT_PREFIX) } } } })],
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
    metricAlarm(this, 'DeadLettersAlarm', context, {
      metric: this.metricDeadLetters(),
      severity: AlarmSeverity.PAGE,
      runbook: 'voting-dead-letters',
      watches: `Ballots that could not be counted in ${this.node.path}`,
      threshold: 0,
    });
    metricAlarm(this, 'StreamAgeAlarm', context, {
      metric: this.metricStreamAge(),
      severity: AlarmSeverity.PAGE,
      runbook: 'voting-stream-age',
      watches: `Ballots wait more than ${STREAM_AGE_LIMIT.toHumanString()} to be counted in ${this.node.path}`,
      threshold: STREAM_AGE_LIMIT.toMilliseconds(),
      datapoints: 3,
    });
  }
}
