import { Lazy, Token } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Ingestion, Monitoring, StagePreset, VotingPipeline, type VotingPipelineOptions } from '../../src';
import { alarmTopic, monitoredStack, stackWithRegion, testApp } from '../support/app';
import { findings } from '../support/findings';
import { grantsOf } from '../support/grants';
import { refusal } from '../support/refusal';
import { only, properties } from '../support/template';
import { begin, endpointsOf, environments, make, of, part, removalOf, rooms, stack, table, template } from './pipeline';

describe('props', () => {
  test('lanes: of the polls that are opened from now on', () => {
    begin();
    make({ lanes: 64 });
    expect(environments().map(({ VOTING_LANES }) => VOTING_LANES).filter((lanes) => lanes !== undefined)).toEqual(['64']);
  });

  test('expectedPeakVotesPerSecond: what the pipeline is sized by; its own props win', () => {
    begin();
    const { capacity } = make({ expectedPeakVotesPerSecond: 10_000 });
    expect(capacity).toMatchObject({ lanes: 128, batchSize: 2_000, drainConcurrency: 20 });
    expect(of(part('Aggregation').node.findChild('Ballots')).BatchSize).toBe(2_000);
    expect(of(part('Overflow').node.findChild('Ballots')).ScalingConfig).toEqual({ MaximumConcurrency: 20 });
    expect(environments()).toContainEqual(expect.objectContaining({ VOTING_LANES: '128' }));
    begin();
    make({ expectedPeakVotesPerSecond: 10_000, lanes: 8, ingestion: Ingestion.overflow({ drainConcurrency: 3 }) });
    expect(of(part('Overflow').node.findChild('Ballots')).ScalingConfig).toEqual({ MaximumConcurrency: 3 });
    expect(environments()).toContainEqual(expect.objectContaining({ VOTING_LANES: '8' }));
  });

  test.each([1_000, 10_000, 100_000])('expectedPeakVotesPerSecond %d: the template says nothing of warm throughput, so it can be lowered', (peak) => {
    begin();
    make({ expectedPeakVotesPerSecond: peak });
    expect(JSON.stringify(template().toJSON())).not.toContain('WarmThroughput');
  });

  test('expectedPeakVotesPerSecond: the table is the same whatever it is', () => {
    const tables = [100_000, 10_000].map((peak) => {
      begin();
      make({ expectedPeakVotesPerSecond: peak });
      return table();
    });
    expect(tables[1]).toEqual(tables[0]);
  });

  test.each([[33_333, []], [33_334, [expect.stringContaining('expectedPeakVotesPerSecond 33334 needs 40001 write units per second')]]])(
    'expectedPeakVotesPerSecond %d: a warning above the quota of a table', (peak, warnings) => {
      begin();
      make({ expectedPeakVotesPerSecond: peak, voteThrottle: { rateLimit: peak, burstLimit: 5_000 } });
      const found = Annotations.fromStack(stack).findWarning('/Test/Voting', Match.stringLikeRegexp('quota'));
      expect(found.map(({ entry }) => entry.data)).toEqual(warnings);
    },
  );

  test.each([
    [{ expectedPeakVotesPerSecond: 5_000 }, []],
    [{ expectedPeakVotesPerSecond: 5_001 }, [expect.stringContaining('expectedPeakVotesPerSecond is 5001, and the API lets 5000 votes per second through')]],
    [{ expectedPeakVotesPerSecond: 5_001, voteThrottle: { rateLimit: 6_000, burstLimit: 3_000 } }, []],
    [{ expectedPeakVotesPerSecond: 200, voteThrottle: { rateLimit: 100, burstLimit: 100 } }, [expect.stringContaining('lets 100 votes per second through')]],
  ])('expectedPeakVotesPerSecond: a warning above the throttle of the votes (%j)', (options, warnings) => {
    begin();
    make(options);
    expect(Annotations.fromStack(stack).findWarning('/Test/Voting', Match.anyValue()).map(({ entry }) => entry.data)).toEqual(warnings);
  });

  test('maximumWriteUnits: may be below the expected peak, then ballots wait in the queue', () => {
    begin();
    make({ expectedPeakVotesPerSecond: 10_000, maximumWriteUnits: 10 });
    expect(table().WriteOnDemandThroughputSettings).toEqual({ MaxWriteRequestUnits: 10 });
  });

  test('ingestion direct: there is no queue, and nobody may write to one', () => {
    begin();
    const voting = make({ ingestion: Ingestion.direct() });
    expect([voting.overflowQueue, voting.drain, voting.metricOverflowAge()]).toEqual([undefined, undefined, undefined]);
    template().resourceCountIs('AWS::SQS::Queue', 1);
    expect(grantsOf(voting.castVoteEndpoint).filter((line) => line.startsWith('sqs:'))).toEqual([]);
    expect(environments()).toContainEqual(expect.objectContaining({ VOTING_INGESTION: 'direct' }));
    expect(findings(stack)).toEqual([]);
  });

  test('ingestion buffered: who takes votes may queue ballots and write none', () => {
    begin();
    const { castVoteEndpoint } = make({ ingestion: Ingestion.buffered({ drainConcurrency: 5 }) });
    expect(grantsOf(castVoteEndpoint)).toEqual([
      'dynamodb:BatchGetItem dynamodb:GetItem dynamodb:UpdateItem on Voting/Table, keys room#*',
      'dynamodb:BatchGetItem dynamodb:GetItem on Rooms/Table, keys user#*',
      'sqs:SendMessage on Voting/Overflow/Queue',
    ]);
    expect(of(castVoteEndpoint.lambdaFunction).Environment.Variables.VOTING_INGESTION).toBe('buffered');
  });

  test('maximumWriteUnits: of the table', () => {
    begin();
    make({ maximumWriteUnits: 5_000 });
    expect(table().WriteOnDemandThroughputSettings).toEqual({ MaxWriteRequestUnits: 5_000 });
  });

  test('voteReservedConcurrency, countReservedConcurrency: of the functions that take votes and count', () => {
    begin();
    const voting = make({ voteReservedConcurrency: 100, countReservedConcurrency: 10 });
    expect([voting.castVoteEndpoint.lambdaFunction, voting.aggregator].map((fn) => of(fn).ReservedConcurrentExecutions)).toEqual([100, 10]);
  });

  test('voteThrottle: of the route that votes come by', () => {
    begin();
    make({ voteThrottle: { rateLimit: 2000, burstLimit: 1000 } });
    expect(only(template(), 'AWS::ApiGatewayV2::Stage').RouteSettings).toEqual({
      'POST /rooms/{roomId}/polls/{pollId}/votes': { ThrottlingRateLimit: 2000, ThrottlingBurstLimit: 1000 },
    });
  });

  test('warmInstances: of the function that takes votes', () => {
    begin();
    const { castVoteEndpoint } = make({ warmInstances: 5 });
    expect(only(template(), 'AWS::Lambda::Alias')).toMatchObject({
      FunctionName: stack.resolve(castVoteEndpoint.lambdaFunction.functionName), ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 5 },
    });
  });

  test('encryptionKey: of the table and the queues; everybody who needs it may use it', () => {
    begin(stackWithRegion());
    const key = new Key(stack, 'Key', { enableKeyRotation: true });
    const voting = make({ encryptionKey: key });
    expect(table().Replicas[0].SSESpecification.KMSMasterKeyId).toEqual(stack.resolve(key.keyArn));
    for (const { KmsMasterKeyId } of properties(template(), 'AWS::SQS::Queue')) expect(KmsMasterKeyId).toEqual(stack.resolve(key.keyArn));
    expect(grantsOf(part('Overflow'))).toContainEqual(expect.stringMatching(/^kms:Decrypt .*on Key$/));
    for (const endpoint of Object.values(endpointsOf(voting))) {
      expect(grantsOf(endpoint)).toContainEqual(expect.stringMatching(/^kms:Decrypt kms:DescribeKey.* on Key$/));
    }
    expect(grantsOf(part('Aggregation'))).toContainEqual(expect.stringMatching(/^kms:Decrypt .*kms:Encrypt .*kms:GenerateDataKey.* on Key$/));
    expect(findings(stack)).toEqual([]);
  });

  test('monitoring: of its alarms', () => {
    begin();
    const mine = alarmTopic(stack, 'Mine');
    make({ monitoring: Monitoring.to(mine) });
    template().resourcePropertiesCountIs('AWS::CloudWatch::Alarm', { AlarmActions: [stack.resolve(mine.topicArn)] }, 10);
  });

  test('stage: of its table, its queues and its logs', () => {
    begin();
    const { overflowQueue } = make({ stage: StagePreset.development() });
    expect(table().Replicas[0].DeletionProtectionEnabled).toBe(false);
    template().resourcePropertiesCountIs('AWS::Logs::LogGroup', { RetentionInDays: 7 }, 10);
    expect(removalOf(overflowQueue)).toBe('Delete');
  });
});

