import { SQSClient } from '@aws-sdk/client-sqs';
import { DependencyUnavailable } from '../../../lambda/shared/problem';
import { sqsDeadLetters, sqsOverflowQueue } from '../../../lambda/voting/adapters/queues';
import type { DeadBallot } from '../../../src/voting/contract';
import { ServiceError, type StubService, stubService } from '../shared/stub-service';
import { uuid } from './fakes';

const URL = 'https://sqs.us-east-1.amazonaws.com/111122223333/queue';
const BALLOT = { pollId: uuid(1), lane: 12, voter: 'user-1', choice: 'o2', acceptedAt: 1_767_225_600_456, revote: false };
const DEAD: DeadBallot = { v: 1, kind: 'ballot', keys: {}, sequence: '1', reason: 'none' };

let service: StubService;
let answer: () => object;
beforeEach(async () => {
  answer = () => ({ MessageId: 'm1' });
  service = await stubService(() => answer());
});
afterEach(() => service.close());

// The stub does not compute the checksum that the real service answers with.
const options = () => ({ client: new SQSClient({ ...service.client, md5: false, useQueueUrlAsEndpoint: false }), queueUrl: URL });

test('a ballot is one message', async () => {
  await sqsOverflowQueue(options()).send(BALLOT);
  expect(service.calls).toEqual([{ operation: 'SendMessage', input: { QueueUrl: URL, MessageBody: JSON.stringify({ v: 1, ...BALLOT }) } }]);
});

test('a change that cannot be read is one message', async () => {
  await sqsDeadLetters(options()).bury(DEAD);
  expect(service.calls).toEqual([{ operation: 'SendMessage', input: { QueueUrl: URL, MessageBody: JSON.stringify(DEAD) } }]);
});

test.each(['ThrottlingException', 'RequestThrottled', 'ServiceUnavailable'])('a queue that says %s is not available', async (type) => {
  answer = () => { throw new ServiceError(type, {}, type === 'ServiceUnavailable' ? 503 : 400); };
  await expect(sqsOverflowQueue(options()).send(BALLOT)).rejects.toEqual(new DependencyUnavailable('The overflow queue'));
  await expect(sqsDeadLetters(options()).bury(DEAD)).rejects.toEqual(new DependencyUnavailable('The dead-letter queue'));
});

test('a queue that is not there is an error', async () => {
  answer = () => { throw new ServiceError('QueueDoesNotExist'); };
  await expect(sqsOverflowQueue(options()).send(BALLOT)).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
});
