import type { Invocation, StreamMapping } from '../../../local/stand-ins/stream/ports';
import { StreamPump } from '../../../local/stand-ins/stream/pump';
import { FakeStream, mapping, QUEUE_ARN, record, records, START, STREAM_ARN, throwsOn } from './fake-stream';

let pump: StreamPump | undefined;

function start(stream: FakeStream, settings: Partial<StreamMapping> = {}): StreamPump {
  pump = new StreamPump(mapping(settings), stream);
  pump.start();
  return pump;
}

afterEach(async () => {
  await pump?.stop();
  pump = undefined;
});

test('hands batches of at most the mapping\'s size over, in order', async () => {
  const stream = new FakeStream();
  stream.content.push(...records(7));
  start(stream, { batchSize: 3 });
  await stream.until(() => stream.batches.flat().length === 7);
  expect(stream.batches).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
});

test('a record says which stream it is from', async () => {
  let source: unknown;
  const stream = new FakeStream(([first]) => {
    source = first.eventSourceARN;
    return { kind: 'answered', payload: null };
  });
  stream.content.push(record(1));
  start(stream);
  await stream.until(() => stream.batches.length === 1);
  expect(source).toBe(STREAM_ARN);
});

test('goes on with what comes later, and reads nothing twice', async () => {
  const stream = new FakeStream();
  stream.content.push(record(1));
  start(stream);
  await stream.until(() => stream.batches.length === 1);
  stream.content.push(record(2), record(3));
  await stream.until(() => stream.batches.length === 2);
  expect(stream.batches).toEqual([[1], [2, 3]]);
});

test('waits for the batching window unless the batch is full before', async () => {
  const stream = new FakeStream();
  stream.content.push(record(1));
  start(stream, { windowMs: 1000, batchSize: 3 });
  await stream.until(() => stream.now() > START * 1000 + 500);
  expect(stream.batches).toEqual([]);
  stream.content.push(record(2), record(3));
  await stream.until(() => stream.batches.length === 1);
  expect(stream.now()).toBeLessThan(START * 1000 + 1000);
  stream.content.push(record(4));
  await stream.until(() => stream.batches.length === 2);
  expect(stream.batches).toEqual([[1, 2, 3], [4]]);
});

test('one batch is under way at a time: the next one waits, and no read is lost', async () => {
  let release: (invocation: Invocation) => void = () => undefined;
  const stream = new FakeStream(() => new Promise((resolve) => { release = resolve; }));
  stream.content.push(record(1));
  start(stream);
  await stream.until(() => stream.batches.length === 1);
  stream.content.push(record(2), record(3));
  const reads = stream.reads;
  await stream.until(() => stream.reads > reads + 3);
  expect(stream.batches).toEqual([[1]]);
  release({ kind: 'answered', payload: null });
  await stream.until(() => stream.batches.length === 2);
  expect(stream.batches).toEqual([[1], [2, 3]]);
  release({ kind: 'answered', payload: null });
});

test('with a parallelization factor the records of one key stay in order', async () => {
  const stream = new FakeStream(async () => ({ kind: 'answered', payload: null }));
  stream.content.push(...Array.from({ length: 40 }, (_, at) => record(at + 1, { key: `voter-${at % 8}` })));
  start(stream, { parallelization: 4, batchSize: 2 });
  await stream.until(() => stream.batches.flat().length === 40);
  const order = stream.batches.flat();
  for (let key = 0; key < 8; key++) {
    const own = order.filter((sequence) => (sequence - 1) % 8 === key);
    expect(own).toEqual([...own].sort((a, b) => a - b));
  }
});

test('only records that match a filter are handed over', async () => {
  const stream = new FakeStream();
  stream.content.push(record(1, { eventName: 'MODIFY' }), record(2), record(3, { eventName: 'REMOVE' }), record(4));
  start(stream, { filters: ['{"eventName":["INSERT"]}'] });
  await stream.until(() => stream.batches.flat().length === 2);
  expect(stream.batches.flat()).toEqual([2, 4]);
});

test('records from before a mapping that starts at the latest are not its own', async () => {
  const stream = new FakeStream();
  stream.content.push(record(1, { at: START - 10 }), record(2, { at: START }));
  start(stream, { notBefore: START - 5 });
  await stream.until(() => stream.batches.length === 1);
  expect(stream.batches).toEqual([[2]]);
});

test('a poisonous record holds the shard up until it is given up; the ones behind it follow', async () => {
  const stream = new FakeStream(throwsOn(2));
  stream.content.push(...records(5));
  start(stream, { batchSize: 2, maximumRetries: 1, bisect: true, onFailureArn: QUEUE_ARN });
  await stream.until(() => stream.batches.flat().includes(5));
  expect(stream.reports).toHaveLength(1);
  expect(stream.batches).toEqual([[1, 2], [1], [2], [2], [3, 4], [5]]);
});

test('a stream that cannot be read is tried again', async () => {
  const stream = new FakeStream();
  stream.content.push(record(1));
  const open = stream.openShard.bind(stream);
  let refusals = 2;
  stream.openShard = () => refusals-- > 0 ? Promise.reject(new Error('not yet')) : open();
  start(stream);
  await stream.until(() => stream.batches.length === 1);
  expect(stream.lines).toHaveLength(2);
});

test('a closed shard is read to its end', async () => {
  const stream = new FakeStream();
  stream.content.push(...records(3));
  stream.closed = true;
  start(stream, { batchSize: 2 });
  await stream.until(() => stream.batches.length === 2);
  expect(stream.batches).toEqual([[1, 2], [3]]);
});

test('reads are close together while records come, and far apart when none do', async () => {
  const stream = new FakeStream();
  start(stream);
  await stream.until(() => stream.now() > START * 1000 + 10_000);
  expect(stream.sleeps[0]).toBeLessThan(20);
  expect(stream.sleeps.at(-1)).toBe(50);
});

test('a changed mapping holds from the next batch on', async () => {
  const stream = new FakeStream();
  const running = start(stream, { batchSize: 1 });
  running.update(mapping({ batchSize: 5 }));
  stream.content.push(...records(4));
  await stream.until(() => stream.batches.length === 1);
  expect(stream.batches).toEqual([[1, 2, 3, 4]]);
});

test('after it was stopped nothing is handed over', async () => {
  const stream = new FakeStream();
  await start(stream).stop();
  stream.content.push(record(1));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(stream.batches).toEqual([]);
});
