import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';
import { type LaneChange } from './fakes';

const image = (choice: string | undefined): Record<string, AttributeValue> | undefined =>
  (choice === undefined ? undefined : { choice: { S: choice }, acceptedAt: { N: '1' } });

export function eventNameOf({ before, after }: Pick<LaneChange, 'before' | 'after'>): DynamoDBRecord['eventName'] {
  if (before === undefined) return 'INSERT';
  return after === undefined ? 'REMOVE' : 'MODIFY';
}

/** The ARN of a stream that was requested at that moment: ISO 8601, as DynamoDB has it without a zone. */
export function streamArn(requestedAt = '2024-01-01T00:00:00.000'): string {
  return `arn:aws:dynamodb:us-east-1:123456789012:table/Votes/stream/${requestedAt}`;
}

/** The record that DynamoDB writes of a ballot's change, to a stream that is older than the polls of `uuid`. */
export function streamRecord(
  change: Omit<LaneChange, 'sequence'>, more: Partial<DynamoDBRecord['dynamodb']> = {}, eventSourceARN = streamArn(),
): DynamoDBRecord {
  const { pollId, lane, recordId, before, after, marker } = change;
  return {
    eventSourceARN,
    eventName: marker === undefined ? eventNameOf(change) : 'INSERT',
    dynamodb: {
      Keys: { pk: { S: `ballot#${pollId}#${lane}` }, sk: { S: marker === undefined ? `user-${recordId}` : '~recount' } },
      SequenceNumber: recordId,
      ApproximateCreationDateTime: change.createdAt,
      OldImage: image(before),
      NewImage: marker === undefined ? image(after) : { marker: { S: marker } },
      StreamViewType: 'NEW_AND_OLD_IMAGES',
      ...more,
    },
  };
}
