import type { RecountRequest, RecountResult } from '../src/voting/contract';

/** A message of a dead-letter queue, held by us for a while. */
export interface Letter {
  readonly id: string;
  readonly body: string;
  /** When it came to be, in milliseconds since the epoch: a message that was moved here keeps the moment of its origin. */
  readonly sentAt: number;
  /** How often it was received, by anybody. */
  readonly receives: number;
  /** What whoever holds it shows to delete it or to give it back. */
  readonly receipt: string;
}

/** What SQS says that it holds: close to the truth, not exact. */
export interface Depth {
  readonly waiting: number;
  /** Received by somebody, and neither deleted nor back yet. */
  readonly held: number;
  readonly delayed: number;
}

export interface Queues {
  /** At most ten messages that nobody else sees for that long; none where none is there. */
  receive(url: string, most: number, holdSeconds: number): Promise<Letter[]>;
  /** Keeps messages that are held for that long from now on; 0 gives them back at once. */
  hold(url: string, letters: readonly Letter[], seconds: number): Promise<void>;
  /** Gives the ids of the messages that were taken. */
  send(url: string, letters: readonly Letter[]): Promise<Set<string>>;
  /** Gives the ids of the messages that were deleted. */
  remove(url: string, letters: readonly Letter[]): Promise<Set<string>>;
  depth(url: string): Promise<Depth>;
}

export interface Recounts {
  /** The signal ends the wait; a recount that has begun goes on to its end, which is harmless. */
  recount(functionName: string, request: RecountRequest, signal?: AbortSignal): Promise<RecountResult>;
}

/** A part of one shard of a table's stream, both ends included. */
export interface StreamRange {
  readonly streamArn: string;
  readonly shardId: string;
  readonly first: string;
  readonly last: string;
}

export interface Streams {
  /** The partition keys that changed in the range, each once; undefined where the stream has forgotten some of it. */
  partitions(range: StreamRange, keyName: string): Promise<Set<string> | undefined>;
}

/** What the table says of a poll that matters here. Moments are milliseconds since the epoch. */
export interface KnownPoll {
  readonly roomId: string;
  readonly pollId: string;
  readonly createdAt?: number;
  /** The earliest end that was set: scheduled or by hand. */
  readonly endsAt?: number;
}

export interface PollDirectory {
  /** Every poll of the table, which takes reading the whole of it. */
  all(table: string): AsyncIterable<KnownPoll>;
}

/** A stack that is a resource of another one. */
export interface NestedStack {
  /** What CloudFormation takes as its name. */
  readonly stack: string;
  /** Its logical id in the stack above it. */
  readonly logicalId: string;
}

export interface Stacks {
  /** Outputs by key; undefined if there is no such stack. */
  outputs(stack: string): Promise<Record<string, string> | undefined>;
  /** The names of the stack's alarms, those of its nested stacks included. */
  alarms(stack: string): Promise<string[]>;
  /** The nested stacks below a stack, at any depth. Each can be asked for its outputs. */
  nested(stack: string): Promise<NestedStack[]>;
}

export interface RingingAlarm {
  readonly name: string;
  readonly description: string;
  readonly since?: number;
}

export interface Metrics {
  ringing(alarms: readonly string[]): Promise<RingingAlarm[]>;
  /** The highest value of the last minutes, in seconds; undefined where nothing was measured. */
  oldestMessage(queueName: string): Promise<number | undefined>;
  /** The same in milliseconds: for how long the oldest record of a function's stream waited. */
  streamAge(functionName: string): Promise<number | undefined>;
}

/** What a table can take at once, in units per second. */
export interface TableThroughput {
  readonly warmReadUnits: number;
  readonly warmWriteUnits: number;
  /** Whether AWS is still raising it. */
  readonly warming: boolean;
  /** What the table was told to refuse above; undefined if it has no such limit. */
  readonly maxReadUnits?: number;
  readonly maxWriteUnits?: number;
}

/** Warm throughput to reach: what is left out stays. */
export interface WarmThroughput {
  readonly readUnits?: number;
  readonly writeUnits?: number;
}

export interface Tables {
  throughput(table: string): Promise<TableThroughput>;
  /** Begins to raise it. AWS refuses lower values than it has. */
  warm(table: string, target: WarmThroughput): Promise<void>;
}

/** An item in DynamoDB's JSON. */
export type StoredItem = Readonly<Record<string, { readonly S?: string; readonly N?: string } | undefined>>;

/** A part of a table that is read by itself, from a position on. */
export interface Segment {
  readonly segment: number;
  readonly of: number;
  readonly from?: StoredItem;
}

export interface ItemPage {
  readonly items: readonly StoredItem[];
  /** Where the next page begins; undefined at the end. */
  readonly next?: StoredItem;
}

/** The table has no capacity left just now: the same call later can succeed. */
export class Throttled extends Error {}

export interface Items {
  /** The names of the key attributes, partition first; undefined if there is no such table. */
  keys(table: string): Promise<string[] | undefined>;
  page(table: string, segment: Segment): Promise<ItemPage>;
  /** Writes an item whose key the table does not have. Gives whether it did. */
  putAbsent(table: string, item: StoredItem): Promise<boolean>;
}

export interface Caller {
  readonly account: string;
  readonly arn: string;
}

export interface Identity {
  whoAmI(): Promise<Caller>;
}

/** Each is loaded when it is asked for first: a command pays only for the clients that it uses. */
export interface Aws {
  stacks(): Promise<Stacks>;
  queues(): Promise<Queues>;
  recounts(): Promise<Recounts>;
  streams(): Promise<Streams>;
  polls(): Promise<PollDirectory>;
  metrics(): Promise<Metrics>;
  tables(): Promise<Tables>;
  items(): Promise<Items>;
  identity(): Promise<Identity>;
}

/** A file that only grows, line by line. What was appended is on the disk. */
export interface RecordFile {
  readonly path: string;
  append(records: readonly object[]): Promise<void>;
  /** What was appended, also by earlier runs. A line that was cut off half-way is passed over. */
  read(): Promise<unknown[]>;
}
