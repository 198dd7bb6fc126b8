import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { SEQUENCE_DIGITS } from '../../../src/voting/contract';
import { type Checkpoint, type CheckpointState, NO_SEQUENCE } from '../checkpoint';

/**
 * A checkpoint as the table has it: 28 bytes, which compare as (state, stream, sequence number, time of the newest record). So one
 * comparison with a prefix tells a checkpoint of the same stream, and one with a longer prefix which of two is ahead. Each lane
 * has one in an item that must stay within a kilobyte, so they are bytes and no text. One whose sequence numbers fell has states of
 * its own, and four more bytes (`since`): nobody adds to it without having read it.
 */
const STATES: readonly CheckpointState[] = ['counting', 'waiting', 'reported'];
const STREAM_BYTES = 6;
/** What `SEQUENCE_DIGITS` decimal digits need. */
const SEQUENCE_BYTES = Math.ceil(SEQUENCE_DIGITS * Math.log2(10) / 8);
const NEWEST_BYTES = 4;
const STREAM_AT = 1;
const SEQUENCE_AT = STREAM_AT + STREAM_BYTES;
const NEWEST_AT = SEQUENCE_AT + SEQUENCE_BYTES;
const SINCE_AT = NEWEST_AT + NEWEST_BYTES;
const BYTES = SINCE_AT;
const SINCE_BYTES = 4;

/** The form of the versions before: the sequence number alone, to the base of 36. A rollback to them stops counting, and miscounts nothing. */
const RADIX = 36;
const TEXT_CHARACTERS = Math.ceil(SEQUENCE_DIGITS / Math.log10(RADIX));

/** The attribute of a checkpoint. It is the one that it was read from, byte by byte: conditions lean on it. */
export function toAttribute({ state, stream, sequence, newest = 0, since }: Checkpoint): AttributeValue {
  if (stream === undefined) return { S: BigInt(sequence).toString(RADIX).padStart(TEXT_CHARACTERS, '0') };
  const bytes = Buffer.alloc(since === undefined ? BYTES : BYTES + SINCE_BYTES);
  writePrefix(bytes, state, stream);
  writeSequence(bytes, sequence);
  bytes.writeUInt32BE(newest, NEWEST_AT);
  if (since !== undefined) {
    bytes[0] += STATES.length;
    bytes.writeUInt32BE(since, SINCE_AT);
  }
  return { B: bytes };
}

/** Below every checkpoint of that stream in the state of being counted, and above every one of an earlier stream. */
export function startOf(stream: number): AttributeValue {
  const bytes = Buffer.alloc(SEQUENCE_AT);
  writePrefix(bytes, 'counting', stream);
  return { B: bytes };
}

/** Above every checkpoint of that stream whose sequence number is lower, and below every other one of it, in the state of being counted. */
export function limitOf(stream: number, sequence: string): AttributeValue {
  const bytes = Buffer.alloc(NEWEST_AT);
  writePrefix(bytes, 'counting', stream);
  writeSequence(bytes, sequence);
  return { B: bytes };
}

/** Undefined where there is none, or something that is none. */
export function toCheckpoint(attribute: AttributeValue | undefined): Checkpoint | undefined {
  if (attribute?.S !== undefined) return { state: 'counting', sequence: toSequence(fromText(attribute.S)) };
  const { B: stored } = attribute ?? {};
  if (stored === undefined || (stored.length !== BYTES && stored.length !== BYTES + SINCE_BYTES)) return undefined;
  const bytes = Buffer.from(stored);
  const newest = bytes.readUInt32BE(NEWEST_AT);
  const fell = stored.length > BYTES;
  return {
    state: STATES[bytes[0] % STATES.length],
    stream: bytes.readUIntBE(STREAM_AT, STREAM_BYTES),
    sequence: toSequence(BigInt(`0x${bytes.toString('hex', SEQUENCE_AT, NEWEST_AT)}`)),
    ...(newest === 0 ? {} : { newest }),
    ...(fell ? { since: bytes.readUInt32BE(SINCE_AT) } : {}),
  };
}

function writePrefix(bytes: Buffer, state: CheckpointState, stream: number): void {
  bytes[0] = STATES.indexOf(state);
  bytes.writeUIntBE(stream, STREAM_AT, STREAM_BYTES);
}

function writeSequence(bytes: Buffer, sequence: string): void {
  const digits = (sequence === NO_SEQUENCE ? 0n : BigInt(sequence)).toString(16).padStart(2 * SEQUENCE_BYTES, '0');
  bytes.write(digits, SEQUENCE_AT, SEQUENCE_BYTES, 'hex');
}

/** As `Position` has it. */
function toSequence(value: bigint): string {
  return value.toString().padStart(SEQUENCE_DIGITS, '0');
}

/** As many characters at once as a number holds exactly. */
const SAFE_DIGITS = /.{1,10}/g;

function fromText(text: string): bigint {
  let value = 0n;
  for (const digits of text.match(SAFE_DIGITS) ?? []) value = value * BigInt(RADIX ** digits.length) + BigInt(parseInt(digits, RADIX));
  return value;
}