describe('what is refused', () => {
  beforeEach(() => begin());

  test.each<[string, VotingPipelineOptions, string, RegExp]>([
    ['no lanes', { lanes: 0 }, 'lanes is 0', /1 to 256/],
    ['more lanes than one query reads', { lanes: 257 }, 'lanes is 257', /1 to 256/],
    ['half a lane', { lanes: 1.5 }, 'lanes is 1.5', /whole number/],
    ['no peak', { expectedPeakVotesPerSecond: 0 }, 'expectedPeakVotesPerSecond is 0', /1 to 1000000/],
    ['a table that takes nothing', { maximumWriteUnits: 0 }, 'maximumWriteUnits is 0', /whole number/],
    ['no instance that takes votes', { voteReservedConcurrency: 0 }, 'voteReservedConcurrency is 0', /whole number/],
    ['no instance that counts', { countReservedConcurrency: 0 }, 'countReservedConcurrency is 0', /whole number/],
    ['one drain, which SQS refuses', { ingestion: Ingestion.overflow({ drainConcurrency: 1 }) }, 'ingestion.drainConcurrency is 1', /2 to 1000/],
    ['no warm instances', { warmInstances: 0 }, 'warmInstances is 0', /1 to 10000/],
    ['a throttle that lets no vote through', { voteThrottle: { rateLimit: 0, burstLimit: 0 } }, 'voteThrottle.rateLimit is 0', /whole number/],
  ])('%s', (_, options, what, mend) => {
    expect(refusal(() => make(options))).toEqual({ what, at: 'Test/Voting', mend: expect.stringMatching(mend) });
    template().resourceCountIs('AWS::Lambda::EventSourceMapping', 0);
  });

  test('a throttle of a route in another stack than the API', () => {
    const other = monitoredStack(stack.node.root as ReturnType<typeof testApp>, 'Other');
    const build = () => new VotingPipeline(other, 'Voting', { rooms, voteThrottle: { rateLimit: 1, burstLimit: 1 } });
    expect(refusal(build)).toMatchObject({
      what: 'voteThrottle is given outside the stack of the API', at: 'Other/Voting', mend: expect.stringContaining('leave it out'),
    });
  });

  test('a peak that is known only at deployment: the size is decided at synthesis', () => {
    expect(refusal(() => make({ expectedPeakVotesPerSecond: Token.asNumber(Lazy.any({ produce: () => 4 })) }))).toEqual({
      what: 'expectedPeakVotesPerSecond is known only at deployment', at: 'Test/Voting', mend: expect.stringContaining('give a number'),
    });
  });

  test('but what is known only at deployment passes', () => {
    make({ lanes: Token.asNumber(Lazy.any({ produce: () => 4 })) });
    expect(environments()).toContainEqual(expect.objectContaining({ VOTING_LANES: '4' }));
  });
});
