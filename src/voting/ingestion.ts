import { IngestionMode } from './contract';

/** Options of an `Ingestion` that has a queue. */
export interface IngestionOptions {
  /**
   * Instances that write queued ballots at once, 2 to 1,000. One writes about 500 ballots a second.
   *
   * @default - by the pipeline's `expectedPeakVotesPerSecond`: 2 for 1,000 votes a second
   */
  readonly drainConcurrency?: number;
}

/**
 * How an accepted vote comes into the table. Whichever it is, a vote is lost only where its voter was told so, and of a voter's
 * votes the same one stands.
 */
export class Ingestion {
  /**
   * By a write, while the voter waits: 201. Where the table throttles or does not answer within about two seconds, the ballot goes
   * to a queue instead: 202, it is counted when the table takes it. An idle queue costs about USD 0.25 a month (it is polled).
   */
  static overflow(options: IngestionOptions = {}): Ingestion {
    return new Ingestion(IngestionMode.OVERFLOW, options.drainConcurrency);
  }

  /** By a write, or not at all: where the table takes none, the voter is told to come again (503). There is no queue. */
  static direct(): Ingestion {
    return new Ingestion(IngestionMode.DIRECT);
  }

  /**
   * Always by the queue: 202. However steep a peak is, the table sees no more writes at once than the drain makes. A different
   * second vote is not refused to the voter's face then; it just does not count, where the poll does not allow a change.
   */
  static buffered(options: IngestionOptions = {}): Ingestion {
    return new Ingestion(IngestionMode.BUFFERED, options.drainConcurrency);
  }

  private constructor(
    /** `overflow`, `direct` or `buffered`. */
    readonly mode: string,
    /** Instances that write queued ballots at once. Undefined where the pipeline decides, or where there is no queue. */
    readonly drainConcurrency?: number,
  ) {}

  /** Whether ballots are ever written while their voters wait. */
  get writes(): boolean {
    return this.mode !== IngestionMode.BUFFERED;
  }

  /** Whether there is a queue. */
  get queues(): boolean {
    return this.mode !== IngestionMode.DIRECT;
  }
}
