import type { DynamoDBRecord } from 'aws-lambda';
import { DEAD_RECORD_BYTES, type DeadBallot, SEQUENCE_DIGITS, VotingTable } from '../../../src/voting/contract';
import type { LaneBatch } from '../aggregate';
import type { BallotChange } from '../fold';
import type { LaneKey } from '../ports';
import { choiceOf, isBallotPartition, isMarker, type Item, toLaneKey } from './items';

/** The changes of a batch of the table's stream, lane by lane. What belongs to no lane is passed over. */
export function readLanes(records: readonly DynamoDBRecord[]): LaneBatch[] {
  const lanes = new Map<string, Omit<LaneBatch, 'changes'> & { readonly changes: BallotChange[] }>();
  const streams = new Map<string, number>();
  for (const [index, record] of records.entries()) {
    const partition = record.dynamodb?.Keys?.[VotingTable.PARTITION_KEY]?.S;
    if (partition === undefined || !isBallotPartition(partition)) continue;
    const { eventSourceARN: arn = '' } = record;
    const stream = streams.get(arn) ?? streamOf(arn);
    streams.set(arn, stream);
    const number = record.dynamodb?.SequenceNumber ?? '';
    const ordered = number.length <= SEQUENCE_DIGITS && /^\d+$/.test(number);
    // What has no place in the order belongs to no lane that could be counted.
    const name = ordered ? `${stream} ${partition}` : '';
    const batch = lanes.get(name) ?? { lane: ordered ? toLaneKey(partition) : undefined, stream, changes: [] };
    lanes.set(name, batch);
    batch.changes.push({
      recordId: number,
      index,
      sequence: ordered ? number.padStart(SEQUENCE_DIGITS, '0') : '',
      ...createdAtOf(record),
      ...toChange(record, batch.lane),
    });
  }
  return [...lanes.values()];
}

/**
 * When the stream of an ARN (`…:table/<name>/stream/<label>`) was requested: its label is an ISO 8601 timestamp
 * (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Stream.html). A function that cannot tell its streams
 * apart counts nothing: the records come again until somebody has looked at it.
 */
export function streamOf(arn: string): number {
  const [, label = ''] = /\/stream\/([^/]+)$/.exec(arn) ?? [];
  const moment = Date.parse(/Z$/i.test(label) ? label : `${label}Z`);
  if (!(moment >= 0)) throw new Error(`The stream of the records has no label that is a timestamp: ${arn}`);
  return moment;
}

/** What a checkpoint has room for: until the year 2106. */
const LATEST_SECOND = 2 ** 32 - 1;

/** Whole seconds since the epoch (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html). */
function createdAtOf({ dynamodb }: DynamoDBRecord): Pick<BallotChange, 'createdAt'> {
  const createdAt = Math.floor(Number(dynamodb?.ApproximateCreationDateTime));
  return createdAt >= 0 && createdAt <= LATEST_SECOND ? { createdAt } : {};
}

function toChange(record: DynamoDBRecord, lane: LaneKey | undefined): Pick<BallotChange, 'before' | 'after' | 'marker' | 'dead'> {
  const { eventName, dynamodb } = record;
  if (lane === undefined) return { dead: deadBallot(record, lane, 'The lane of the ballot, or its place in the order, cannot be read') };
  if (isMarker(dynamodb?.Keys as Item)) return { marker: dynamodb?.NewImage?.marker?.S ?? '' };
  const before = choiceOf(dynamodb?.OldImage);
  const after = choiceOf(dynamodb?.NewImage);
  if (eventName === 'INSERT' && after !== undefined) return { after };
  if (eventName === 'MODIFY' && before !== undefined && after !== undefined) return { before, after };
  if (eventName === 'REMOVE' && before !== undefined) return { before };
  return { dead: deadBallot(record, lane, 'The record does not say what was chosen') };
}

function deadBallot({ eventName, dynamodb }: DynamoDBRecord, lane: LaneKey | undefined, reason: string): DeadBallot {
  const record = { eventName, OldImage: dynamodb?.OldImage, NewImage: dynamodb?.NewImage };
  return {
    v: 1,
    kind: 'ballot',
    ...(lane === undefined ? {} : { lane }),
    keys: dynamodb?.Keys ?? {},
    sequence: dynamodb?.SequenceNumber ?? '',
    reason,
    ...(Buffer.byteLength(JSON.stringify(record)) > DEAD_RECORD_BYTES ? {} : { record }),
  };
}
