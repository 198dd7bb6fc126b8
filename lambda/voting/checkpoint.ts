import { CLOCK_SKEW_MS } from '../../src/voting/contract';

/** A table's stream. The label in its ARN is the moment at which it was requested: a table's next stream has a later one. */
export interface Source {
  /** Milliseconds since the epoch. */
  readonly stream: number;
  /** Whether the poll was created after the stream: then the stream has every change of every ballot of the poll. */
  readonly complete: boolean;
}

/**
 * `counting`: what comes next is added to the tally. Otherwise the tally has no base for that: a recount must set its counts
 * first. `waiting`: no dead letter asks for that recount yet; `reported`: one does.
 */
export type CheckpointState = 'counting' | 'waiting' | 'reported';

/** Up to where the stream of a write shard has been processed. */
export interface Checkpoint {
  readonly state: CheckpointState;
  /** The stream that the sequence number belongs to; undefined where a version before this one wrote the checkpoint. */
  readonly stream?: number;
  /** Compares as a string. */
  readonly sequence: string;
  /** When the newest record up to here was created, in seconds since the epoch, where that is known. */
  readonly newest?: number;
  /** Where sequence numbers fell: when the first record was created that fell, in seconds since the epoch. What is older had higher ones. */
  readonly since?: number;
}

/** A record's place in its stream. */
export interface Position {
  /** Compares as a string; rises from change to change within a write shard. */
  readonly sequence: string;
  /** When the record was created, in seconds since the epoch. Required by nobody, always there in practice. */
  readonly createdAt?: number;
}

/** Below every sequence number: a stream of which nothing was processed. */
export const NO_SEQUENCE = '';

/**
 * How much newer than everything that was counted a record may be that is at or below the checkpoint, in seconds. A repeated
 * record was counted itself, so it is no newer at all; the rest is for times that DynamoDB calls approximate.
 */
export const CLEARLY_NEWER_SECONDS = 5;
/** How far a record's creation time and a stream's label may disagree about which came first. */
const LABEL_TOLERANCE_MS = 60_000;

/** Why a write shard waits for a recount. */
export type WaitReason = 'stream-replaced' | 'order-broken';

/** What a record means to its write shard, and the checkpoint behind it. */
export type Step =
  /** It was processed before, or is covered by the recount that followed a newer stream. The checkpoint may know more than before. */
  | { readonly kind: 'repeated'; readonly at: Checkpoint | undefined }
  | { readonly kind: 'counted'; readonly at: Checkpoint }
  /** A recount has to count it. `reason`: the record is the one that made its write shard wait. */
  | { readonly kind: 'uncounted'; readonly at: Checkpoint; readonly reason?: WaitReason };

/**
 * Processes the next record of a write shard. The invariant: while a tally is `counting`, every change of a ballot since its counts
 * were exact has come, or will come, by the stream of its checkpoint.
 *
 * - A tally without a checkpoint, or with one that names no stream, starts from its counts if the stream has the whole history of
 *   the poll (`complete`).
 * - Sequence numbers of two streams do not compare: a restored table, and a stream that was disabled and enabled again, have a new
 *   one, which begins low, and which lacks what was written while there was none. So another stream makes the write shard wait.
 * - An older stream may still be read while the newer one begins. All that it holds was written before the newer one was
 *   requested, so the recount that the newer one asked for has it. A record that was created later than that cannot come from
 *   there: then the checkpoint is of another table, and the write shard waits again.
 * - A record at or below the checkpoint that is clearly newer than everything up to it shows that sequence numbers do not rise, on
 *   which all of this rests. Then the write shard waits, too. Its order begins anew with that record: whatever was created before it
 *   is in the table before the recount begins, and is not counted when it is repeated.
 */
export function advance(at: Checkpoint | undefined, { sequence, createdAt }: Position, source: Source): Step {
  let from = at;
  let reason: WaitReason | undefined;
  if (from?.stream !== source.stream) {
    if (isDrained(from, createdAt, source)) return { kind: 'repeated', at };
    const adopted = from?.stream === undefined && source.complete;
    if (!adopted) reason = 'stream-replaced';
    from = adopted
      ? { ...from, state: from?.state ?? 'counting', sequence: from?.sequence ?? NO_SEQUENCE, stream: source.stream }
      : { state: waitingFrom(from), stream: source.stream, sequence: NO_SEQUENCE };
  }
  if (from.since !== undefined && createdAt !== undefined && createdAt < from.since) return { kind: 'repeated', at };
  if (sequence <= from.sequence) {
    // A version before this one did not write how new the newest record is: what comes first says it, so that the next one is compared.
    if (from.newest === undefined) return { kind: 'repeated', at: createdAt === undefined ? at : { ...from, newest: createdAt } };
    if (createdAt === undefined || createdAt - from.newest <= CLEARLY_NEWER_SECONDS) return { kind: 'repeated', at };
    return { kind: 'uncounted', reason: 'order-broken', at: { state: waitingFrom(from), stream: from.stream, sequence, newest: createdAt, since: createdAt } };
  }
  const newest = Math.max(from.newest ?? 0, createdAt ?? 0);
  const next: Checkpoint = {
    state: from.state, stream: from.stream, sequence, ...(newest === 0 ? {} : { newest }), ...(from.since === undefined ? {} : { since: from.since }),
  };
  if (next.state === 'counting') return { kind: 'counted', at: next };
  return { kind: 'uncounted', at: next, ...(reason === undefined ? {} : { reason }) };
}

function isDrained(at: Checkpoint | undefined, createdAt: number | undefined, { stream }: Source): boolean {
  return at?.stream !== undefined && stream < at.stream && createdAt !== undefined && createdAt * 1000 <= at.stream + LABEL_TOLERANCE_MS;
}

function waitingFrom(at: Checkpoint | undefined): CheckpointState {
  return at?.state === 'reported' ? 'reported' : 'waiting';
}

/** The stream of records, as a poll of that id meets it. Ids are UUIDs of version 7: they begin with the moment of their creation. */
export function sourceOf(stream: number, pollId: string): Source {
  const [, high, low] = /^([0-9a-f]{8})-([0-9a-f]{4})-7/.exec(pollId) ?? [];
  return { stream, complete: high !== undefined && parseInt(high + low, 16) >= stream + CLOCK_SKEW_MS };
}
