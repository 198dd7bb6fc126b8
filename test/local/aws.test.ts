import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsClient } from '../../local/aws/client';
import { sign } from '../../local/aws/sign';
import { describeOutputs, failureReasons, listResources } from '../../local/aws/stacks';
import { elements } from '../../local/aws/xml';
import { LogReader } from '../../local/logs/reader';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let server: Server;
let seen: Seen[];
let answer: (request: Seen) => { readonly status?: number; readonly body: string };
let aws: AwsClient;

beforeEach(async () => {
  seen = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const received = { method: request.method!, url: request.url!, headers: request.headers, body: Buffer.concat(chunks).toString('utf8') };
      seen.push(received);
      const { status = 200, body } = answer(received);
      response.writeHead(status).end(body);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  aws = new AwsClient({
    endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, clock: () => 0,
  });
});
afterEach(async () => {
  aws.close();
  await new Promise((resolve) => server.close(resolve));
});

test('a request is signed as AWS\'s example is', () => {
  // The example of the "Signature Version 4" chapter of the guide to IAM.
  const signed = sign(
    { method: 'GET', url: new URL('https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08'), body: '', headers: {} },
    { service: 'iam', region: 'us-east-1', accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
    new Date('2015-08-30T12:36:00Z'),
  );
  expect(signed.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20150830\/us-east-1\/iam\/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=[0-9a-f]{64}$/);
  expect(signed['x-amz-date']).toBe('20150830T123600Z');
});

test('the region that is asked is the one that is signed', async () => {
  answer = () => ({ body: '{}' });
  await aws.inRegion('eu-west-1').json('sqs', 'AmazonSQS.ListQueues', {});
  expect(seen[0].headers.authorization).toContain('/eu-west-1/sqs/');
  expect(seen[0].headers['x-amz-target']).toBe('AmazonSQS.ListQueues');
});

test('an error is known by AWS\'s name of it, from JSON and from XML', async () => {
  answer = () => ({ status: 400, body: '{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"No such queue"}' });
  await expect(aws.json('sqs', 'X', {})).rejects.toMatchObject({ code: 'QueueDoesNotExist', message: 'No such queue', status: 400 });
  answer = () => ({ status: 400, body: '<ErrorResponse><Error><Code>ValidationError</Code><Message>No stack</Message></Error></ErrorResponse>' });
  await expect(aws.query('cloudformation', 'X', '1', {})).rejects.toMatchObject({ code: 'ValidationError', message: 'No stack' });
});

test('the resources of a stack are read page by page', async () => {
  const page = (id: string, next: string): string => `<R><StackResourceSummaries><member><LogicalResourceId>${id}</LogicalResourceId>
    <PhysicalResourceId>physical-${id}</PhysicalResourceId><ResourceType>AWS::SQS::Queue</ResourceType></member></StackResourceSummaries>${next}</R>`;
  answer = ({ body }) => ({ body: body.includes('NextToken') ? page('B', '') : page('A', '<NextToken>more</NextToken>') });
  expect((await listResources(aws, 'Notes')).map(({ logicalId, physicalId }) => [logicalId, physicalId])).toEqual([['A', 'physical-A'], ['B', 'physical-B']]);
});

test('outputs are read with their special characters', async () => {
  answer = () => ({
    body: '<R><Stacks><member><Outputs><member><OutputKey>Q</OutputKey><OutputValue>a&amp;b&lt;c &#x27;d&#39;</OutputValue></member></Outputs></member></Stacks></R>',
  });
  expect(await describeOutputs(aws, 'Notes')).toEqual({ Q: "a&b<c 'd'" });
});

test('the failures of the last deployment are told, its causes and no consequences', async () => {
  const event = (id: string, type: string, status: string, reason: string): string => `<member><LogicalResourceId>${id}</LogicalResourceId>
    <ResourceType>${type}</ResourceType><ResourceStatus>${status}</ResourceStatus><ResourceStatusReason>${reason}</ResourceStatusReason></member>`;
  const stack = 'AWS::CloudFormation::Stack';
  answer = () => ({
    body: [
      event('Notes', stack, 'UPDATE_ROLLBACK_COMPLETE', ''),
      event('C', 'T', 'CREATE_FAILED', 'Resource creation cancelled'),
      event('B', 'T', 'UPDATE_FAILED', 'then'),
      event('A', 'T', 'CREATE_FAILED', 'first'),
      event('Notes', stack, 'UPDATE_IN_PROGRESS', ''),
      event('Old', 'T', 'CREATE_FAILED', 'long ago'),
    ].join(''),
  });
  expect(await failureReasons(aws, 'Notes')).toEqual(['A (T): first', 'B (T): then']);
});

test('elements of one name within each other belong to the outer one', () => {
  expect(elements('<a><m>1<m>2</m></m><m/><m x="y">3</m></a>', 'm')).toEqual(['1<m>2</m>', '3']);
});

test('a log event is read once, and its function known, also where functions share a group', async () => {
  let bytes = 1;
  const events = [{ timestamp: 1000, message: 'from f-two', logStreamName: 's1' }];
  answer = ({ headers }) => ({
    body: JSON.stringify(headers['x-amz-target'] === 'Logs_20140328.DescribeLogGroups'
      ? { logGroups: [{ logGroupName: '/shared', storedBytes: bytes }, { logGroupName: '/foreign', storedBytes: 5 }] }
      : { events }),
  });
  const fn = (name: string): { stack: string; name: string; functionName: string; region: string; logGroup: string } =>
    ({ stack: 'S', name, functionName: `f-${name}`, region: 'us-east-1', logGroup: '/shared' });
  const reader = new LogReader(aws, () => [fn('one'), fn('two')], 0);
  expect(await reader.read()).toEqual([{ timestamp: 1000, function: 'two', message: 'from f-two' }]);

  const requests = seen.length;
  expect(await reader.read()).toEqual([]);
  expect(seen.length).toBe(requests + 1);

  bytes = 2;
  events.push({ timestamp: 1000, message: 'later', logStreamName: 's2' });
  expect((await reader.read()).map(({ message }) => message)).toEqual(['later']);
});
