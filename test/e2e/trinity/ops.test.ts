import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  CreateTableCommand, DeleteItemCommand, DescribeTableCommand, DynamoDBClient, GetItemCommand, paginateScan, PutItemCommand,
  ScanCommand, UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { DescribeStreamCommand, DynamoDBStreamsClient, GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-dynamodb-streams';
import { DeleteMessageCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { DeadBallot, QueuedBallot, VotingOperations } from '../../../src/voting/contract';
import { ApiClient } from '../support/client';

const STACK = 'TrinityTest';
const COMMAND = join(__dirname, '..', '..', '..', 'bin', 'trinity-ops');

const api = new ApiClient();
const { endpoint, region, credentials, votingTable } = api.target;
const config = { endpoint, region, credentials };
const sqs = new SQSClient({ ...config, useQueueUrlAsEndpoint: false });
const dynamo = new DynamoDBClient(config);
const streams = new DynamoDBStreamsClient(config);

let folder: string;
let operations: VotingOperations;
let roomId: string;
let pollId: string;
let path: string;
let option: string;
let owner: Awaited<ReturnType<ApiClient['user']>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trinity-ops-'));
  const { Stacks: [stack] = [] } = await new CloudFormationClient(config).send(new DescribeStacksCommand({ StackName: STACK }));
  operations = JSON.parse(stack.Outputs!.find(({ OutputKey }) => /Operations/.test(OutputKey!))!.OutputValue!);

  owner = await api.user();
  ({ roomId } = await api.room(owner));
  const poll = await api.poll(owner, roomId);
  ({ pollId } = poll);
  option = poll.options[0].optionId;
  path = `/rooms/${roomId}/polls/${pollId}`;
  expect((await api.call('POST', `${path}/votes`, { token: owner.accessToken, body: { optionId: option } })).status).toBe(201);
  expect((await total(1)).total).toBe(1);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  for (const client of [sqs, dynamo, streams]) client.destroy();
});

const total = (expected: number) => api.resultsWhen(owner, path, (results) => results.total === expected);

interface Ended { readonly status: number; readonly out: string; readonly err: string }

/** Runs the shipped command as an operator would, in a folder of no app. */
const ops = (...args: string[]): Promise<Ended> => start(...args).ended;

function start(...args: string[]): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, [COMMAND, ...args, ...(args.includes('--stack') ? [] : ['--stack', STACK]), '--local'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL: endpoint,
      TRINITY_LOCAL_ACCESS_KEY_ID: credentials.accessKeyId,
      TRINITY_LOCAL_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => { out += chunk.toString('utf8'); });
  child.stderr.on('data', (chunk: Buffer) => { err += chunk.toString('utf8'); });
  return { child, ended: new Promise((resolve) => child.once('close', (code) => resolve({ status: code ?? -1, out, err }))) };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const limit = Date.now() + 20_000;
  while (!await holds()) {
    if (Date.now() > limit) throw new Error(`It never came: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function heldIn(url: string): Promise<number> {
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['ApproximateNumberOfMessagesNotVisible'] }));
  return Number(Attributes!.ApproximateNumberOfMessagesNotVisible);
}

/** Holds every message of a queue, as another run would. Gives their receipts. */
async function holdAll(url: string): Promise<string[]> {
  const receipts: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, VisibilityTimeout: 120 }));
    if (Messages.length === 0) return receipts;
    receipts.push(...Messages.map(({ ReceiptHandle }) => ReceiptHandle!));
  }
}

async function put(url: string, message: unknown): Promise<string> {
  const { MessageId } = await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: typeof message === 'string' ? message : JSON.stringify(message) }));
  return MessageId!;
}

/** The messages of a dead-letter queue as `dlq list` tells them, by their ids. */
async function list(queue: 'count' | 'overflow'): Promise<Map<string, any>> {
  const { status, out, err } = await ops('dlq', 'list', '--queue', queue, '--json');
  if (status !== 0) throw new Error(err);
  return new Map(JSON.parse(out).queues[0].groups.flatMap(({ messages }: any) => messages.map((message: any) => [message.id, message])));
}

function deadBallot(): DeadBallot {
  return { v: 1, kind: 'ballot', lane: { pollId, lane: 0 }, keys: { sk: { S: owner.userId } }, sequence: '1', reason: 'Put there by a test' };
}

/** What Lambda would say of the batch with this poll's ballots, read from the real stream. */
async function givenUpBatch(): Promise<object> {
  const { Table } = await dynamo.send(new DescribeTableCommand({ TableName: votingTable }));
  const StreamArn = Table!.LatestStreamArn!;
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  const { ShardId } = StreamDescription!.Shards![0];
  let { ShardIterator } = await streams.send(new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }));
  for (;;) {
    const { Records = [], NextShardIterator } = await streams.send(new GetRecordsCommand({ ShardIterator }));
    const ballot = Records.find(({ dynamodb }) => dynamodb?.Keys?.pk?.S?.startsWith(`ballot#${pollId}#`));
    ShardIterator = NextShardIterator;
    if (ballot === undefined) continue;
    const sequence = ballot.dynamodb!.SequenceNumber;
    const arrived = ballot.dynamodb!.ApproximateCreationDateTime!.toISOString();
    return {
      requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 3 },
      DDBStreamBatchInfo: {
        shardId: ShardId,
        streamArn: StreamArn,
        startSequenceNumber: sequence,
        endSequenceNumber: sequence,
        batchSize: 1,
        approximateArrivalOfFirstRecord: arrived,
        approximateArrivalOfLastRecord: arrived,
      },
    };
  }
}

