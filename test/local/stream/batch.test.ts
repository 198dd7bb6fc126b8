import { processBatch } from '../../../local/stand-ins/stream/batch';
import type { StreamMapping, StreamRecord } from '../../../local/stand-ins/stream/ports';
import { FakeStream, FUNCTION_ARN, mapping, names, QUEUE_ARN, record, records, START, STREAM_ARN, throwsOn } from './fake-stream';

async function handle(stream: FakeStream, settings: Partial<StreamMapping>, batch: readonly StreamRecord[] = records(4)): Promise<void> {
  await processBatch(mapping(settings), 'shard-1', batch, stream, new AbortController().signal);
}

test('a batch that succeeds is handed over once', async () => {
  const stream = new FakeStream();
  await handle(stream, {});
  expect(stream.batches).toEqual([[1, 2, 3, 4]]);
  expect(stream.reports).toEqual([]);
});

test('a batch that fails is retried as often as the mapping allows, then reported', async () => {
  const stream = new FakeStream(throwsOn(2));
  await handle(stream, { maximumRetries: 2, onFailureArn: QUEUE_ARN });
  expect(stream.batches).toEqual([[1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4]]);
  expect(stream.reports).toHaveLength(1);
  expect(stream.reports[0].destination).toBe(QUEUE_ARN);
});

