import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq, SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { VotingEnv, VotingMetrics, type VotingOperations, VotingTable } from '../../../src/voting/contract';
import { AGGREGATE, DRAIN, RECOUNT } from './endpoints';
import { functionAlarms, peerAlarm, type PeerBundling, peerFunction } from './functions';

const MINUTE = Duration.minutes(1);
const BALLOTS = FilterRule.beginsWith(VotingTable.BALLOT_PREFIX);

export interface Around {
  readonly alarms: ITopic;
  readonly bundling: PeerBundling;
}

/** What is made for ballots that the table has no time for. */
export interface PeerOverflow {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly drain: NodejsFunction;
}

/** The queue for ballots that the table has no time for, the function that writes them, and what watches both. */
export function overflow(scope: Construct, votes: TableV2, { alarms, bundling }: Around): PeerOverflow {
  const kept = { enforceSSL: true, removalPolicy: RemovalPolicy.RETAIN };
  const deadLetters = new Queue(scope, 'OverflowDeadLetters', { ...kept, retentionPeriod: Duration.days(14) });
  const queue = new Queue(scope, 'OverflowQueue', {
    ...kept,
    retentionPeriod: Duration.days(7),
    visibilityTimeout: Duration.minutes(3),
    deadLetterQueue: { queue: deadLetters, maxReceiveCount: 20 },
  });
  const drain = peerFunction(scope, 'Drain', DRAIN, bundling, countingEnvironment(votes), 20);
  votes.grantWriteData(drain);
  drain.addEventSource(new SqsEventSource(queue, {
    batchSize: 100,
    maxBatchingWindow: Duration.seconds(1),
    maxConcurrency: 2,
    reportBatchItemFailures: true,
  }));
  peerAlarm(scope, 'OverflowAgeAlarm', alarms, queue.metricApproximateAgeOfOldestMessage({ period: MINUTE, statistic: 'Maximum' }), 300, 3);
  const givenUp = deadLetters.metricApproximateNumberOfMessagesVisible({ period: MINUTE, statistic: 'Maximum' });
  peerAlarm(scope, 'OverflowDeadLettersAlarm', alarms, givenUp, 0, 1);
  return { queue, deadLetters, drain };
}

/** The function that counts what the table's stream tells of, the one that counts again, what watches them, and what operators need to know. */
export function counting(scope: Construct, votes: TableV2, rooms: TableV2, overflowing: PeerOverflow, { alarms, bundling }: Around): void {
  const deadLetters = new Queue(scope, 'DeadLetters', { retentionPeriod: Duration.days(14), enforceSSL: true });
  const environment = { ...countingEnvironment(votes), [VotingEnv.DEAD_LETTERS_URL]: deadLetters.queueUrl };
  const aggregate = peerFunction(scope, 'Aggregate', AGGREGATE, bundling, environment, 60);
  votes.grantReadWriteData(aggregate);
  deadLetters.grantSendMessages(aggregate);
  aggregate.addEventSource(new DynamoEventSource(votes, {
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: 1_000,
    maxBatchingWindow: Duration.seconds(1),
    parallelizationFactor: 1,
    bisectBatchOnError: true,
    reportBatchItemFailures: true,
    maxRecordAge: Duration.hours(6),
    onFailure: new SqsDlq(deadLetters),
    filters: [FilterCriteria.filter({ dynamodb: { Keys: { [VotingTable.PARTITION_KEY]: { S: BALLOTS } } } })],
  }));
  const recount = peerFunction(scope, 'Recount', RECOUNT, bundling, countingEnvironment(votes), 900, 1_024);
  votes.grantReadWriteData(recount);
  const waiting = deadLetters.metricApproximateNumberOfMessagesVisible({ period: MINUTE, statistic: 'Maximum' });
  peerAlarm(scope, 'DeadLettersAlarm', alarms, waiting, 0, 1);
  peerAlarm(scope, 'StreamAgeAlarm', alarms, aggregate.metric('IteratorAge', { period: MINUTE, statistic: 'Maximum' }), 60_000, 3);
  for (const [id, fn] of [['Aggregate', aggregate], ['Drain', overflowing.drain], ['Recount', recount]] as const) functionAlarms(scope, id, alarms, fn);
  peerAlarm(scope, 'NotCountedAlarm', alarms, notCounted(votes), 0, 3, 12);
  peerAlarm(scope, 'AwaitingRecountAlarm', alarms, ballots(votes, VotingMetrics.BALLOTS_AWAITING_RECOUNT, MINUTE), 0, 1);
  const operations: VotingOperations = {
    v: 1,
    table: votes.tableName,
    countDeadLetters: deadLetters.queueUrl,
    recountFunction: recount.functionName,
    aggregateFunction: aggregate.functionName,
    overflowQueue: overflowing.queue.queueUrl,
    overflowDeadLetters: overflowing.deadLetters.queueUrl,
    drainFunction: overflowing.drain.functionName,
    roomsTable: rooms.tableName,
  };
  new CfnOutput(scope, 'Operations', { description: 'What operators need to know of this pipeline', value: Stack.of(scope).toJsonString(operations) });
}

/** 1 in a period in which votes were accepted and none was counted. */
function notCounted(votes: TableV2): MathExpression {
  const period = Duration.minutes(5);
  const usingMetrics = {
    accepted: ballots(votes, VotingMetrics.BALLOTS_ACCEPTED, period), counted: ballots(votes, VotingMetrics.BALLOTS_COUNTED, period),
  };
  return new MathExpression({ expression: 'IF(accepted > 0, 1, 0) - IF(counted > 0, 1, 0)', usingMetrics, period });
}

function ballots(votes: TableV2, metricName: string, period: Duration): Metric {
  const { NAMESPACE: namespace, TABLE_DIMENSION } = VotingMetrics;
  return new Metric({ namespace, metricName, dimensionsMap: { [TABLE_DIMENSION]: votes.tableName }, statistic: 'Sum', period });
}

function countingEnvironment(votes: TableV2): Record<string, string> {
  return { POWERTOOLS_SERVICE_NAME: 'voting', [VotingEnv.TABLE_NAME]: votes.tableName };
}
