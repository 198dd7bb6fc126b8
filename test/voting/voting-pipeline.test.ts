import type { IConstruct } from 'constructs';
import { VotingPipeline } from '../../src';
import { acknowledged, findings } from '../support/findings';
import { grantsOf } from '../support/grants';
import { brokenRules, properties, resources } from '../support/template';
import { alarm, begin, endpointsOf, make, of, part, removalOf, rooms, stack, table, template } from './pipeline';

describe('by default', () => {
  let voting: VotingPipeline;
  beforeAll(() => {
    begin();
    voting = make();
  });

  test('its table: keys, stream of both images, time to live', () => {
    expect(table()).toMatchObject({
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }],
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      BillingMode: 'PAY_PER_REQUEST',
    });
  });

  test('its table has the local index that keeps a lane on one partition', () => {
    expect(table().LocalSecondaryIndexes).toEqual([{
      IndexName: 'lanePin',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'lanePin', KeyType: 'RANGE' }],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    }]);
  });

  test('its table is restorable to any second, protected and retained', () => {
    expect(table().Replicas[0]).toMatchObject({
      DeletionProtectionEnabled: true, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
    for (const { DeletionPolicy, UpdateReplacePolicy } of Object.values(resources(template(), 'AWS::DynamoDB::GlobalTable'))) {
      expect({ DeletionPolicy, UpdateReplacePolicy }).toEqual({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    }
  });

  test('its endpoints are those of the contract, and all ask for a token', () => {
    for (const [route, endpoint] of Object.entries(endpointsOf(voting))) expect(endpoint.route).toBe(route);
    expect(new Set(properties(template(), 'AWS::ApiGatewayV2::Route').map(({ AuthorizationType }) => AuthorizationType))).toEqual(new Set(['JWT']));
  });

  test('each may do what it does, on the partitions that it does it on, and ask about memberships', () => {
    const membership = 'dynamodb:GetItem on Rooms/Table, keys user#*';
    const together = 'dynamodb:BatchGetItem dynamodb:GetItem on Rooms/Table, keys user#*';
    const poll = 'dynamodb:BatchGetItem dynamodb:GetItem on Voting/Table, keys room#*';
    // Whoever meets a poll whose announced end is past settles it.
    const settles = 'dynamodb:BatchGetItem dynamodb:GetItem dynamodb:UpdateItem on Voting/Table, keys room#*';
    expect(Object.fromEntries(Object.entries(endpointsOf(voting)).map(([route, endpoint]) => [route, grantsOf(endpoint)]))).toEqual({
      'POST /rooms/{roomId}/polls': ['dynamodb:GetItem dynamodb:PutItem on Voting/Table, keys room#* user#*', membership],
      'GET /rooms/{roomId}/polls': ['dynamodb:GetItem dynamodb:Query dynamodb:UpdateItem on Voting/Table, keys room#*', membership],
      'GET /rooms/{roomId}/polls/{pollId}': [settles, together],
      'POST /rooms/{roomId}/polls/{pollId}/votes': [
        settles, together, 'dynamodb:UpdateItem on Voting/Table, keys ballot#*', 'sqs:SendMessage on Voting/Overflow/Queue',
      ],
      'GET /rooms/{roomId}/polls/{pollId}/results': [
        settles, together, 'dynamodb:GetItem on Voting/Table, keys ballot#*', 'dynamodb:Query on Voting/Table, keys tally#*',
      ],
      'GET /rooms/{roomId}/polls/{pollId}/ballots': [together, poll, 'dynamodb:Query on Voting/Table, keys ballot#*'],
      'POST /rooms/{roomId}/polls/{pollId}/close': [settles, together],
    });
  });

  test('who counts may change tallies, read the stream and give up a batch: it can write no ballot', () => {
    expect(grantsOf(part('Aggregation'))).toEqual([
      'dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator dynamodb:ListStreams on Voting/Table.StreamArn',
      'dynamodb:GetItem dynamodb:UpdateItem on Voting/Table, keys tally#*',
      'sqs:SendMessage on Voting/Aggregation/DeadLetters',
    ]);
  });

  test('who writes queued ballots may write ballots and take messages, and nothing else', () => {
    expect(grantsOf(part('Overflow'))).toEqual([
      'dynamodb:PutItem on Voting/Table, keys ballot#*',
      'sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage on Voting/Overflow/Queue',
    ]);
  });

  test('who counts again may read polls and ballots, mark a lane, and change tallies', () => {
    expect(grantsOf(part('Recount'))).toEqual([
      'dynamodb:GetItem dynamodb:UpdateItem on Voting/Table, keys tally#*',
      'dynamodb:GetItem on Voting/Table, keys room#*',
      'dynamodb:PutItem dynamodb:Query on Voting/Table, keys ballot#*',
    ]);
  });

  test('they find the tables and queues in their environment, and nothing else', () => {
    const common = { POWERTOOLS_SERVICE_NAME: 'voting', VOTING_TABLE_NAME: stack.resolve(voting.table.tableName) };
    const asking = { ...common, ROOMS_TABLE_NAME: stack.resolve(rooms.table.tableName) };
    const environment = (fn?: IConstruct) => of(fn!).Environment.Variables;
    expect(environment(voting.readPollEndpoint.lambdaFunction)).toEqual(asking);
    expect(environment(voting.createPollEndpoint.lambdaFunction)).toEqual({ ...asking, VOTING_LANES: '24' });
    expect(environment(voting.castVoteEndpoint.lambdaFunction)).toEqual({
      ...asking,
      VOTING_INGESTION: 'overflow',
      VOTING_QUEUE_URL: stack.resolve(voting.overflowQueue!.queueUrl),
    });
    expect(environment(voting.aggregator)).toEqual({ ...common, VOTING_DEAD_LETTERS_URL: stack.resolve(voting.deadLetterQueue.queueUrl) });
    expect(environment(voting.drain)).toEqual(common);
    expect(environment(voting.recount)).toEqual(common);
  });

  test('ballots are counted in order, one batch of a shard at a time, and nothing else wakes who counts', () => {
    expect(of(part('Aggregation').node.findChild('Ballots'))).toEqual({
      EventSourceArn: stack.resolve(voting.table.tableStreamArn),
      FunctionName: stack.resolve(voting.aggregator.functionName),
      FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ dynamodb: { Keys: { pk: { S: [{ prefix: 'ballot#' }] } } } }) }] },
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 1000,
      MaximumBatchingWindowInSeconds: 1,
      ParallelizationFactor: 1,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRecordAgeInSeconds: 21_600,
      DestinationConfig: { OnFailure: { Destination: stack.resolve(voting.deadLetterQueue.queueArn) } },
    });
  });

  test('queued ballots are written by a bounded number of instances; those that fail come again, the others do not', () => {
    expect(of(part('Overflow').node.findChild('Ballots'))).toEqual({
      EventSourceArn: stack.resolve(voting.overflowQueue!.queueArn),
      FunctionName: stack.resolve(voting.drain!.functionName),
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 1,
      ScalingConfig: { MaximumConcurrency: 2 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  test('queued ballots wait for a week at most, then are kept for two; they outlive the stack', () => {
    expect(of(voting.overflowQueue!)).toMatchObject({
      MessageRetentionPeriod: 604_800,
      RedrivePolicy: { deadLetterTargetArn: stack.resolve(voting.overflowDeadLetterQueue!.queueArn), maxReceiveCount: 20 },
      SqsManagedSseEnabled: true,
    });
    expect(of(voting.overflowDeadLetterQueue!)).toMatchObject({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
    expect([voting.overflowQueue, voting.overflowDeadLetterQueue].map(removalOf)).toEqual(['Retain', 'Retain']);
  });

  test('what could not be counted outlives the stack, like what could not be written', () => {
    expect(removalOf(voting.deadLetterQueue)).toBe('Retain');
  });

  test('a message is hidden for at least six times the drain and its window, as AWS asks', () => {
    expect(of(voting.overflowQueue!).VisibilityTimeout).toBeGreaterThanOrEqual(6 * of(voting.drain!).Timeout + 1);
  });

  test('what cannot be counted is kept for 14 days, encrypted, and taken over TLS only', () => {
    expect(of(voting.deadLetterQueue)).toEqual({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
    const policies = properties(template(), 'AWS::SQS::QueuePolicy');
    expect(policies).toHaveLength(3);
    for (const { PolicyDocument } of policies) {
      expect(PolicyDocument.Statement).toContainEqual(expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }));
    }
  });

  test('alarms: on dead letters, on ballots that wait, on a close that is slower than it is by design', () => {
    expect(alarm('voting-dead-letters')).toMatchObject({
      MetricName: 'ApproximateNumberOfMessagesVisible', Statistic: 'Maximum', Threshold: 0, DatapointsToAlarm: 1,
    });
    expect(alarm('voting-stream-age')).toMatchObject({ MetricName: 'IteratorAge', Statistic: 'Maximum', Threshold: 60_000, DatapointsToAlarm: 3 });
    expect(alarm('endpoint-latency')).toMatchObject({ MetricName: 'Duration', ExtendedStatistic: 'p95', Threshold: 3000 });
  });

  test('alarms: on ballots that wait for a recount, from the first one on', () => {
    expect(alarm('voting-awaiting-recount')).toMatchObject({
      MetricName: 'BallotsAwaitingRecount', Statistic: 'Sum', Threshold: 0, DatapointsToAlarm: 1, AlarmDescription: expect.stringContaining('[page]'),
    });
  });

  test('alarms: on queued ballots that wait, and on those that could not be written', () => {
    expect(alarm('voting-overflow-age')).toMatchObject({ MetricName: 'ApproximateAgeOfOldestMessage', Statistic: 'Maximum', Threshold: 300 });
    expect(alarm('voting-overflow-dead-letters')).toMatchObject({ MetricName: 'ApproximateNumberOfMessagesVisible', Threshold: 0 });
  });

  test('dead letters that nobody touches stay alarmed: SQS falls silent about them after six hours', () => {
    for (const name of ['voting-dead-letters', 'voting-overflow-dead-letters']) expect(alarm(name).TreatMissingData).toBe('ignore');
    for (const name of ['voting-stream-age', 'voting-overflow-age']) expect(alarm(name).TreatMissingData).toBe('notBreaching');
  });

  test('operators\' tools find what they need in an output', () => {
    const outputs = JSON.stringify(Object.values(template().findOutputs('*')).filter(({ Description }) => Description.includes('trinity-ops')));
    const { table: { tableName }, recount: { functionName }, overflowQueue } = voting;
    for (const known of [tableName, functionName, overflowQueue!.queueUrl]) expect(outputs).toContain(JSON.stringify(stack.resolve(known)));
  });

  test('metrics are those of the stream and of the dead letters', () => {
    expect(voting.metricStreamAge()).toMatchObject({
      metricName: 'IteratorAge', statistic: 'Maximum', dimensions: { FunctionName: voting.aggregator.functionName },
    });
    expect(voting.metricDeadLetters({ statistic: 'Average' })).toMatchObject({
      metricName: 'ApproximateNumberOfMessagesVisible', statistic: 'Average',
    });
    for (const [metric, metricName] of [[voting.metricBallotsAccepted(), 'BallotsAccepted'], [voting.metricBallotsCounted(), 'BallotsCounted']] as const) {
      expect(metric).toMatchObject({ namespace: 'TrinityConstructs/Voting', metricName, statistic: 'Sum', dimensions: { Table: voting.table.tableName } });
    }
    expect(voting.metricOverflowAge()).toMatchObject({ metricName: 'ApproximateAgeOfOldestMessage', statistic: 'Maximum' });
    expect(voting.metricOverflowDeadLetters()).toMatchObject({ metricName: 'ApproximateNumberOfMessagesVisible', statistic: 'Maximum' });
  });

  test('cdk-nag finds nothing, nor does anybody else', () => {
    expect(findings(stack)).toEqual([]);
    expect(brokenRules(template())).toEqual([]);
    expect(Object.keys(acknowledged(part('Aggregation').node.findChild('DeadLetters')))).toEqual([
      'AwsSolutions-SQS3 at Test/Voting/Aggregation/DeadLetters', 'Serverless-SQSRedrivePolicy at Test/Voting/Aggregation/DeadLetters',
    ]);
  });
});
