import { CloudWatchClient, DescribeAlarmsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient, DescribeStreamCommand, GetRecordsCommand, GetShardIteratorCommand, ListStreamsCommand } from '@aws-sdk/client-dynamodb-streams';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, SendMessageCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { App, Stack } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { type LocalCloud, startLocalCloud } from '../../local';
import { Monitoring, StagePreset, Trinity } from '../../src';
import { ApiClient, type User } from './support/client';
import { type Fault, FaultProxy } from './support/fault-proxy';
import { killWorkers } from './support/workers';

/** The deployed system under faults: nothing that was accepted is lost, nothing is counted twice. */
const VOTERS = 10;

let cloud: LocalCloud;
let proxy: FaultProxy;
let api: ApiClient;
let people: User[];
let operations: { table: string; countDeadLetters: string; overflowQueue: string; overflowDeadLetters: string; aggregateFunction: string };
/** The physical name of the function that writes queued ballots. */
let drain: string;
let dynamo: DynamoDBClient;
let streams: DynamoDBStreamsClient;
let lambda: LambdaClient;
let sqs: SQSClient;
let cloudWatch: CloudWatchClient;

/** Sends a function's calls to the table through the proxy. */
function viaProxy(construct: IConstruct): void {
  const fn = construct.node.findAll().find((child): child is CfnFunction => child instanceof CfnFunction)!;
  fn.addPropertyOverride('Environment.Variables.AWS_ENDPOINT_URL_DYNAMODB', proxy.url);
}

beforeAll(async () => {
  proxy = await FaultProxy.start();
  const app = new App();
  const stack = new Stack(app, 'TrinityFaults');
  Monitoring.to(new Topic(stack, 'Alarms')).on(stack);
  const trinity = new Trinity(stack, 'Trinity', { stage: StagePreset.development({ throttleRate: 1_000, throttleBurst: 1_000 }) });
  for (const construct of [trinity.voting.castVoteEndpoint, trinity.voting.aggregator, trinity.voting.drain!]) viaProxy(construct);
  cloud = await startLocalCloud({ app });
  proxy.towards(cloud.endpoint);
  const { url } = cloud.urls.find(({ kind }) => kind === 'http')!;
  const { endpoint, region, credentials } = cloud;
  api = new ApiClient({ url, endpoint, region, credentials, openApi: trinity.api.openApi(), roomsTable: '', votingTable: '' });
  const configuration = { endpoint, region, credentials };
  dynamo = new DynamoDBClient(configuration);
  streams = new DynamoDBStreamsClient(configuration);
  lambda = new LambdaClient(configuration);
  sqs = new SQSClient(configuration);
  cloudWatch = new CloudWatchClient(configuration);
  const [, output] = Object.entries(cloud.rawOutputs.TrinityFaults).find(([key]) => key.includes('Operations'))!;
  operations = JSON.parse(output);
  drain = cloud.resources.TrinityFaults.find(({ type, path }) => type === 'AWS::Lambda::Function' && path?.includes('/Overflow/'))!.physicalId;
  // A drain that failed is tried again after the queue's visibility timeout: minutes, which no test waits for.
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: operations.overflowQueue, Attributes: { VisibilityTimeout: '2' } }));
  people = await api.users(VOTERS);
}, 90_000);

afterAll(async () => {
  for (const client of [dynamo, streams, lambda, sqs, cloudWatch]) client?.destroy();
  await cloud?.stop();
  await proxy?.stop();
});

afterEach(() => proxy.lift());

/** A room with everybody in it, and a poll. */
async function opened(): Promise<{ path: string; first: string; second: string; pollId: string }> {
  const [owner, ...guests] = people;
  const room = await api.roomOf(owner, guests);
  const poll = await api.poll(owner, room.roomId);
  return { path: `/rooms/${room.roomId}/polls/${poll.pollId}`, first: poll.options[0].optionId, second: poll.options[1].optionId, pollId: poll.pollId };
}

const vote = (user: User, path: string, optionId: string) => api.call('POST', `${path}/votes`, { token: user.accessToken, body: { optionId } });

/** Votes as a careful client does: again until the answer says what became of it. */
async function voteSurely(user: User, path: string, optionId: string): Promise<number> {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    try {
      const { status } = await vote(user, path, optionId);
      if (status < 500) return status;
    } catch (error) {
      if (error instanceof Error && error.message.includes('OpenAPI')) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('no answer after ten attempts');
}

/** The final results, a while after they have become as expected: a vote counted twice would show by then. */
async function settled(path: string, total: number): Promise<any> {
  await api.resultsWhen(people[0], path, (results) => results.total >= total, 30_000);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  return (await api.call('GET', `${path}/results`, { token: people[0].accessToken })).body;
}

async function depth(QueueUrl: string): Promise<number> {
  const { Attributes: { ApproximateNumberOfMessages: messages = '0' } = {} } =
    await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }));
  return Number(messages);
}