/** Makes one lane's tally say what its ballots do not. */
async function spoilTally(): Promise<void> {
  await dynamo.send(new UpdateItemCommand({
    TableName: votingTable,
    Key: { pk: { S: `tally#${pollId}` }, sk: { S: 'lanes#0' } },
    UpdateExpression: 'ADD #option :five, #ballots :five, #version :five',
    ExpressionAttributeNames: { '#option': `0#${option}`, '#ballots': '0b', '#version': '0v' },
    ExpressionAttributeValues: { ':five': { N: '5' } },
  }));
}

test('a ballot that was given up is listed without its voter, redriven, and counts once', async () => {
  const ballot: QueuedBallot = { v: 1, pollId, lane: 0, voter: `voter-${randomUUID()}`, choice: option, acceptedAt: Date.now(), revote: false };
  const ids = [await put(operations.overflowDeadLetters!, ballot), await put(operations.overflowDeadLetters!, ballot)];
  const broken = await put(operations.overflowDeadLetters!, 'This is no ballot');

  const { out: text } = await ops('dlq', 'list');
  expect(text).toContain('An accepted ballot could not be written');
  expect(text).not.toContain(ballot.voter);
  const before = await list('overflow');
  expect(before.get(ids[0])).toMatchObject({ kind: 'queued', lane: { pollId, lane: 0 } });
  expect(before.get(broken)).toMatchObject({ kind: 'malformed', reason: 'The body is not JSON' });

  expect(await ops('dlq', 'redrive', '--queue', 'overflow')).toMatchObject({ status: 1, err: expect.stringContaining('Add --yes') });
  const redriven = await ops('dlq', 'redrive', '--queue', 'overflow', '--yes', '--json');
  expect(JSON.parse(redriven.out)).toMatchObject({ moved: 2, malformed: 1 });
  expect(await total(2)).toMatchObject({ total: 2, counts: { [option]: 2 } });

  const after = await list('overflow');
  expect([after.has(ids[0]), after.has(ids[1]), after.has(broken)]).toEqual([false, false, true]);
});

test('what is dropped is written down first', async () => {
  const id = await put(operations.overflowDeadLetters!, 'This is no ballot either');
  const record = join(folder, 'dropped.jsonl');
  const { status, err } = await ops('dlq', 'drop', '--queue', 'overflow', '--id', id, '--reason', 'A test made it', '--record', record, '--yes');
  expect([status, err]).toEqual([0, '']);
  expect(JSON.parse(readFileSync(record, 'utf8'))).toMatchObject({
    event: 'dropped', id, body: 'This is no ballot either', reason: 'A test made it', stack: STACK, queue: 'overflow', account: '000000000000', who: expect.stringContaining('arn:aws:'),
  });
  // Ballots are secret.
  expect((statSync(record).mode % 0o1000).toString(8)).toBe('600');
  expect((await list('overflow')).has(id)).toBe(false);
});

