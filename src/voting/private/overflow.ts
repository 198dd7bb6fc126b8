import { Duration } from 'aws-cdk-lib';
import { type Metric, type MetricOptions, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { EventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { IGrantableFunction } from '../../api/grantable-function';
import { AlarmSeverity } from '../../monitoring';
import { type AlarmContext, metricAlarm } from '../../private/alarms';
import { acknowledgeBundled, bundledCode } from '../../private/bundled-endpoint';
import { acknowledge } from '../../private/nag';
import { ownedFunction } from '../../private/owned-function';
import { grantPartitions } from '../../private/service-table';
import { VotingEnv, VotingTable } from '../contract';
import { queueEncryption } from './queues';

export interface OverflowProps {
  readonly table: ITableV2;
  readonly encryptionKey?: IKey;
  readonly drainConcurrency: number;
  readonly context: AlarmContext;
}

/** A batch of 100 takes some hundred ms where the table answers; where it does not, the drain gives up after some seconds. */
const DRAIN_TIMEOUT = Duration.seconds(20);
const BATCH_SIZE = 100;
/** More than ten in a batch need one. A ballot that has come here is late already. */
const BATCH_WINDOW = Duration.seconds(1);
/** AWS asks for six times the function's timeout and the window (121 s). It is also the back-off of a table that takes nothing. */
const VISIBILITY = Duration.minutes(3);
/**
 * An hour of a table that takes nothing, by the back-off above. DynamoDB throttles for minutes, until it has split a partition. What
 * outlasts an hour should be looked at by somebody; the dead letters keep it, and by a redrive it counts as if nothing had been.
 */
const MAX_RECEIVES = 20;
/** Shorter than that of the dead letters, because a message's age counts from when it was sent first. */
const RETENTION = Duration.days(7);
const DEAD_RETENTION = Duration.days(14);
const AGE_LIMIT = Duration.minutes(5);

/** Ballots for which the table had no time: the queue, the function that writes them, and the queue for what cannot be written. */
export class Overflow extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;
  readonly drain: LambdaFunction;

  constructor(scope: Construct, id: string, private readonly props: OverflowProps) {
    super(scope, id);
    const { table, context } = props;
    const common = {
      enforceSSL: true,
      // Accepted votes may be in it, and nowhere else.
      removalPolicy: context.stage.removalPolicy,
      ...queueEncryption(props.encryptionKey),
    };
    this.deadLetterQueue = new Queue(this, 'DeadLetters', { ...common, retentionPeriod: DEAD_RETENTION });
    acknowledge(this.deadLetterQueue, 'It is a dead-letter queue itself. An alarm watches it.', 'AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy');
    this.queue = new Queue(this, 'Queue', {
      ...common,
      retentionPeriod: RETENTION,
      visibilityTimeout: VISIBILITY,
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: MAX_RECEIVES },
    });

    this.drain = ownedFunction(this, {
      code: bundledCode(this, 'voting/drain'),
      timeout: DRAIN_TIMEOUT,
      environment: { POWERTOOLS_SERVICE_NAME: 'voting', [VotingEnv.TABLE_NAME]: table.tableName },
    }, context.stage);
    acknowledgeBundled(this.drain);
    grantPartitions(table, this.drain, ['PutItem'], VotingTable.BALLOT_PREFIX);
    props.encryptionKey?.grant(this.drain, 'kms:Decrypt');
    Grant.addToPrincipal({
      grantee: this.drain,
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
      resourceArns: [this.queue.queueArn],
    });
    const mapping = new EventSourceMapping(this, 'Ballots', {
      target: this.drain,
      eventSourceArn: this.queue.queueArn,
      batchSize: BATCH_SIZE,
      maxBatchingWindow: BATCH_WINDOW,
      maxConcurrency: props.drainConcurrency,
      reportBatchItemFailures: true,
    });
    acknowledge(mapping, 'A mapping of a queue has no failure destination: the queue\'s own redrive policy is where failures go.', 'Serverless-LambdaEventSourceMappingDestination');
    this.addAlarms(context);
  }

  /** Lets a function send ballots, and tells it where to. */
  grantSend(grantee: IGrantableFunction): void {
    grantee.addEnvironment(VotingEnv.QUEUE_URL, this.queue.queueUrl);
    this.props.encryptionKey?.grant(grantee, 'kms:Decrypt', 'kms:GenerateDataKey');
    Grant.addToPrincipal({ grantee, actions: ['sqs:SendMessage'], resourceArns: [this.queue.queueArn] });
  }

  metricAge(options?: MetricOptions): Metric {
    return this.queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', ...options });
  }

  metricDeadLetters(options?: MetricOptions): Metric {
    return this.deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', ...options });
  }

  private addAlarms(context: AlarmContext): void {
    const pipeline = this.node.scope!.node.path;
    metricAlarm(this, 'AgeAlarm', context, {
      metric: this.metricAge(),
      severity: AlarmSeverity.TICKET,
      runbook: 'voting-overflow-age',
      watches: `Ballots queued for ${AGE_LIMIT.toHumanString()} in ${pipeline}`,
      threshold: AGE_LIMIT.toSeconds(),
      datapoints: 3,
    });
    metricAlarm(this, 'DeadLettersAlarm', context, {
      metric: this.metricDeadLetters(),
      severity: AlarmSeverity.PAGE,
      runbook: 'voting-overflow-dead-letters',
      watches: `Accepted ballots not written in ${pipeline}`,
      threshold: 0,
      // SQS falls silent about a queue that nobody touches for six hours, also where messages lie in it.
      missing: TreatMissingData.IGNORE,
    });
  }
}
