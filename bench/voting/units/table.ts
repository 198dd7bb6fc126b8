import {
  type AttributeDefinition, CreateTableCommand, DeleteTableCommand, type DynamoDBClient, waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand, type DynamoDBStreamsClient, GetRecordsCommand, type GetRecordsCommandOutput, GetShardIteratorCommand,
  type _Record as StreamRecord,
} from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBRecord } from 'aws-lambda';
import { VotingTable } from '../../../src/voting/contract';

const { PARTITION_KEY, SORT_KEY, LANE_PIN } = VotingTable;
const text = (name: string): AttributeDefinition => ({ AttributeName: name, AttributeType: 'S' });

/** A table as the pipeline has it, whose stream nobody reads; gives its stream. */
export async function createVotingTable(client: DynamoDBClient, name: string): Promise<string> {
  const { TableDescription: table } = await client.send(new CreateTableCommand({
    TableName: name,
    AttributeDefinitions: [text(PARTITION_KEY), text(SORT_KEY), text(LANE_PIN)],
    KeySchema: [{ AttributeName: PARTITION_KEY, KeyType: 'HASH' }, { AttributeName: SORT_KEY, KeyType: 'RANGE' }],
    LocalSecondaryIndexes: [{
      IndexName: LANE_PIN,
      KeySchema: [{ AttributeName: PARTITION_KEY, KeyType: 'HASH' }, { AttributeName: LANE_PIN, KeyType: 'RANGE' }],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    }],
    BillingMode: 'PAY_PER_REQUEST',
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  }));
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 1 }, { TableName: name });
  return table!.LatestStreamArn!;
}

export async function deleteTable(client: DynamoDBClient, name: string): Promise<void> {
  await client.send(new DeleteTableCommand({ TableName: name }));
}

/** All that a table's stream holds of ballots, as an event source mapping hands it to a function. */
export async function ballotRecords(client: DynamoDBStreamsClient, streamArn: string): Promise<DynamoDBRecord[]> {
  const { StreamDescription: description } = await client.send(new DescribeStreamCommand({ StreamArn: streamArn }));
  const records: DynamoDBRecord[] = [];
  for (const { ShardId: shard } of description?.Shards ?? []) {
    const from = await client.send(new GetShardIteratorCommand({ StreamArn: streamArn, ShardId: shard, ShardIteratorType: 'TRIM_HORIZON' }));
    let iterator = from.ShardIterator;
    while (iterator !== undefined) {
      const page: GetRecordsCommandOutput = await client.send(new GetRecordsCommand({ ShardIterator: iterator }));
      // An open shard has no end: an empty page is as far as it goes.
      if (page.Records === undefined || page.Records.length === 0) break;
      records.push(...page.Records.map((record) => delivered(record, streamArn)));
      iterator = page.NextShardIterator;
    }
  }
  return records.filter(({ dynamodb }) => dynamodb?.Keys?.[PARTITION_KEY]?.S?.startsWith(VotingTable.BALLOT_PREFIX));
}

/** A record as the function receives it: with its stream, and with seconds in the place of a date. */
function delivered({ dynamodb, ...record }: StreamRecord, eventSourceARN: string): DynamoDBRecord {
  const createdAt = Math.floor(Number(dynamodb?.ApproximateCreationDateTime) / 1000);
  return { ...record, eventSourceARN, dynamodb: { ...dynamodb, ApproximateCreationDateTime: createdAt } } as DynamoDBRecord;
}
