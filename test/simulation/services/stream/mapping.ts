import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { position } from '../../engine/random';
import type { LambdaFunction, Outcome, Simulation } from '../lambda';
import type { Shard, Stream, StreamRecord } from './stream';

export interface MappingOptions {
  readonly batchSize: number;
  /** Milliseconds. */
  readonly window: number;
  readonly retries: number;
  readonly parallelization: number;
  readonly matches: (record: StreamRecord) => boolean;
}

/** One reader of a shard. With a parallelization factor there are several, each for a part of the items. */
interface Reader {
  readonly shard: Shard;
  readonly part: number;
  next: number;
  busy: boolean;
  done: boolean;
}

/** The event source mapping between the table's stream and its function, as Lambda's documentation has it. */
export class StreamMapping {
  /** Whether it was deleted with its stream: nothing is delivered any more, whether or not it was processed. */
  stopped = false;
  private readonly readers: Reader[] = [];

  constructor(
    private readonly simulation: Simulation, readonly stream: Stream,
    private readonly target: LambdaFunction<DynamoDBStreamEvent, DynamoDBBatchResponse>, private readonly options: MappingOptions,
    /** What the on-failure destination was told of: where the records are, not what they say. */
    private readonly givenUp: StreamRecord[][],
  ) {
    for (const shard of stream.shards) this.add(shard);
    stream.listeners.push((shard) => this.heard(shard));
  }

  private heard(shard: Shard): void {
    if (!this.readers.some((reader) => reader.shard === shard)) this.add(shard);
    this.wake();
  }

  private add(shard: Shard): void {
    for (let part = 0; part < this.options.parallelization; part += 1) this.readers.push({ shard, part, next: 0, busy: false, done: false });
  }

  /** A shard is polled some time after something came; a child only when all of its parent was dealt with. */
  private wake(): void {
    const { scheduler, random } = this.simulation;
    for (const reader of this.readers) {
      const { shard: { parent } } = reader;
      if (reader.busy || reader.done || this.readers.some((other) => other.shard === parent && !other.done)) continue;
      const nothing = reader.next >= reader.shard.records.length || this.unread(reader).length === 0;
      if (nothing) {
        if (reader.shard.closed) this.end(reader);
        continue;
      }
      reader.busy = true;
      const gathers = random.chance(0.5) ? this.options.window : 0;
      scheduler.after(random.int(20, 250) + random.int(0, gathers), () => this.read(reader));
    }
  }

  private end(reader: Reader): void {
    reader.done = true;
    this.simulation.scheduler.after(0, () => this.wake());
  }

  private unread({ shard, part, next }: Reader): StreamRecord[] {
    const { parallelization } = this.options;
    const records = shard.records.slice(next);
    return parallelization === 1 ? records : records.filter(({ item }) => Math.floor(position(item) * parallelization) === part);
  }

  private read(reader: Reader): void {
    const { batchSize, matches } = this.options;
    const { records } = reader.shard;
    const read = this.unread(reader).slice(0, batchSize);
    const upTo = read.length < batchSize ? records.length : records.indexOf(read[read.length - 1]) + 1;
    const batch = read.filter(matches);
    const from = reader.next;
    const done = () => {
      const { faults, random, scheduler } = this.simulation;
      // The checkpoint was not saved, or another poller took the shard over: some of it comes again, in the same order.
      reader.next = batch.length > 0 && faults.happens('checkpoint-lost') ? random.int(Math.max(0, from - 3), upTo - 1) : upTo;
      reader.busy = false;
      scheduler.after(0, () => this.wake());
    };
    if (batch.length === 0) done();
    else this.process(batch, 0, done);
  }

  /** Delivers records until they are dealt with: counted, or given up. */
  private process(batch: readonly StreamRecord[], failures: number, done: () => void): void {
    const { scheduler, random, faults, trace } = this.simulation;
    this.duplicate(batch);
    this.deliver(batch, (outcome) => {
      if (!outcome.ok && outcome.why === 'throttled') {
        // Not invoked at all: that is not an attempt.
        scheduler.after(random.int(200, 2_000), () => this.process(batch, failures, done));
        return;
      }
      const failedFrom = firstFailed(outcome, batch);
      if (failedFrom === undefined) return done();
      const backoff = random.int(100, Math.min(60_000, 500 * 2 ** failures));
      const again = (records: readonly StreamRecord[], count: number, then: () => void) => {
        faults.count('batch-retry');
        scheduler.after(backoff, () => this.process(records, count, then));
      };
      const whole = !outcome.ok;
      const rest = batch.slice(failedFrom);
      if (failures >= this.options.retries) return this.giveUp(rest, done);
      if (!whole || rest.length === 1) return again(rest, failures + 1, done);
      // Splitting does not count as a retry.
      faults.count('bisect');
      const middle = Math.ceil(rest.length / 2);
      trace.add('stream', () => `splits ${rangeOf(rest)}`);
      again(rest.slice(0, middle), failures, () => again(rest.slice(middle), failures, done));
    });
  }

  private deliver(batch: readonly StreamRecord[], ended: (outcome: Outcome<DynamoDBBatchResponse>) => void): void {
    const { trace } = this.simulation;
    if (this.stopped) return;
    trace.add('stream', () => `delivers ${rangeOf(batch)}`);
    this.target.invoke({ Records: batch.map(({ record }) => record) }, (outcome) => {
      trace.add('stream', () => `${rangeOf(batch)}: ${outcome.ok ? JSON.stringify(outcome.result.batchItemFailures) : outcome.why}`);
      ended(outcome);
    });
  }

  /** At least once: the same batch also by a second poller, at the same time or long after. */
  private duplicate(batch: readonly StreamRecord[]): void {
    const { scheduler, random, faults } = this.simulation;
    const again = (after: number) => scheduler.after(after, () => this.deliver(batch, () => undefined));
    if (faults.happens('batch-twice')) again(random.int(0, 30));
    if (faults.happens('batch-again-later')) again(random.int(100, random.pick([10_000, 30_000])));
  }

  private giveUp(records: readonly StreamRecord[], done: () => void): void {
    const { faults, trace } = this.simulation;
    if (this.stopped) return;
    faults.count('given-up');
    trace.add('stream', () => `gives up ${rangeOf(records)}`);
    this.givenUp.push([...records]);
    done();
  }
}

/** From where a batch has to come again: nowhere, from the lowest record that the function named, or from its first one. */
function firstFailed(outcome: Outcome<DynamoDBBatchResponse>, batch: readonly StreamRecord[]): number | undefined {
  if (!outcome.ok) return 0;
  const named = outcome.result.batchItemFailures.map(({ itemIdentifier }) => batch.findIndex(({ sequence }) => sequence === itemIdentifier));
  if (named.length === 0) return undefined;
  return Math.max(0, Math.min(...named));
}

function rangeOf(records: readonly StreamRecord[]): string {
  return records.length === 1 ? records[0].sequence : `${records.length} records ${records[0].sequence}..${records[records.length - 1].sequence}`;
}
