import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';
import { SEQUENCE_DIGITS, VotingTable } from '../../../src/voting/contract';
import type { LaneBatch, RecordRef } from '../aggregate';
import type { BallotChange } from '../fold';
import { isBallotPartition, toLaneKey } from './items';

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };
interface Reading extends Mutable<LaneBatch> {
  readonly changes: BallotChange[];
}

/** The ballots of a batch of the table's stream, lane by lane. What is no ballot is passed over. */
export function readLanes(records: readonly DynamoDBRecord[]): LaneBatch[] {
  const lanes = new Map<string, Reading>();
  for (const record of records) {
    const partition = record.dynamodb?.Keys?.[VotingTable.PARTITION_KEY]?.S;
    if (partition === undefined || !isBallotPartition(partition)) continue;
    const batch = lanes.get(partition) ?? { lane: toLaneKey(partition), changes: [] };
    lanes.set(partition, batch);
    if (batch.poison === undefined) read(record, batch);
  }
  return [...lanes.values()];
}

function read(record: DynamoDBRecord, batch: Reading): void {
  const ref = reference(record);
  const change = batch.lane === undefined ? undefined : toChange(record, ref);
  if (change === undefined) batch.poison = ref;
  else batch.changes.push(change);
}

function reference({ dynamodb }: DynamoDBRecord): RecordRef {
  const recordId = dynamodb?.SequenceNumber ?? '';
  // Without it nothing can be put in order or be named: the whole batch has to come again.
  if (recordId.length > SEQUENCE_DIGITS || !/^\d+$/.test(recordId)) throw new Error('A record of the stream has no sequence number');
  return { recordId, sequence: recordId.padStart(SEQUENCE_DIGITS, '0') };
}

/** Undefined where the record does not say what changed. */
function toChange({ eventName, dynamodb }: DynamoDBRecord, ref: RecordRef): BallotChange | undefined {
  const before = option(dynamodb?.OldImage);
  const after = option(dynamodb?.NewImage);
  if (eventName === 'INSERT' && after !== undefined) return { ...ref, after };
  if (eventName === 'MODIFY' && before !== undefined && after !== undefined) return { ...ref, before, after };
  if (eventName === 'REMOVE' && before !== undefined) return { ...ref, before };
  return undefined;
}

function option(image: Record<string, AttributeValue> | undefined): string | undefined {
  const optionId = image?.optionId?.S;
  return optionId === '' ? undefined : optionId;
}
