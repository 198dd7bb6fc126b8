import { type AttributeValue, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { VotingTable } from '../../src/voting/contract';
import type { KnownPoll, PollDirectory } from '../ports';
import { clientConfig, type Where } from './config';

const ENDS = ['closesAt', 'closedAt'];

/** A scan: rare enough that an index, which every write of a poll would pay for, is not worth it. */
export function dynamoPolls(where: Where): PollDirectory {
  const client = new DynamoDBClient(clientConfig(where));
  return {
    async* all(table) {
      const pages = paginateScan({ client }, {
        TableName: table,
        FilterExpression: 'begins_with(#pk, :room) AND begins_with(#sk, :poll)',
        ProjectionExpression: ['#pk', '#sk', 'createdAt', ...ENDS].join(', '),
        ExpressionAttributeNames: { '#pk': VotingTable.PARTITION_KEY, '#sk': VotingTable.SORT_KEY },
        ExpressionAttributeValues: { ':room': { S: VotingTable.ROOM_PREFIX }, ':poll': { S: VotingTable.POLL_PREFIX } },
      });
      for await (const { Items = [] } of pages) for (const item of Items) yield toPoll(item);
    },
  };
}

function toPoll(item: Record<string, AttributeValue>): KnownPoll {
  const ends = ENDS.map((name) => item[name]?.N).filter((end) => end !== undefined).map(Number);
  const createdAt = item.createdAt?.N;
  return {
    roomId: item[VotingTable.PARTITION_KEY]?.S?.slice(VotingTable.ROOM_PREFIX.length) ?? '',
    pollId: item[VotingTable.SORT_KEY]?.S?.slice(VotingTable.POLL_PREFIX.length) ?? '',
    ...(createdAt === undefined ? {} : { createdAt: Number(createdAt) }),
    ...(ends.length === 0 ? {} : { endsAt: Math.min(...ends) }),
  };
}
