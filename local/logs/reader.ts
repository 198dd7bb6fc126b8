import { type AwsClient, AwsError } from '../aws/client';
import type { LocalFunction, LogEvent } from '../types';

interface RawEvent {
  readonly timestamp: number;
  readonly message: string;
  readonly logStreamName?: string;
}

/** Read again so far back: events of one millisecond may come in two reads. */
const OVERLAP_MS = 1000;

/** Reads what functions logged, each event once. */
export class LogReader {
  private readonly storedBytes = new Map<string, number>();
  private readonly seen = new Map<string, number>();
  private readonly from = new Map<string, number>();

  constructor(private readonly aws: AwsClient, private readonly functions: () => readonly LocalFunction[], private readonly since: number) {}

  /** What was logged since the last read, in the order of time. */
  async read(): Promise<LogEvent[]> {
    const functions = this.functions();
    const regions = [...new Set(functions.map(({ region }) => region))];
    const events = await Promise.all(regions.map((region) => this.readRegion(region, functions.filter((fn) => fn.region === region))));
    return events.flat().sort((a, b) => a.timestamp - b.timestamp);
  }

  private async readRegion(region: string, functions: readonly LocalFunction[]): Promise<LogEvent[]> {
    const aws = this.aws.inRegion(region);
    const grown = (await listGroups(aws)).filter(({ name, bytes }) =>
      functions.some(({ logGroup }) => logGroup === name) && this.storedBytes.get(`${region} ${name}`) !== bytes);
    const events = await Promise.all(grown.map(async ({ name, bytes }) => {
      const found = await this.readGroup(aws, name);
      this.storedBytes.set(`${region} ${name}`, bytes);
      const own = functions.filter(({ logGroup }) => logGroup === name);
      return found.map((event) => ({ timestamp: event.timestamp, function: nameOf(event, own), message: event.message }));
    }));
    return events.flat();
  }

  private async readGroup(aws: AwsClient, logGroupName: string): Promise<RawEvent[]> {
    const group = `${aws.region} ${logGroupName}`;
    const startTime = this.from.get(group) ?? this.since;
    let events: RawEvent[];
    try {
      events = (await call<{ events: RawEvent[] }>(aws, 'FilterLogEvents', { logGroupName, startTime })).events;
    } catch (error) {
      // The group went with a redeployment.
      if (error instanceof AwsError) return [];
      throw error;
    }
    const fresh = events.filter((event) => !this.seen.has(keyOf(group, event)));
    for (const event of fresh) this.seen.set(keyOf(group, event), event.timestamp);
    const last = events.at(-1)?.timestamp;
    if (last !== undefined) this.from.set(group, last - OVERLAP_MS);
    this.forget(group, (last ?? startTime) - OVERLAP_MS);
    return fresh;
  }

  private forget(group: string, before: number): void {
    for (const [key, timestamp] of this.seen) {
      if (timestamp < before && key.startsWith(`${group}\n`)) this.seen.delete(key);
    }
  }
}

async function listGroups(aws: AwsClient): Promise<Array<{ name: string; bytes: number }>> {
  const groups: Array<{ name: string; bytes: number }> = [];
  let nextToken: string | undefined;
  do {
    const page = await call<{ logGroups?: Array<{ logGroupName: string; storedBytes?: number }>; nextToken?: string }>(aws, 'DescribeLogGroups', { nextToken });
    groups.push(...(page.logGroups ?? []).map(({ logGroupName, storedBytes }) => ({ name: logGroupName, bytes: storedBytes ?? 0 })));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return groups;
}

function call<T>(aws: AwsClient, operation: string, input: object): Promise<T> {
  return aws.json<T>('logs', `Logs_20140328.${operation}`, input, '1.1');
}

function keyOf(group: string, { logStreamName, timestamp, message }: RawEvent): string {
  return [group, logStreamName, timestamp, message].join('\n');
}

/** Functions may share a group: then their records say which one it was. */
function nameOf({ message }: RawEvent, functions: readonly LocalFunction[]): string {
  return (functions.find(({ functionName }) => message.includes(functionName)) ?? functions[0]).name;
}
