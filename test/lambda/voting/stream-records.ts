import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';
import { type LaneChange } from './fakes';

const image = (optionId: string | undefined): Record<string, AttributeValue> | undefined =>
  (optionId === undefined ? undefined : { optionId: { S: optionId }, acceptedAt: { N: '1' } });

export function eventNameOf({ before, after }: Pick<LaneChange, 'before' | 'after'>): DynamoDBRecord['eventName'] {
  if (before === undefined) return 'INSERT';
  return after === undefined ? 'REMOVE' : 'MODIFY';
}

/** The record that DynamoDB writes of a ballot's change. */
export function streamRecord(change: Omit<LaneChange, 'sequence'>, more: Partial<DynamoDBRecord['dynamodb']> = {}): DynamoDBRecord {
  const { pollId, lane, recordId, before, after } = change;
  return {
    eventName: eventNameOf(change),
    dynamodb: {
      Keys: { pk: { S: `ballot#${pollId}#${lane}` }, sk: { S: `user-${recordId}` } },
      SequenceNumber: recordId,
      OldImage: image(before),
      NewImage: image(after),
      StreamViewType: 'NEW_AND_OLD_IMAGES',
      ...more,
    },
  };
}