test('a tally that differs from its ballots is found, and mended by redriving the dead letters of counting', async () => {
  const { total: right } = await total(2);
  await spoilTally();
  const found = await ops('recount', '--room', roomId, '--poll', pollId, '--json');
  expect(found.status).toBe(1);
  expect(JSON.parse(found.out)).toMatchObject({ equal: false, lanes: expect.arrayContaining([expect.objectContaining({ lane: 0, state: 'differs' })]) });
  const rest = await ops('recount', '--poll', `${roomId}/${pollId}`);
  expect(rest.out).toContain('--mend');

  const ids = [await put(operations.countDeadLetters, deadBallot()), await put(operations.countDeadLetters, await givenUpBatch())];
  const forgotten = await put(operations.countDeadLetters, { DDBStreamBatchInfo: { shardId: 'shardId-00000000000000000000-00000000', streamArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/Gone/stream/2020-01-01T00:00:00.000', startSequenceNumber: '1', endSequenceNumber: '2' } });
  expect((await list('count')).get(ids[0])).toMatchObject({ kind: 'ballot', reason: 'A ballot could not be read: Put there by a test' });

  const chosen = [...ids, forgotten].flatMap((id) => ['--id', id]);
  const first = await ops('dlq', 'redrive', '--queue', 'count', '--yes', '--json', ...chosen);
  expect(first.status).toBe(1);
  expect(JSON.parse(first.out)).toMatchObject({
    removed: 2, polls: [{ pollId, roomId, result: { equal: true } }], kept: [{ id: forgotten, cause: 'forgotten' }],
  });
  expect((await total(right)).counts[option]).toBe(2);
  expect((await ops('recount', '--room', roomId, '--poll', pollId)).out).toContain('The tallies equal the ballots');

  expect(await ops('dlq', 'redrive', '--queue', 'count', '--yes', '--poll', `${roomId}/${pollId}`, ...chosen)).toMatchObject({ status: 0 });
  expect([...(await list('count')).keys()].filter((id) => [...ids, forgotten].includes(id))).toEqual([]);
});

test('an interrupted redrive gives back what it holds, and one that cannot see held messages ends with 1', async () => {
  const url = operations.overflowDeadLetters!;
  await Promise.all(Array.from({ length: 12 }, () => put(url, 'This is no ballot')));
  const args = ['dlq', 'redrive', '--queue', 'overflow', '--yes'];
  const { child, ended } = start(...args);
  await until(async () => await heldIn(url) > 0);
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ status: 130, err: expect.stringContaining('given back') });
  await until(async () => await heldIn(url) === 0);

  const receipts = await holdAll(url);
  expect(receipts.length).toBeGreaterThanOrEqual(12);
  expect(await ops(...args)).toMatchObject({ status: 1, err: expect.stringContaining(`${receipts.length} messages could not be seen`) });
  for (const ReceiptHandle of receipts) await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
});

test('the status names every queue', async () => {
  const { out, err } = await ops('status', '--json');
  expect(err).toBe('');
  expect(JSON.parse(out)).toMatchObject({
    stack: STACK,
    queues: [{ name: 'overflow' }, { name: 'overflow dead letters' }, { name: 'counting dead letters' }],
  });
});

/**
 * Makes a table beside the running one that has some of its items. An export and an import stand in for DynamoDB's own restore to a
 * point in time, which makes such a table on AWS: with the items, and without stream, time to live and alarms.
 */
async function restoredBeside(table: string, chosen: (partition: string) => boolean): Promise<string> {
  const TableName = `Restored-${randomUUID()}`;
  const keys = [['pk', 'HASH'], ['sk', 'RANGE']] as const;
  await dynamo.send(new CreateTableCommand({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: keys.map(([AttributeName]) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: keys.map(([AttributeName, KeyType]) => ({ AttributeName, KeyType })),
  }));
  for await (const { Items = [] } of paginateScan({ client: dynamo }, { TableName: table })) {
    for (const Item of Items) if (chosen(Item.pk.S!)) await dynamo.send(new PutItemCommand({ TableName, Item }));
  }
  return TableName;
}

test('what was lost of a poll comes back from a restored table, what came later stays, and the results are right again', async () => {
  const [ann, bob, eve] = await api.users(3);
  const room = await api.roomOf(owner, [ann, bob, eve]);
  const poll = await api.poll(owner, room.roomId);
  const [first, second] = poll.options.map(({ optionId }: { optionId: string }) => optionId);
  const at = `/rooms/${room.roomId}/polls/${poll.pollId}`;
  const vote = async (user: typeof ann, optionId: string) => {
    expect((await api.call('POST', `${at}/votes`, { token: user.accessToken, body: { optionId } })).status).toBe(201);
  };
  await vote(owner, first);
  await vote(ann, first);
  await vote(bob, second);
  expect((await api.resultsWhen(owner, at, (results) => results.total === 3)).total).toBe(3);

  const from = await restoredBeside(votingTable, (partition) => partition.includes(poll.pollId) || partition === `room#${room.roomId}`);
  await vote(eve, second);
  // The accident: two ballots, the poll and everything that was counted are deleted by hand.
  const { Items: exported = [] } = await dynamo.send(new ScanCommand({ TableName: from }));
  const of = (prefix: string) => exported.filter(({ pk }) => pk.S!.startsWith(prefix));
  for (const { pk, sk } of [...of('ballot#').slice(0, 2), ...of('room#'), ...of('tally#')]) {
    await dynamo.send(new DeleteItemCommand({ TableName: votingTable, Key: { pk, sk } }));
  }

  const restore = ['restore', '--from', from, '--service', 'voting'];
  expect((await ops(...restore, '--dry-run')).out).toMatch(/1 poll, 3 ballots, 0 other items[^]*Nothing was written/);
  const record = join(folder, 'restore.jsonl');
  const done = await ops(...restore, '--record', record, '--yes', '--json');
  expect([done.status, JSON.parse(done.out)]).toEqual([0, expect.objectContaining({
    copied: 3,
    read: expect.objectContaining({ poll: 1, ballot: 3 }),
    polls: [expect.objectContaining({ pollId: poll.pollId, roomId: room.roomId, proven: true })],
  })]);
  expect(await api.resultsWhen(owner, at, (results) => results.total === 4)).toMatchObject({ total: 4, counts: { [first]: 2, [second]: 2 } });
  expect((statSync(record).mode % 0o1000).toString(8)).toBe('600');

  const again = await ops(...restore, '--record', join(folder, 'again.jsonl'), '--yes', '--json');
  expect([again.status, JSON.parse(again.out)]).toEqual([0, expect.objectContaining({ copied: 0 })]);
  expect((await api.call('GET', `${at}/results`, { token: owner.accessToken })).body).toMatchObject({ total: 4 });
});

test('a membership that was lost comes back from a restored table of the rooms', async () => {
  const rooms = operations.roomsTable!;
  const from = await restoredBeside(rooms, (partition) => partition === `user#${owner.userId}`);
  const key = { pk: { S: `user#${owner.userId}` }, sk: { S: `room#${roomId}` } };
  await dynamo.send(new DeleteItemCommand({ TableName: rooms, Key: key }));
  const { status, err } = await ops('restore', '--from', from, '--service', 'rooms', '--record', join(folder, 'rooms.jsonl'), '--yes');
  expect([status, err.includes('✘')]).toEqual([0, false]);
  expect((await dynamo.send(new GetItemCommand({ TableName: rooms, Key: key }))).Item).toMatchObject(key);
});

// The emulator takes the request and does not keep it: how tables are warmed is shown with a fake in test/ops/warm.test.ts.
test('warm says what it would raise on AWS, and changes nothing', async () => {
  const warm = ['warm', '--votes-per-second', '20000'];
  expect(await ops(...warm)).toMatchObject({ status: 0, out: expect.stringMatching(/nothing is changed here[^]*24,000 write units per second[^]*charges once/) });
  const asJson = JSON.parse((await ops(...warm, '--json')).out);
  expect([asJson.raised, asJson.onAws]).toEqual([[], [
    { table: votingTable, kind: 'write', from: 4_000, to: 24_000 }, { table: operations.roomsTable, kind: 'read', from: 12_000, to: 24_000 },
  ]]);
});

test('a stack that is not there is told as such', async () => {
  expect(await ops('status', '--stack', 'Nobody')).toMatchObject({ status: 1, err: expect.stringContaining("There is no stack 'Nobody'") });
});
