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
    const names = new Map<string, LocalFunction[]>();
    for (const fn of this.functions()) names.set(fn.logGroup, [...names.get(fn.logGroup) ?? [], fn]);
    const grown = (await this.groups()).filter(({ name, bytes }) => names.has(name) && this.storedBytes.get(name) !== bytes);
    const events = await Promise.all(grown.map(async ({ name, bytes }) => {
      const found = await this.readGroup(name);
      this.storedBytes.set(name, bytes);
      return found.map((event) => ({ timestamp: event.timestamp, function: nameOf(event, names.get(name)!), message: event.message }));
    }));
    return events.flat().sort((a, b) => a.timestamp - b.timestamp);
  }

  private async groups(): Promise<Array<{ name: string; bytes: number }>> {
    const groups: Array<{ name: string; bytes: number }> = [];
    let nextToken: string | undefined;
    do {
      const page = await this.call<{ logGroups?: Array<{ logGroupName: string; storedBytes?: number }>; nextToken?: string }>('DescribeLogGroups', { nextToken });
      groups.push(...(page.logGroups ?? []).map(({ logGroupName, storedBytes }) => ({ name: logGroupName, bytes: storedBytes ?? 0 })));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return groups;
  }

  private async readGroup(logGroupName: string): Promise<RawEvent[]> {
    const startTime = this.from.get(logGroupName) ?? this.since;
    let events: RawEvent[];
    try {
      events = (await this.call<{ events: RawEvent[] }>('FilterLogEvents', { logGroupName, startTime })).events;
    } catch (error) {
      // The group went with a redeployment.
      if (error instanceof AwsError) return [];
      throw error;
    }
    const fresh = events.filter((event) => !this.seen.has(keyOf(logGroupName, event)));
    for (const event of fresh) this.seen.set(keyOf(logGroupName, event), event.timestamp);
    const last = events.at(-1)?.timestamp;
    if (last !== undefined) this.from.set(logGroupName, last - OVERLAP_MS);
    this.forget(logGroupName, (last ?? startTime) - OVERLAP_MS);
    return fresh;
  }

  private forget(logGroupName: string, before: number): void {
    for (const [key, timestamp] of this.seen) {
      if (timestamp < before && key.startsWith(`${logGroupName}\n`)) this.seen.delete(key);
    }
  }

  private call<T>(operation: string, input: object): Promise<T> {
    return this.aws.json<T>('logs', `Logs_20140328.${operation}`, input, '1.1');
  }
}

function keyOf(group: string, { logStreamName, timestamp, message }: RawEvent): string {
  return [group, logStreamName, timestamp, message].join('\n');
}

/** Functions may share a group: then their records say which one it was. */
function nameOf({ message }: RawEvent, functions: readonly LocalFunction[]): string {
  return (functions.find(({ functionName }) => message.includes(functionName)) ?? functions[0]).name;
}
