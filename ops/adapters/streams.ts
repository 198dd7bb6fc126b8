import { DynamoDBStreamsClient, GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-dynamodb-streams';
import type { StreamRange, Streams } from '../ports';
import { clientConfig, type Where } from './config';

/** What DynamoDB Streams answers where it has forgotten the record, the shard or the whole stream. */
const FORGOTTEN = new Set(['TrimmedDataAccessException', 'ResourceNotFoundException']);
/** Pages without a record after which the end of the range is taken to be lost: it lies before the tip of its shard. */
const EMPTY_PAGES = 100;

export function dynamoStreams(where: Where): Streams {
  const client = new DynamoDBStreamsClient(clientConfig(where));
  return {
    async partitions(range, keyName) {
      try {
        return await read(client, range, keyName);
      } catch (error) {
        if (error instanceof Error && FORGOTTEN.has(error.name)) return undefined;
        throw error;
      }
    },
  };
}

async function read(client: DynamoDBStreamsClient, range: StreamRange, keyName: string): Promise<Set<string> | undefined> {
  const found = new Set<string>();
  const last = BigInt(range.last);
  let { ShardIterator: iterator } = await client.send(new GetShardIteratorCommand({
    StreamArn: range.streamArn, ShardId: range.shardId, ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber: range.first,
  }));
  let empty = 0;
  while (iterator !== undefined && empty < EMPTY_PAGES) {
    const { Records = [], NextShardIterator } = await client.send(new GetRecordsCommand({ ShardIterator: iterator }));
    for (const { dynamodb } of Records) {
      const sequence = BigInt(dynamodb?.SequenceNumber ?? 0);
      const partition = dynamodb?.Keys?.[keyName]?.S;
      if (sequence <= last && partition !== undefined) found.add(partition);
      if (sequence >= last) return found;
    }
    empty = Records.length === 0 ? empty + 1 : 0;
    iterator = NextShardIterator;
  }
  // The end was not met: what was found may not be all.
  return undefined;
}