/** The alarm of that section of the runbook is on that queue, and rings by what the queue holds. */
async function expectRings(section: string, QueueUrl: string): Promise<void> {
  const messages = await depth(QueueUrl);
  const { MetricAlarms: alarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({}));
  const alarm = alarms.find(({ AlarmDescription }) => AlarmDescription?.includes(`#${section}`))!;
  expect(alarm).toMatchObject({
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Dimensions: [{ Name: 'QueueName', Value: QueueUrl.split('/').at(-1) }],
    ComparisonOperator: 'GreaterThanThreshold',
  });
  expect(messages).toBeGreaterThan(alarm.Threshold!);
  // The emulator measures no queues: the harness tells CloudWatch the depth that it has just read. Nor does it look at dimensions.
  await cloudWatch.send(new PutMetricDataCommand({
    Namespace: alarm.Namespace!,
    MetricData: [{ MetricName: alarm.MetricName!, Dimensions: alarm.Dimensions, Value: messages, Timestamp: new Date() }],
  }));
  const { MetricAlarms: [rung] = [] } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [alarm.AlarmName!] }));
  expect(rung.StateValue).toBe('ALARM');
}

/** A ballot is written by an update while its voter waits, by a put from the queue. */
const BALLOTS = { operations: ['PutItem', 'UpdateItem'], about: 'ballot#' };
const TALLIES = { operations: ['UpdateItem'], about: 'tally#' };

const halves = ({ first, second }: { first: string; second: string }) => people.map((_, index) => (index % 2 === 0 ? first : second));

it('counts every vote of a table that throttles: the voters are told 202, the queue drains when it takes writes again', async () => {
  const poll = await opened();
  proxy.inject({ ...BALLOTS, fault: 'throttle' });
  const answers = await Promise.all(people.map((user, index) => vote(user, poll.path, halves(poll)[index])));
  expect(answers.map(({ status }) => status)).toEqual(new Array(VOTERS).fill(202));
  // The drain meets the same table for a while: what it cannot write stays in the queue.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  expect((await api.call('GET', `${poll.path}/results`, { token: people[0].accessToken })).body.total).toBe(0);
  proxy.lift();
  expect(proxy.injected).toBeGreaterThan(VOTERS);
  expect(await settled(poll.path, VOTERS)).toMatchObject({ total: VOTERS, counts: { [poll.first]: VOTERS / 2, [poll.second]: VOTERS / 2 } });
});

it('counts a vote once whose write was done and whose answer was lost, and tells its voter that it was the first', async () => {
  const poll = await opened();
  proxy.inject({ ...BALLOTS, fault: 'lose-answer', times: VOTERS });
  const statuses = await Promise.all(people.map((user, index) => voteSurely(user, poll.path, halves(poll)[index])));
  expect(statuses.filter((status) => ![201, 202].includes(status))).toEqual([]);
  expect(await settled(poll.path, VOTERS)).toMatchObject({ total: VOTERS, counts: { [poll.first]: VOTERS / 2, [poll.second]: VOTERS / 2 } });
});

it('counts a batch once whose tally was written and whose answer was lost, and one that the table throttles at first', async () => {
  for (const fault of ['lose-answer', 'throttle'] as const) {
    const poll = await opened();
    proxy.inject({ ...TALLIES, fault, times: 6 });
    await Promise.all(people.map((user, index) => voteSurely(user, poll.path, halves(poll)[index])));
    expect(await settled(poll.path, VOTERS)).toMatchObject({ total: VOTERS, counts: { [poll.first]: VOTERS / 2, [poll.second]: VOTERS / 2 } });
    proxy.lift();
  }
});

it('counts every vote once whose counter is killed in the middle of its batch, before its write and after it', async () => {
  for (const fault of ['kill-before', 'kill-after'] satisfies Fault[]) {
    const poll = await opened();
    let killed = 0;
    proxy.inject({ ...TALLIES, fault, times: 2, kill: () => { killed += killWorkers(operations.aggregateFunction, cloud.endpoint); } });
    await Promise.all(people.map((user, index) => voteSurely(user, poll.path, halves(poll)[index])));
    expect(await settled(poll.path, VOTERS)).toMatchObject({ total: VOTERS, counts: { [poll.first]: VOTERS / 2, [poll.second]: VOTERS / 2 } });
    expect(killed).toBeGreaterThan(0);
    proxy.lift();
  }
});

it('counts every queued vote once whose drain is killed again and again', async () => {
  const poll = await opened();
  proxy.inject({ ...BALLOTS, fault: 'throttle' });
  const answers = await Promise.all(people.map((user, index) => vote(user, poll.path, halves(poll)[index])));
  expect(answers.map(({ status }) => status)).toEqual(new Array(VOTERS).fill(202));
  let killed = 0;
  proxy.inject({ ...BALLOTS, fault: 'kill-after', times: 3, kill: () => { killed += killWorkers(drain, cloud.endpoint); } });
  expect(await settled(poll.path, VOTERS)).toMatchObject({ total: VOTERS, counts: { [poll.first]: VOTERS / 2, [poll.second]: VOTERS / 2 } });
  expect(killed).toBeGreaterThan(0);
});

