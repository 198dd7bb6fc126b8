import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type AwsClient, AwsError } from '../../aws/client';
import type { Invocation, Page, StreamPorts, StreamRecord } from './ports';

const STREAMS = 'DynamoDBStreams_20120810';

/** The pump's ports on the emulator. */
export function streamPorts(aws: AwsClient, log: (line: string) => void): StreamPorts {
  return {
    openShard: async (streamArn) => {
      const { StreamDescription } = await aws.json<{ StreamDescription: { Shards: Array<{ ShardId: string }> } }>(
        'dynamodb', `${STREAMS}.DescribeStream`, { StreamArn: streamArn },
      );
      const shardId = StreamDescription.Shards[0].ShardId;
      const { ShardIterator } = await aws.json<{ ShardIterator: string }>(
        'dynamodb', `${STREAMS}.GetShardIterator`, { StreamArn: streamArn, ShardId: shardId, ShardIteratorType: 'TRIM_HORIZON' },
      );
      return { shardId, iterator: ShardIterator };
    },
    read: async (iterator): Promise<Page> => {
      const page = await aws.json<{ Records: StreamRecord[]; NextShardIterator?: string }>(
        'dynamodb', `${STREAMS}.GetRecords`, { ShardIterator: iterator },
      );
      return { records: page.Records, next: page.NextShardIterator };
    },
    invoke: (functionArn, records) => invoke(aws, functionArn, records),
    report: (destinationArn, message) => report(aws, destinationArn, message),
    now: Date.now,
    sleep: async (ms, signal) => {
      // An aborted wait is a short one.
      await wait(ms, undefined, { signal, ref: false }).catch(() => undefined);
    },
    newId: randomUUID,
    log,
  };
}

async function invoke(aws: AwsClient, functionArn: string, records: readonly StreamRecord[]): Promise<Invocation> {
  const path = `/2015-03-31/functions/${encodeURIComponent(functionArn)}/invocations`;
  try {
    const response = await aws.send('lambda', 'POST', path, JSON.stringify({ Records: records }), { 'x-amz-invocation-type': 'RequestResponse' });
    if (response.status >= 300) return { kind: 'refused', reason: `the invocation was answered with ${response.status}` };
    const functionError = response.headers['x-amz-function-error'];
    if (functionError !== undefined) return { kind: 'failed', functionError: String(functionError) };
    return { kind: 'answered', payload: response.body === '' ? null : JSON.parse(response.body) as unknown };
  } catch (error) {
    return { kind: 'refused', reason: (error as Error).message };
  }
}

async function report(aws: AwsClient, destinationArn: string, message: string): Promise<void> {
  const [, , service, , account, name] = destinationArn.split(':');
  if (service === 'sqs') {
    const { QueueUrl } = await aws.json<{ QueueUrl: string }>('sqs', 'AmazonSQS.GetQueueUrl', { QueueName: name, QueueOwnerAWSAccountId: account });
    await aws.json('sqs', 'AmazonSQS.SendMessage', { QueueUrl, MessageBody: message });
  } else if (service === 'sns') {
    await aws.query('sns', 'Publish', '2010-03-31', { TopicArn: destinationArn, Message: message });
  } else {
    throw new AwsError('Unsupported', `a destination of ${service} is not stood in for`, 400);
  }
}
