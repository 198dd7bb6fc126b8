import { type Condition, failureRecord } from './failure-record';
import type { Invocation, StreamMapping, StreamPorts, StreamRecord } from './ports';

/** A part of a batch that is still to be handled, in the order of the stream. */
interface Part {
  readonly records: readonly StreamRecord[];
  readonly retries: number;
  readonly invocations: number;
  readonly functionError?: string;
}

const BACKOFF_MS = 50;
const LONGEST_BACKOFF_MS = 5000;

/**
 * Handles one batch to its end as Lambda does: retried until it succeeds, or until its retries or its age run out and it is reported
 * to the on-failure destination. The next batch of the shard waits for it.
 */
export async function processBatch(
  mapping: StreamMapping, shardId: string, batch: readonly StreamRecord[], ports: StreamPorts, signal: AbortSignal,
): Promise<void> {
  const parts: Part[] = [{ records: batch, retries: 0, invocations: 0 }];
  let waiting = false;
  while (parts.length > 0 && !signal.aborted) {
    const part = await withoutExpired(parts.shift()!, mapping, shardId, ports);
    if (part.records.length === 0) continue;
    const invocation = await ports.invoke(mapping.functionArn, part.records);
    if (signal.aborted) return;

    if (invocation.kind === 'refused') {
      // Retries are counted for errors of the function alone: a throttled batch waits until it is let in, or too old.
      if (!waiting) ports.log(`${functionName(mapping)}: ${invocation.reason}; the batch waits`);
      waiting = true;
      parts.unshift(part);
      await ports.sleep(LONGEST_BACKOFF_MS / 10, signal);
      continue;
    }
    waiting = false;
    const rest = remaining(part.records, invocation, mapping);
    if (rest.length === 0) continue;
    parts.unshift(...await next(part, rest, invocation, { mapping, shardId, ports, signal }));
  }
}

interface Context {
  readonly mapping: StreamMapping;
  readonly shardId: string;
  readonly ports: StreamPorts;
  readonly signal: AbortSignal;
}

/** What is left to do of a part that failed: cut, halved, retried as it is, or nothing where it is given up. */
async function next(part: Part, rest: readonly StreamRecord[], invocation: Invocation, context: Context): Promise<Part[]> {
  const { mapping, shardId, ports, signal } = context;
  const functionError = invocation.kind === 'failed' ? invocation.functionError : undefined;
  const invocations = part.invocations + 1;
  if (mapping.bisect) {
    // Cutting a batch does not count as a retry, neither at the record that was named nor in the middle.
    if (rest.length < part.records.length) return [{ records: rest, retries: part.retries, invocations, functionError }];
    if (rest.length > 1) {
      const middle = Math.ceil(rest.length / 2);
      return [rest.slice(0, middle), rest.slice(middle)].map((records) => ({ records, retries: part.retries, invocations, functionError }));
    }
  }
  if (mapping.maximumRetries >= 0 && part.retries >= mapping.maximumRetries) {
    await discard({ ...part, records: rest, invocations, functionError }, 'RetryAttemptsExhausted', mapping, shardId, ports);
    return [];
  }
  await ports.sleep(Math.min(BACKOFF_MS * 2 ** Math.min(part.retries, 10), LONGEST_BACKOFF_MS), signal);
  return [{ records: rest, retries: part.retries + 1, invocations, functionError }];
}

/** The records that were not handled: all of them, or those from the first that the function named. */
function remaining(records: readonly StreamRecord[], invocation: Invocation, mapping: StreamMapping): readonly StreamRecord[] {
  if (invocation.kind === 'failed') return records;
  if (invocation.kind === 'refused' || !mapping.reportsFailures) return [];
  const failures = (invocation.payload as { batchItemFailures?: unknown } | null | undefined)?.batchItemFailures;
  if (failures === undefined || failures === null || (Array.isArray(failures) && failures.length === 0)) return [];
  if (!Array.isArray(failures)) return records;

  const positions = failures.map((failure: { itemIdentifier?: unknown } | null) =>
    records.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === failure?.itemIdentifier));
  // An identifier that is empty, missing or of no record of the batch means that the whole batch failed.
  return positions.includes(-1) ? records : records.slice(Math.min(...positions));
}

/** Takes the records off the front that are older than the mapping allows. */
async function withoutExpired(part: Part, mapping: StreamMapping, shardId: string, ports: StreamPorts): Promise<Part> {
  if (mapping.maximumAgeSeconds < 0) return part;
  const oldest = ports.now() / 1000 - mapping.maximumAgeSeconds;
  const fresh = part.records.findIndex(({ dynamodb }) => (dynamodb.ApproximateCreationDateTime ?? Infinity) >= oldest);
  const expired = fresh < 0 ? part.records : part.records.slice(0, fresh);
  if (expired.length === 0) return part;
  await discard({ ...part, records: expired }, 'RecordAgeExceeded', mapping, shardId, ports);
  return { ...part, records: part.records.slice(expired.length) };
}

async function discard(part: Part, condition: Condition, mapping: StreamMapping, shardId: string, ports: StreamPorts): Promise<void> {
  const { records, invocations, functionError } = part;
  ports.log(`${functionName(mapping)}: ${records.length} record(s) given up (${condition})`);
  if (mapping.onFailureArn === undefined) return;
  const message = failureRecord({ mapping, shardId, records, condition, invocations, functionError, requestId: ports.newId(), now: ports.now() });
  try {
    await ports.report(mapping.onFailureArn, message);
  } catch (error) {
    ports.log(`${functionName(mapping)}: the on-failure destination ${mapping.onFailureArn} refused: ${(error as Error).message}`);
  }
}

export function functionName({ functionArn }: StreamMapping): string {
  return functionArn.split(':')[6] ?? functionArn;
}
