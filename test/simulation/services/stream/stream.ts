import type { DynamoDBRecord } from 'aws-lambda';
import { CLEARLY_NEWER_SECONDS } from '../../../../lambda/voting/checkpoint';
import { position, type Random } from '../../engine/random';
import { type Change, keyText, PK, SK } from '../dynamo/table';

export interface StreamRecord {
  readonly at: number;
  readonly partition: string;
  readonly item: string;
  readonly sequence: string;
  readonly record: DynamoDBRecord;
}

/** A part of the stream: the records of one partition of the table in their order. It closes where the partition splits, or after some hours. */
export interface Shard {
  readonly name: string;
  readonly parent?: Shard;
  readonly from: number;
  readonly to: number;
  readonly records: StreamRecord[];
  /** The last sequence number given out: rises within the shard, and children go on where their parent ended. */
  last: bigint;
  closed: boolean;
}

/** The moment at which virtual time begins, in milliseconds since the epoch: ids, labels of streams and records have dates. */
export const EPOCH = Date.parse('2026-01-01T00:00:00Z');

export interface StreamOptions {
  readonly random: Random;
  readonly now: () => number;
  readonly partitions: number;
  /** About where its sequence numbers begin. */
  readonly first: bigint;
  /** In virtual time: its label says so. */
  readonly requestedAt: number;
  /** As a table without a local index may do with a large partition key: its items by their sort key over several partitions. */
  readonly splitsItemCollections: boolean;
}

/** Sequence numbers have 21 digits and more; near that border their texts do not sort as the numbers do. */
export const BORDER = 10n ** 21n;
/** A new stream begins low: public records of real streams show it (ADR 0006). */
export const FIRST = 10n ** 20n;
/** Milliseconds. */
const RESET_PAUSE = 2_000 * CLEARLY_NEWER_SECONDS;

/** The table's stream, new and old images. Knows nothing of who reads it. */
export class Stream {
  readonly shards: Shard[] = [];
  readonly listeners: Array<(shard: Shard) => void> = [];
  /** Whether its sequence numbers have fallen. */
  broken = false;
  private readonly arn: string;
  /** A stream that was disabled has no record of what is written any more. What it has can still be read. */
  private enabled = true;
  /** How far the creation times of records have jumped ahead, in milliseconds. */
  private ahead = 0;

  constructor(private readonly options: StreamOptions) {
    const { partitions, requestedAt } = options;
    const label = new Date(EPOCH + requestedAt).toISOString().replace('Z', '');
    this.arn = `arn:aws:dynamodb:us-east-1:000000000000:table/Votes/stream/${label}`;
    for (let index = 0; index < partitions; index += 1) this.open(index / partitions, (index + 1) / partitions);
  }

  write(change: Change): void {
    const { keys, before, after } = change;
    if (!this.enabled || (before !== undefined && JSON.stringify(before) === JSON.stringify(after))) return;
    const { random, now, splitsItemCollections } = this.options;
    const pk = keyText(keys, PK);
    const item = `${pk} ${keyText(keys, SK)}`;
    const place = position(splitsItemCollections ? item : pk);
    const shard = this.shards.find(({ closed, from, to }) => !closed && place >= from && place < to)!;
    shard.last += BigInt(random.int(1, 40));
    const sequence = String(shard.last);
    shard.records.push({ at: now(), partition: pk, item, sequence, record: this.recordOf(change, sequence) });
    this.tell(shard);
  }

  /** Splits a partition in two, or rolls its shard over into one new one. */
  reshard(split: boolean): Shard {
    const { random } = this.options;
    const parent = random.pick(this.shards.filter(({ closed }) => !closed));
    const { from, to } = parent;
    parent.closed = true;
    const middle = split ? from + (to - from) * (0.3 + 0.4 * random.next()) : to;
    this.open(from, middle, parent);
    if (split) this.open(middle, to, parent);
    this.tell(parent);
    return parent;
  }

  disable(): void {
    this.enabled = false;
  }

  /**
   * What the counting rests on, and AWS does not say in words, breaks: sequence numbers go on far below. They do so after a pause,
   * because a shorter one than `CLEARLY_NEWER_SECONDS` cannot be told from repeated records.
   */
  resetSequence(): void {
    const { random } = this.options;
    this.ahead += RESET_PAUSE;
    this.broken = true;
    for (const shard of this.shards) if (!shard.closed) shard.last = FIRST - BigInt(random.int(1, 300));
  }

  private open(from: number, to: number, parent?: Shard): void {
    const { random, first } = this.options;
    const last = parent === undefined ? first - BigInt(random.int(1, 300)) : parent.last + BigInt(random.int(1, 1_000));
    const shard: Shard = { name: `shard-${this.shards.length + 1}`, parent, from, to, records: [], last, closed: false };
    this.shards.push(shard);
    this.tell(shard);
  }

  private tell(shard: Shard): void {
    for (const listener of this.listeners) listener(shard);
  }

  private recordOf({ keys, before, after }: Change, sequence: string): DynamoDBRecord {
    // The SDK and the event name the same values by two types.
    const images = { Keys: keys, OldImage: before, NewImage: after } as DynamoDBRecord['dynamodb'];
    const eventName = before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY';
    const ApproximateCreationDateTime = Math.floor((EPOCH + this.options.now() + this.ahead) / 1000);
    return {
      eventName,
      eventSourceARN: this.arn,
      dynamodb: { ...images, SequenceNumber: sequence, ApproximateCreationDateTime, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    };
  }
}
