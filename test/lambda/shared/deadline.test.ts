import { getEventListeners, getMaxListeners } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { dynamoDb } from '../../../lambda/shared/adapters/dynamodb';
import { SHORT_PATIENCE } from '../../../lambda/shared/adapters/patience';
import { currentDeadline, DeadlineExceeded, withDeadline } from '../../../lambda/shared/deadline';
import { calling } from '../../../lambda/shared/dependency';
import { publicEndpoint } from '../../../lambda/shared/http';
import { DependencyUnavailable } from '../../../lambda/shared/problem';
import { httpEvent } from './event';
import { fakeLog } from './fakes';

/** A service that does with each request what the test says; `attempt` counts the attempts of one call. */
type Behaviour = (attempt: number, response: ServerResponse) => void;

const hang: Behaviour = () => undefined;
const JSON_1_0 = { 'content-type': 'application/x-amz-json-1.0' };
const item: Behaviour = (_, response) => void response.writeHead(200, JSON_1_0).end('{"Item":{"pk":{"S":"a"}}}');
const throttle: Behaviour = (_, response) => void response.writeHead(400, JSON_1_0).end('{"__type":"ThrottlingException"}');
const halfABody: Behaviour = (_, response) => {
  response.writeHead(200, { ...JSON_1_0, 'content-length': '100' }).write('{"Item":');
};
const first = (what: Behaviour): Behaviour => (attempt, response) => (attempt === 1 ? what : item)(attempt, response);

let behaviour: Behaviour = item;
let server: Server;
let requests = 0;
let sockets: Socket[] = [];
const before = { ...process.env };
const rejections: unknown[] = [];
const onRejection = (error: unknown) => void rejections.push(error);

