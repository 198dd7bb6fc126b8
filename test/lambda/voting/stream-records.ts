import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';
import { type LaneChange } from './fakes';

const image = (choice: string | undefined): Record<string, AttributeValue> | undefined =>
  (choice === undefined ? undefined : { choice: { S: choice }, acceptedAt: { N: '1' } });

export function eventNameOf({ before, after }: Pick<LaneChange, 'before' | 'after'>): DynamoDBRecord['eventName'] {
  if (before === undefined) return 'INSERT';
  return after === undefined ? 'REMOVE' : 'MODIFY';
}

/** The record that DynamoDB writes of a ballot's change. */
export function streamRecord(change: Omit<LaneChange, 'sequence'>, more: Partial<DynamoDBRecord['dynamodb']> = {}): DynamoDBRecord {
  const { pollId, lane, recordId, before, after, marker } = change;
  return {
    eventName: marker === undefined ? eventNameOf(change) : 'INSERT',
    dynamodb: {
      Keys: { pk: { S: `ballot#${pollId}#${lane}` }, sk: { S: marker === undefined ? `user-${recordId}` : '~recount' } },
      SequenceNumber: recordId,
      OldImage: image(before),
      NewImage: marker === undefined ? image(after) : { marker: { S: marker } },
      StreamViewType: 'NEW_AND_OLD_IMAGES',
      ...more,
    },
  };
}
