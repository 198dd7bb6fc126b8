import { isId } from '../../lambda/shared/ids';
import { readQueuedBallot } from '../../lambda/voting/queued-ballot';
import { type DeadBallot, type LaneName, type QueuedBallot, VotingTable } from '../../src/voting/contract';
import type { StreamRange } from '../ports';

/** Part of a ballot that only `--reveal` shows. */
interface Secret {
  readonly voter?: string;
  readonly choice?: string;
}
/** Lambda's own message: a batch of the stream was given up. It says where the batch is, not what is in it. */
export interface GivenUpBatch {
  readonly kind: 'batch';
  readonly reason: string;
  readonly range: StreamRange;
  readonly records: number;
  /** When its first and last record came, in milliseconds since the epoch. */
  readonly arrived: readonly [number, number];
  readonly attempts?: number;
}
/** The aggregator's message: one change of a ballot that could not be read. */
export interface UnreadableBallot extends Secret {
  readonly kind: 'ballot';
  readonly reason: string;
  readonly lane?: LaneName;
  /** Missing if the message has no valid one. */
  readonly sequence?: string;
}
/** A ballot that was accepted and could not be written. */
export interface UnwrittenBallot extends Secret {
  readonly kind: 'queued';
  readonly reason: string;
  readonly lane: LaneName;
  readonly acceptedAt: number;
}
export interface Malformed {
  readonly kind: 'malformed';
  readonly reason: string;
}
export type Decoded = GivenUpBatch | UnreadableBallot | UnwrittenBallot | Malformed;

const CONDITIONS: Readonly<Record<string, string>> = {
  RetryAttemptsExhausted: 'A batch was given up after its last retry',
  RecordAgeExceeded: 'A batch had become too old before it could be counted',
};

/** What a dead letter says. No reason quotes the body: it may hold who voted what. */
export function decode(body: string): Decoded {
  let message: unknown;
  try {
    message = JSON.parse(body);
  } catch {
    return malformed('The body is not JSON');
  }
  if (!isObject(message)) return malformed('The body is JSON, but no object');
  if ('DDBStreamBatchInfo' in message) return batch(message);
  if (message.kind === 'ballot') return ballot(message);
  return queued(message, body);
}

function batch(message: Fields): Decoded {
  const { DDBStreamBatchInfo: info, requestContext, responseContext } = message;
  const range = isObject(info) ? rangeOf(info) : undefined;
  if (!isObject(info) || range === undefined) return malformed('A given-up batch that does not say where it is in the stream');
  const { condition, approximateInvokeCount: attempts } = isObject(requestContext) ? requestContext : {};
  const { functionError } = isObject(responseContext) ? responseContext : {};
  const why = CONDITIONS[String(condition)] ?? `A batch was given up (${isName(condition) ? condition : 'for an unknown reason'})`;
  return {
    kind: 'batch',
    reason: isName(functionError) ? `${why}; the function ended with ${functionError}` : why,
    range,
    records: Number(info.batchSize ?? 0),
    arrived: [moment(info.approximateArrivalOfFirstRecord), moment(info.approximateArrivalOfLastRecord)],
    ...(typeof attempts === 'number' ? { attempts } : {}),
  };
}

function rangeOf({ streamArn, shardId, startSequenceNumber: first, endSequenceNumber: last }: Fields): StreamRange | undefined {
  return isName(streamArn) && isName(shardId) && isSequence(first) && isSequence(last) ? { streamArn, shardId, first, last } : undefined;
}

function ballot(message: Fields): Decoded {
  const { v, lane, keys, sequence, reason, record } = message as Partial<DeadBallot>;
  if (v !== 1 || !isText(reason) || typeof sequence !== 'string') return malformed('A ballot that could not be read, in a form that this version does not know');
  const voter = attribute(keys, VotingTable.SORT_KEY);
  const choice = attribute(record?.NewImage, 'choice') ?? attribute(record?.OldImage, 'choice');
  return {
    kind: 'ballot',
    // A message without keys is about a whole lane.
    reason: isObject(keys) && Object.keys(keys).length === 0 ? `A lane is not counted: ${reason}` : `A ballot could not be read: ${reason}`,
    ...(isSequence(sequence) ? { sequence } : {}),
    ...(isLane(lane) ? { lane } : {}),
    ...(voter === undefined ? {} : { voter }),
    ...(choice === undefined ? {} : { choice }),
  };
}

/** What passes is sent to the drain again, so the drain's own reading decides; the rest says what is wrong. */
function queued(message: Fields, body: string): Decoded {
  const { v, pollId, lane, voter, choice, acceptedAt, revote } = message as Partial<QueuedBallot>;
  if (pollId === undefined && voter === undefined) return malformed('The body is JSON, but no message of this pipeline');
  if (v !== undefined && v !== 1) return malformed('A queued ballot in a form that this version does not know');
  const found = readQueuedBallot(body);
  if (found === undefined) {
    const fields = { v, pollId, lane, voter, choice, acceptedAt, revote };
    const missing = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [name] : []));
    return malformed(missing.length === 0 ? 'A queued ballot with a field that has no valid value' : `A queued ballot without ${missing.join(', ')}`);
  }
  return {
    kind: 'queued',
    reason: 'An accepted ballot could not be written',
    lane: { pollId: found.pollId, lane: found.lane },
    voter: found.voter,
    choice: found.choice,
    acceptedAt: found.acceptedAt,
  };
}

type Fields = Readonly<Record<string, unknown>>;

function malformed(reason: string): Malformed {
  return { kind: 'malformed', reason };
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** A name that AWS chose. Such names have no spaces and no control characters. */
function isName(value: unknown): value is string {
  return isText(value) && /^[\w.:/-]+$/.test(value);
}

function isSequence(value: unknown): value is string {
  return isText(value) && /^\d+$/.test(value);
}

function isLane(value: unknown): value is LaneName {
  return isObject(value) && typeof value.pollId === 'string' && isId(value.pollId) && Number.isInteger(value.lane) && (value.lane as number) >= 0;
}

/** A string attribute of an item in DynamoDB's JSON. */
function attribute(item: unknown, name: string): string | undefined {
  const value = isObject(item) ? item[name] : undefined;
  return isObject(value) && isText(value.S) ? value.S : undefined;
}

function moment(value: unknown): number {
  return isText(value) ? Date.parse(value) : Number.NaN;
}