beforeAll(() => { process.on('unhandledRejection', onRejection); });
afterAll(() => { process.off('unhandledRejection', onRejection); });
beforeEach(async () => {
  requests = 0;
  sockets = [];
  behaviour = item;
  server = createServer((request: IncomingMessage, response) => {
    requests += 1;
    const [, attempt] = /attempt=(\d+)/.exec(String(request.headers['amz-sdk-request'])) ?? [];
    behaviour(Number(attempt), response);
  });
  server.on('connection', (socket) => sockets.push(socket));
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  Object.assign(process.env, { AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
});
afterEach(async () => {
  process.env = { ...before };
  server.closeAllConnections();
  await new Promise((resolve) => { server.close(resolve); });
  expect(rejections).toEqual([]);
});

/** What is left to a function whose deadline is after that many milliseconds: shorter ones keep half of their time. */
const leaves = (deadlineMs: number) => ({ getRemainingTimeInMillis: () => deadlineMs * 2 });
const read = (client: DynamoDBClient) => calling('The table', () => client.send(new GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' } } })));

async function timed<T>(work: Promise<T>): Promise<{ result: T | unknown; ms: number }> {
  const started = performance.now();
  const result = await work.catch((error: unknown) => error);
  return { result, ms: performance.now() - started };
}

describe('the deadline of a function', () => {
  test.each([[10_000, 8_500], [29_000, 27_500], [3_000, 1_500], [1_000, 500]])('with %d ms left is in %d ms', async (left, deadline) => {
    await withDeadline({ getRemainingTimeInMillis: () => left }, async () => {
      expect(currentDeadline()!.remaining()).toBeGreaterThan(deadline - 50);
      expect(currentDeadline()!.remaining()).toBeLessThanOrEqual(deadline);
    });
  });

  test('is none without a context, and none outside an invocation', async () => {
    await withDeadline(undefined, async () => expect(currentDeadline()).toBeUndefined());
    await withDeadline(leaves(1_000), async () => undefined);
    expect(currentDeadline()).toBeUndefined();
  });

  test('ends work that does not end', async () => {
    const { result, ms } = await timed(withDeadline(leaves(100), () => new Promise(() => {})));
    expect(result).toBeInstanceOf(DeadlineExceeded);
    expect(ms).toBeLessThan(1_500);
  });
});

test('Node does not take the listeners of many parallel calls for a leak', async () => {
  await withDeadline(leaves(1_000), async () => {
    const { signal } = currentDeadline()!;
    // With one more, Node prints a MaxListenersExceededWarning into the log of the invocation. Jest does not pass warnings on.
    expect(getMaxListeners(signal)).toBe(Infinity);
    const client = dynamoDb();
    await Promise.all(Array.from({ length: 20 }, () => read(client)));
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});

describe('a call within a deadline', () => {
  test('succeeds by its second attempt if the first one hangs, three times in a row', async () => {
    behaviour = first(hang);
    const client = dynamoDb();
    await withDeadline(leaves(6_000), async () => {
      for (let index = 0; index < 3; index += 1) await expect(read(client)).resolves.toMatchObject({ Item: { pk: { S: 'a' } } });
    });
    expect(requests).toBe(6);
  });

  test('leaves time for the next call if all its attempts hang', async () => {
    behaviour = hang;
    const client = dynamoDb(SHORT_PATIENCE);
    await withDeadline(leaves(2_000), async () => {
      await expect(read(client)).rejects.toBeInstanceOf(DependencyUnavailable);
      expect(currentDeadline()!.remaining()).toBeGreaterThan(100);
      behaviour = item;
      await expect(read(client)).resolves.toMatchObject({ Item: { pk: { S: 'a' } } });
    });
  });

  test.each([['hangs', hang], ['throttles', throttle], ['stops half-way through its answer', halfABody]])('is unavailable in time if the service %s', async (_, what) => {
    behaviour = what;
    const client = dynamoDb({ attempts: 30, connectMs: 1_000, requestMs: 3_000 });
    const { result, ms } = await timed(withDeadline(leaves(400), () => read(client)));
    expect(result).toBeInstanceOf(DependencyUnavailable);
    expect(ms).toBeLessThan(1_500);
  });

  test('is tried again if the first answer stops half-way', async () => {
    behaviour = first(halfABody);
    await expect(withDeadline(leaves(3_000), () => read(dynamoDb()))).resolves.toMatchObject({ Item: { pk: { S: 'a' } } });
    expect(requests).toBe(2);
  });

  test('is tried again like each of many at once', async () => {
    behaviour = first(hang);
    const client = dynamoDb();
    await withDeadline(leaves(4_000), () => Promise.all(Array.from({ length: 20 }, () => read(client))));
    expect(requests).toBe(40);
  });

  test('is not begun after it', async () => {
    await withDeadline(leaves(50), async () => {
      await wait(70);
      await expect(read(dynamoDb())).rejects.toBeInstanceOf(DependencyUnavailable);
    });
    expect(requests).toBe(0);
  });
});

describe('the next invocation of the same instance', () => {
  test('finds no request of the one before, and no socket that hangs', async () => {
    behaviour = hang;
    const client = dynamoDb();
    await expect(withDeadline(leaves(100), () => read(client))).rejects.toBeInstanceOf(DependencyUnavailable);
    const requestsBefore = requests;
    await wait(50);
    expect(sockets.every(({ destroyed }) => destroyed)).toBe(true);
    behaviour = item;
    const { ms } = await timed(withDeadline(leaves(3_000), () => read(client)));
    expect(ms).toBeLessThan(900);
    expect(requests).toBe(requestsBefore + 1);
  });

  test('finds nothing of what the one before did not wait for', async () => {
    behaviour = hang;
    const client = dynamoDb();
    let left: Promise<unknown> = Promise.resolve();
    await withDeadline(leaves(5_000), async () => {
      left = read(client);
      await wait(50);
    });
    await expect(left).rejects.toBeInstanceOf(DependencyUnavailable);
    await wait(50);
    expect(sockets.every(({ destroyed }) => destroyed)).toBe(true);
    expect(requests).toBe(1);
  });
});

describe('an endpoint', () => {
  const endpoint = (work: () => Promise<unknown>) =>
    publicEndpoint({ log: fakeLog(), maxBodyBytes: 100 }, async () => ({ status: 200, body: await work() }));

  test.each([
    ['a dependency that hangs', () => { behaviour = hang; return read(dynamoDb()); }],
    ['a dependency that throttles', () => { behaviour = throttle; return read(dynamoDb({ attempts: 30, connectMs: 1_000, requestMs: 3_000 })); }],
    ['its own logic', () => new Promise(() => {})],
  ])('answers 503 with Retry-After in time if it waits for %s', async (_, work) => {
    const { result, ms } = await timed(endpoint(work)(httpEvent(), leaves(300)));
    expect(result).toMatchObject({ statusCode: 503, headers: { 'retry-after': '1', 'content-type': 'application/problem+json' } });
    expect(ms).toBeLessThan(1_500);
  });
});
