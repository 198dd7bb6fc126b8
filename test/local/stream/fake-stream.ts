import { setImmediate as tick } from 'node:timers/promises';
import type { Invocation, StreamMapping, StreamPorts, StreamRecord } from '../../../local/stand-ins/stream/ports';

export const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:000000000000:function:tally';
export const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:dead';
export const STREAM_ARN = 'arn:aws:dynamodb:us-east-1:000000000000:table/ballots/stream/2026';

/** Seconds since 1970 of the fake clock's beginning. */
export const START = 1_800_000_000;

export function mapping(settings: Partial<StreamMapping> = {}): StreamMapping {
  return {
    id: 'mapping',
    streamArn: STREAM_ARN,
    functionArn: FUNCTION_ARN,
    batchSize: 10,
    windowMs: 0,
    maximumRetries: -1,
    maximumAgeSeconds: -1,
    bisect: false,
    reportsFailures: false,
    parallelization: 1,
    filters: [],
    ...settings,
  };
}

export function record(sequence: number, more: { readonly key?: string; readonly at?: number; readonly eventName?: string } = {}): StreamRecord {
  return {
    eventID: `event-${sequence}`,
    eventName: more.eventName ?? 'INSERT',
    dynamodb: {
      SequenceNumber: String(sequence).padStart(21, '0'),
      Keys: { id: { S: more.key ?? `key-${sequence}` } },
      ApproximateCreationDateTime: more.at ?? START,
    },
  };
}

export function records(count: number): StreamRecord[] {
  return Array.from({ length: count }, (_, at) => record(at + 1));
}

export function sequences(batch: readonly StreamRecord[]): number[] {
  return batch.map(({ dynamodb }) => Number(dynamodb.SequenceNumber));
}

/** A stream, a function and a queue, with a clock that only sleeping moves. */
export class FakeStream implements StreamPorts {
  readonly batches: number[][] = [];
  readonly reports: Array<{ readonly destination: string; readonly message: Record<string, Record<string, unknown>> }> = [];
  readonly lines: string[] = [];
  readonly content: StreamRecord[] = [];
  readonly sleeps: number[] = [];
  reads = 0;
  closed = false;
  private time = START * 1000;
  private ids = 0;

  constructor(private readonly answer: (batch: readonly StreamRecord[]) => Invocation | Promise<Invocation> = () => ({ kind: 'answered', payload: null })) {}

  async openShard(): Promise<{ shardId: string; iterator: string }> {
    return { shardId: 'shard-1', iterator: '0' };
  }

  async read(iterator: string): Promise<{ records: StreamRecord[]; next?: string }> {
    this.reads++;
    const found = this.content.slice(Number(iterator));
    return { records: found, next: this.closed ? undefined : String(this.content.length) };
  }

  async invoke(_: string, batch: readonly StreamRecord[]): Promise<Invocation> {
    this.batches.push(sequences(batch));
    return this.answer(batch);
  }

  async report(destination: string, message: string): Promise<void> {
    this.reports.push({ destination, message: JSON.parse(message) as Record<string, Record<string, unknown>> });
  }

  now(): number {
    return this.time;
  }

  async sleep(ms: number): Promise<void> {
    this.sleeps.push(ms);
    this.time += ms;
    await tick();
  }

  newId(): string {
    return `id-${++this.ids}`;
  }

  log(line: string): void {
    this.lines.push(line);
  }

  advance(ms: number): void {
    this.time += ms;
  }

  /** Lets the pump go on until the condition holds. */
  async until(condition: () => boolean): Promise<void> {
    for (let turn = 0; turn < 5000; turn++) {
      if (condition()) return;
      await tick();
    }
    throw new Error('It never happened');
  }
}

/** A function that throws where a batch holds one of these. */
export function throwsOn(...poison: number[]): (batch: readonly StreamRecord[]) => Invocation {
  return (batch) => sequences(batch).some((sequence) => poison.includes(sequence))
    ? { kind: 'failed', functionError: 'Unhandled' }
    : { kind: 'answered', payload: null };
}

/** A function that names the first of these that a batch holds. */
export function names(...poison: number[]): (batch: readonly StreamRecord[]) => Invocation {
  return (batch) => ({
    kind: 'answered',
    payload: {
      batchItemFailures: batch
        .filter(({ dynamodb }) => poison.includes(Number(dynamodb.SequenceNumber)))
        .map(({ dynamodb }) => ({ itemIdentifier: dynamodb.SequenceNumber })),
    },
  });
}
