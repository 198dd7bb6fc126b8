import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { LambdaFunction, Simulation } from '../lambda';
import type { Message, Queue } from './queue';

export interface QueueMappingOptions {
  readonly batchSize: number;
  /** Milliseconds. */
  readonly window: number;
  /** Invocations at the same time at most. */
  readonly concurrency: number;
}

/** The event source mapping between a queue and its function: deletes what was dealt with, leaves the rest to come again. */
export class QueueMapping {
  private running = 0;

  constructor(
    private readonly simulation: Simulation, private readonly queue: Queue, private readonly target: LambdaFunction<SQSEvent, SQSBatchResponse>,
    private readonly options: QueueMappingOptions,
  ) {}

  start(): void {
    this.queue.listeners.push(() => this.wake());
  }

  private wake(): void {
    const { scheduler, random } = this.simulation;
    const { concurrency, window } = this.options;
    if (this.running >= concurrency || this.queue.visible().length === 0) return;
    this.running += 1;
    scheduler.after(random.int(5, 100) + random.int(0, window), () => this.poll());
  }

  private poll(): void {
    const { trace, faults, scheduler } = this.simulation;
    const batch = this.queue.receive(this.options.batchSize);
    const done = () => {
      this.running -= 1;
      this.wake();
    };
    if (batch.length === 0) return done();
    this.wake();
    // Messages that nobody deletes come again when their time is over.
    for (const { visibleAt } of batch) scheduler.at(visibleAt, () => this.wake());
    trace.add(this.queue.name, () => `delivers ${batch.map(({ id }) => id).join(' ')}`);
    this.target.invoke({ Records: batch.map(recordOf) }, (outcome) => {
      const failed = outcome.ok ? outcome.result.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) : batch.map(({ id }) => id);
      trace.add(this.queue.name, () => `${batch.map(({ id }) => id).join(' ')}: ${outcome.ok ? `failed ${JSON.stringify(failed)}` : outcome.why}`);
      for (const message of batch) {
        // Deleting, too, can fail: then the message comes again although it was dealt with.
        if (!failed.includes(message.id) && !faults.happens('message-not-deleted')) this.queue.remove(message);
      }
      done();
    });
  }
}

/** What a handler may read of a message. */
function recordOf({ id, body, receives }: Message): SQSRecord {
  return {
    messageId: id,
    receiptHandle: `${id}-${receives}`,
    body,
    attributes: { ApproximateReceiveCount: String(receives), SentTimestamp: '0', SenderId: 'simulation', ApproximateFirstReceiveTimestamp: '0' },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:queue',
    awsRegion: 'us-east-1',
  };
}
