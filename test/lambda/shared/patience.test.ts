import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { dynamoDb } from '../../../lambda/shared/adapters/dynamodb';
import { sqs } from '../../../lambda/shared/adapters/sqs';
import { calling } from '../../../lambda/shared/dependency';
import { DependencyUnavailable } from '../../../lambda/shared/problem';

/** A service that takes requests and never answers. */
let server: Server;
let requests = 0;
const before = { ...process.env };

beforeEach(async () => {
  requests = 0;
  server = createServer(() => { requests += 1; });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  Object.assign(process.env, { AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
});
afterEach(async () => {
  process.env = { ...before };
  server.closeAllConnections();
  await new Promise((resolve) => { server.close(resolve); });
});

const patience = { attempts: 2, connectMs: 100, requestMs: 100 };

test.each([
  ['a table', () => dynamoDb(patience).send(new GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' } } }))],
  ['a queue', () => sqs(patience).send(new SendMessageCommand({ QueueUrl: `${process.env.AWS_ENDPOINT_URL}/1/q`, MessageBody: 'm' }))],
])('%s that takes a request and does not answer is given up in time, after its attempts', async (_, call) => {
  await expect(calling('It', call)).rejects.toBeInstanceOf(DependencyUnavailable);
  expect(requests).toBe(2);
});
