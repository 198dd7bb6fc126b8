import { createHash } from 'node:crypto';
import { functionName, processBatch } from './batch';
import { matchesFilters } from './filter';
import type { StreamMapping, StreamPorts, StreamRecord } from './ports';

/** Reads follow one another this quickly while records come, and a little longer. */
const BUSY_MS = 15;
const BUSY_FOR_MS = 3000;
/** A read takes the emulator a millisecond: an idle stream costs it some two per cent of a core. */
const IDLE_MS = 50;
const FAILED_MS = 1000;
/** Lambda's limit of what one invocation is handed. */
const BATCH_BYTES = 6 * 1024 * 1024;

/** One after another the batches of one lane: records of the same key are always in the same one. */
interface Lane {
  queue: StreamRecord[];
  /** When the first of the queue came, by the ports' clock. */
  since: number;
  working: boolean;
}

/** Feeds a function from a table's stream as an event source mapping does on AWS. */
export class StreamPump {
  private readonly stopped = new AbortController();
  private readonly lanes: Lane[];
  private loop: Promise<void> | undefined;

  constructor(private mapping: StreamMapping, private readonly ports: StreamPorts) {
    this.lanes = Array.from({ length: Math.max(1, mapping.parallelization) }, () => ({ queue: [], since: 0, working: false }));
  }

  start(): void {
    this.loop ??= this.run();
  }

  /** Takes a changed mapping over from the next batch on; what was read is not read again. */
  update(mapping: StreamMapping): void {
    this.mapping = mapping;
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      try {
        await this.follow(signal);
        return;
      } catch (error) {
        if (signal.aborted) return;
        this.ports.log(`${functionName(this.mapping)}: its stream could not be read: ${(error as Error).message}`);
        await this.ports.sleep(FAILED_MS, signal);
      }
    }
  }

  private async follow(signal: AbortSignal): Promise<void> {
    const { shardId, iterator } = await this.ports.openShard(this.mapping.streamArn);
    let at: string | undefined = iterator;
    let lastRecord = this.ports.now();
    while (at !== undefined && !signal.aborted) {
      const page = await this.ports.read(at);
      at = page.next;
      if (page.records.length > 0) lastRecord = this.ports.now();
      this.distribute(page.records);
      this.work(shardId, signal);
      const busy = this.ports.now() - lastRecord < BUSY_FOR_MS;
      do await this.ports.sleep(busy ? BUSY_MS : IDLE_MS, signal);
      while (this.isFull() && !signal.aborted);
      this.work(shardId, signal);
    }
    // A closed shard is read to its end, and its last batches still have to be handled.
    while (this.lanes.some(({ queue, working }) => working || queue.length > 0) && !signal.aborted) {
      this.work(shardId, signal);
      await this.ports.sleep(BUSY_MS, signal);
    }
  }

  private distribute(records: readonly StreamRecord[]): void {
    const { filters, notBefore, streamArn } = this.mapping;
    for (const record of records) {
      if (notBefore !== undefined && (record.dynamodb.ApproximateCreationDateTime ?? Infinity) < notBefore) continue;
      if (!matchesFilters(record, filters)) continue;
      const lane = this.lanes[this.lanes.length === 1 ? 0 : hash(JSON.stringify(record.dynamodb.Keys ?? {})) % this.lanes.length];
      if (lane.queue.length === 0) lane.since = this.ports.now();
      // What a function receives says where it is from; what the stream answers does not.
      lane.queue.push({ ...record, eventSourceARN: streamArn });
    }
  }

  private work(shardId: string, signal: AbortSignal): void {
    for (const lane of this.lanes) {
      if (!lane.working) void this.workOn(lane, shardId, signal);
    }
  }

  private async workOn(lane: Lane, shardId: string, signal: AbortSignal): Promise<void> {
    lane.working = true;
    try {
      while (!signal.aborted && this.isDue(lane)) {
        await processBatch(this.mapping, shardId, take(lane.queue, this.mapping.batchSize), this.ports, signal);
        lane.since = this.ports.now();
      }
    } finally {
      lane.working = false;
    }
  }

  private isDue({ queue, since }: Lane): boolean {
    const { batchSize, windowMs } = this.mapping;
    return queue.length >= batchSize || (queue.length > 0 && this.ports.now() - since >= windowMs);
  }

  private isFull(): boolean {
    return this.lanes.some(({ queue }) => queue.length > 2 * this.mapping.batchSize + 1000);
  }
}

function take(queue: StreamRecord[], batchSize: number): StreamRecord[] {
  let bytes = 0;
  let size = 0;
  while (size < Math.min(batchSize, queue.length)) {
    bytes += JSON.stringify(queue[size]).length;
    if (size > 0 && bytes > BATCH_BYTES) break;
    size++;
  }
  return queue.splice(0, size);
}

function hash(text: string): number {
  return createHash('sha1').update(text).digest().readUInt32BE(0);
}
