/** A record as GetRecords answers it, and as a function receives it. */
export interface StreamRecord {
  readonly eventID?: string;
  readonly eventName?: string;
  readonly dynamodb: {
    readonly SequenceNumber: string;
    readonly Keys?: Readonly<Record<string, unknown>>;
    readonly SizeBytes?: number;
    /** Seconds since 1970. */
    readonly ApproximateCreationDateTime?: number;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** What an event source mapping says about how its stream is read. */
export interface StreamMapping {
  readonly id: string;
  readonly streamArn: string;
  readonly functionArn: string;
  readonly batchSize: number;
  readonly windowMs: number;
  /** -1 is without end. */
  readonly maximumRetries: number;
  /** -1 is without end. */
  readonly maximumAgeSeconds: number;
  readonly bisect: boolean;
  readonly reportsFailures: boolean;
  readonly parallelization: number;
  /** Each a JSON pattern; a record has to match one of them. Empty takes all. */
  readonly filters: readonly string[];
  /** Records from before are not the mapping's: where it starts at LATEST. Seconds since 1970. */
  readonly notBefore?: number;
  readonly onFailureArn?: string;
}

export type Invocation =
  | { readonly kind: 'answered'; readonly payload: unknown }
  | { readonly kind: 'failed'; readonly functionError: string }
  /** The invocation did not reach the function: throttled, or the service is not there. */
  | { readonly kind: 'refused'; readonly reason: string };

export interface Page {
  readonly records: readonly StreamRecord[];
  /** Missing where the shard is closed and read to its end. */
  readonly next?: string;
}

export interface StreamPorts {
  /** An iterator from the oldest record on. */
  openShard(streamArn: string): Promise<{ readonly shardId: string; readonly iterator: string }>;
  read(iterator: string): Promise<Page>;
  invoke(functionArn: string, records: readonly StreamRecord[]): Promise<Invocation>;
  /** Sends a discarded batch's description to a queue or topic. */
  report(destinationArn: string, message: string): Promise<void>;
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  newId(): string;
  log(line: string): void;
}