test('the report says where the batch is, as AWS documents it', async () => {
  const stream = new FakeStream(throwsOn(2));
  await handle(stream, { maximumRetries: 0, onFailureArn: QUEUE_ARN, functionArn: `${FUNCTION_ARN}:live` });
  expect(stream.reports[0].message).toEqual({
    requestContext: { requestId: 'id-1', functionArn: `${FUNCTION_ARN}:live`, condition: 'RetryAttemptsExhausted', approximateInvokeCount: 1 },
    responseContext: { statusCode: 200, executedVersion: 'live', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: new Date(START * 1000).toISOString(),
    DDBStreamBatchInfo: {
      shardId: 'shard-1',
      startSequenceNumber: '000000000000000000001',
      endSequenceNumber: '000000000000000000004',
      approximateArrivalOfFirstRecord: new Date(START * 1000).toISOString().replace('.000Z', 'Z'),
      approximateArrivalOfLastRecord: new Date(START * 1000).toISOString().replace('.000Z', 'Z'),
      batchSize: 4,
      streamArn: STREAM_ARN,
    },
  });
});

test('without a limit a batch is retried until it succeeds, at growing intervals', async () => {
  let left = 12;
  const stream = new FakeStream(() => left-- > 0 ? { kind: 'failed', functionError: 'Unhandled' } : { kind: 'answered', payload: null });
  await handle(stream, {});
  expect(stream.batches).toHaveLength(13);
  expect(stream.sleeps.slice(0, 4)).toEqual([50, 100, 200, 400]);
  expect(Math.max(...stream.sleeps)).toBe(5000);
});

test('bisection finds the one poisonous record and loses no other', async () => {
  const stream = new FakeStream(throwsOn(3));
  await handle(stream, { bisect: true, maximumRetries: 1, onFailureArn: QUEUE_ARN });
  expect(stream.batches).toEqual([[1, 2, 3, 4], [1, 2], [3, 4], [3], [3], [4]]);
  expect(stream.reports.map(({ message }) => message.DDBStreamBatchInfo)).toEqual([
    expect.objectContaining({ startSequenceNumber: '000000000000000000003', batchSize: 1 }),
  ]);
});

test('records before the one that was named are done', async () => {
  const stream = new FakeStream(names(3));
  await handle(stream, { reportsFailures: true, maximumRetries: 1, onFailureArn: QUEUE_ARN });
  expect(stream.batches).toEqual([[1, 2, 3, 4], [3, 4]]);
  expect(stream.reports[0].message.DDBStreamBatchInfo).toEqual(expect.objectContaining({ startSequenceNumber: '000000000000000000003', batchSize: 2 }));
  expect(stream.reports[0].message.responseContext).toEqual({ statusCode: 200, executedVersion: '$LATEST' });
});

test('with bisection a named record is isolated, and the ones behind it are handled', async () => {
  const stream = new FakeStream(names(2));
  await handle(stream, { reportsFailures: true, bisect: true, maximumRetries: 1, onFailureArn: QUEUE_ARN });
  expect(stream.batches).toEqual([[1, 2, 3, 4], [2, 3, 4], [2, 3], [2], [2], [3], [4]]);
  expect(stream.reports).toHaveLength(1);
});

test.each([
  ['no answer', null],
  ['an empty answer', {}],
  ['an empty list', { batchItemFailures: [] }],
  ['a list that is null', { batchItemFailures: null }],
])('%s is success', async (_, payload) => {
  const stream = new FakeStream(() => ({ kind: 'answered', payload }));
  await handle(stream, { reportsFailures: true, maximumRetries: 0, onFailureArn: QUEUE_ARN });
  expect(stream.batches).toHaveLength(1);
  expect(stream.reports).toEqual([]);
});

test.each([
  ['an empty identifier', { batchItemFailures: [{ itemIdentifier: '' }] }],
  ['an identifier that is null', { batchItemFailures: [{ itemIdentifier: null }] }],
  ['a wrong key', { batchItemFailures: [{ id: '000000000000000000002' }] }],
  ['an identifier of no record', { batchItemFailures: [{ itemIdentifier: '99' }] }],
])('%s fails the whole batch', async (_, payload) => {
  const stream = new FakeStream(() => ({ kind: 'answered', payload }));
  await handle(stream, { reportsFailures: true, maximumRetries: 1, onFailureArn: QUEUE_ARN });
  expect(stream.batches).toEqual([[1, 2, 3, 4], [1, 2, 3, 4]]);
  expect(stream.reports[0].message.DDBStreamBatchInfo).toEqual(expect.objectContaining({ batchSize: 4 }));
});

test('named records are ignored where the mapping does not ask for them', async () => {
  const stream = new FakeStream(names(2));
  await handle(stream, { reportsFailures: false });
  expect(stream.batches).toHaveLength(1);
});

test('records that are too old are reported, and not handed over', async () => {
  const stream = new FakeStream();
  const batch = [record(1, { at: START - 100 }), record(2, { at: START - 70 }), record(3), record(4)];
  await handle(stream, { maximumAgeSeconds: 60, onFailureArn: QUEUE_ARN }, batch);
  expect(stream.batches).toEqual([[3, 4]]);
  expect(stream.reports[0].message.requestContext).toEqual(expect.objectContaining({ condition: 'RecordAgeExceeded' }));
  expect(stream.reports[0].message.DDBStreamBatchInfo).toEqual(expect.objectContaining({ batchSize: 2 }));
});

test('a batch that fails without end is given up when it is too old', async () => {
  const stream = new FakeStream(throwsOn(1));
  await handle(stream, { maximumAgeSeconds: 60, onFailureArn: QUEUE_ARN });
  expect(stream.reports.map(({ message }) => message.requestContext.condition)).toEqual(['RecordAgeExceeded']);
});

test('a throttled invocation does not count as a retry', async () => {
  let left = 5;
  const stream = new FakeStream(() => left-- > 0 ? { kind: 'refused', reason: 'throttled' } : { kind: 'answered', payload: null });
  await handle(stream, { maximumRetries: 0, onFailureArn: QUEUE_ARN });
  expect(stream.batches).toHaveLength(6);
  expect(stream.reports).toEqual([]);
  expect(stream.lines).toHaveLength(1);
});

test('a destination that refuses does not hold the stream up', async () => {
  const stream = new FakeStream(throwsOn(1));
  stream.report = () => Promise.reject(new Error('no such queue'));
  await handle(stream, { maximumRetries: 0, onFailureArn: QUEUE_ARN });
  expect(stream.lines.join('\n')).toContain('no such queue');
});