it('counts a batch once that is delivered again, whole and in parts', async () => {
  const poll = await opened();
  await Promise.all(people.map((user, index) => voteSurely(user, poll.path, halves(poll)[index])));
  const before = await settled(poll.path, VOTERS);
  const records = (await streamRecords()).filter(({ dynamodb }) => dynamodb.Keys.pk.S.startsWith(`ballot#${poll.pollId}`));
  expect(records.length).toBe(VOTERS);
  await Promise.all([records, records, records.slice(3), records.slice(0, 5)].map(deliver));
  expect(await settled(poll.path, VOTERS)).toEqual(expect.objectContaining({ total: before.total, counts: before.counts, version: before.version }));
});

it('keeps counting when a record cannot be read: that one goes to the dead letters and an alarm rings', async () => {
  const poll = await opened();
  await dynamo.send(new PutItemCommand({ TableName: operations.table, Item: { pk: { S: `ballot#${poll.pollId}#0` }, sk: { S: 'nobody' }, garbage: { BOOL: true } } }));
  await Promise.all(people.map((user, index) => voteSurely(user, poll.path, halves(poll)[index])));
  expect(await settled(poll.path, VOTERS)).toMatchObject({ total: VOTERS, counts: { [poll.first]: VOTERS / 2, [poll.second]: VOTERS / 2 } });
  await expectRings('voting-dead-letters', operations.countDeadLetters);
});

it('puts aside a queued message that is no ballot, and an alarm rings', async () => {
  const { Attributes: attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: operations.overflowQueue, AttributeNames: ['RedrivePolicy'] }));
  // Twenty attempts, two seconds apart, are more than a test waits for.
  const RedrivePolicy = JSON.stringify({ ...JSON.parse(attributes.RedrivePolicy!), maxReceiveCount: 2 });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: operations.overflowQueue, Attributes: { RedrivePolicy } }));
  await sqs.send(new SendMessageCommand({ QueueUrl: operations.overflowQueue, MessageBody: '{"v":1,"noise":true}' }));
  const limit = performance.now() + 30_000;
  while (await depth(operations.overflowDeadLetters) === 0 && performance.now() < limit) await new Promise((resolve) => setTimeout(resolve, 250));
  await expectRings('voting-overflow-dead-letters', operations.overflowDeadLetters);
});

it('loses nothing when the whole cloud stops for a while', async () => {
  const poll = await opened();
  const voting = Promise.all(people.map((user, index) => voteSurely(user, poll.path, halves(poll)[index])));
  await new Promise((resolve) => setTimeout(resolve, 60));
  process.kill(cloud.emulatorPid!, 'SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  process.kill(cloud.emulatorPid!, 'SIGCONT');
  const statuses = await voting;
  expect(statuses.filter((status) => ![201, 202].includes(status))).toEqual([]);
  expect(await settled(poll.path, VOTERS)).toMatchObject({ total: VOTERS, counts: { [poll.first]: VOTERS / 2, [poll.second]: VOTERS / 2 } });
});

/** All that the stream holds, as a Lambda event has it. */
async function streamRecords(): Promise<any[]> {
  const { Streams: [{ StreamArn: arn }] = [{}] } = await streams.send(new ListStreamsCommand({ TableName: operations.table }));
  const { StreamDescription: description } = await streams.send(new DescribeStreamCommand({ StreamArn: arn }));
  const records = await Promise.all((description?.Shards ?? []).map(async ({ ShardId: shard }) => {
    const { ShardIterator: iterator } = await streams.send(new GetShardIteratorCommand({ StreamArn: arn, ShardId: shard, ShardIteratorType: 'TRIM_HORIZON' }));
    const { Records: page = [] } = await streams.send(new GetRecordsCommand({ ShardIterator: iterator }));
    // As a function receives them: with their stream, and with seconds in the place of a date.
    return page.map(({ dynamodb, ...record }) => ({
      ...record,
      eventSourceARN: arn,
      dynamodb: { ...dynamodb, ApproximateCreationDateTime: Math.floor(Number(dynamodb?.ApproximateCreationDateTime) / 1_000) },
    }));
  }));
  return JSON.parse(JSON.stringify(records.flat()));
}

async function deliver(records: any[]): Promise<void> {
  const Payload = JSON.stringify({ Records: records });
  const answer = await lambda.send(new InvokeCommand({ FunctionName: operations.aggregateFunction, Payload }));
  expect(JSON.parse(Buffer.from(answer.Payload!).toString())).toEqual({ batchItemFailures: [] });
}
