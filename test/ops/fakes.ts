import { Style } from '../../local/terminal/style';
import type { World } from '../../ops/commands/context';
import { Interruption } from '../../ops/interruption';
import {
  type Aws, type Caller, type Depth, type ItemPage, type Items, type KnownPoll, type Letter, type NestedStack, type Queues, type RingingAlarm,
  type Segment, type StoredItem, type StreamRange, type Tables, type TableThroughput, Throttled, type WarmThroughput,
} from '../../ops/ports';
import type { QueuedBallot, RecountRequest, RecountResult, VotingOperations } from '../../src/voting/contract';

export const NOW = Date.parse('2026-03-01T12:00:00Z');
export const POLL = '0195a1b2-0000-7000-8000-000000000001';
export const OTHER_POLL = '0195a1b2-0000-7000-8000-000000000002';
export const COUNT_DLQ = 'https://sqs.example/1/count-dead';
export const OVERFLOW = 'https://sqs.example/1/overflow';
export const OVERFLOW_DLQ = 'https://sqs.example/1/overflow-dead';
export const OPERATIONS: VotingOperations = {
  v: 1, table: 'Votes', countDeadLetters: COUNT_DLQ, overflowQueue: OVERFLOW, overflowDeadLetters: OVERFLOW_DLQ, recountFunction: 'recount', aggregateFunction: 'aggregate', roomsTable: 'Rooms',
};

interface Message {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  receives: number;
  hiddenFor: number;
}

/** Queues as SQS has them, without time: what is held stays so until it is given back or `elapse` is called. */
export class FakeQueues implements Queues {
  readonly queues = new Map<string, Message[]>();
  /** Ids that a call refuses. */
  readonly refuseToSend = new Set<string>();
  readonly refuseToRemove = new Set<string>();
  /** What happens meanwhile: called after every receive. */
  meanwhile?: () => void;
  private ids = 0;

  put(url: string, body: unknown, sentAt = NOW - 60_000): string {
    const id = `m${this.ids += 1}`;
    this.of(url).push({ id, body: typeof body === 'string' ? body : JSON.stringify(body), sentAt, receives: 0, hiddenFor: 0 });
    return id;
  }

  bodies(url: string): unknown[] {
    return this.of(url).map(({ body }) => body);
  }

  /** The ids of messages that anybody could receive. */
  visible(url: string): string[] {
    return this.of(url).filter(({ hiddenFor }) => hiddenFor === 0).map(({ id }) => id).sort();
  }

  /** Lets every hold run out. */
  elapse(): void {
    for (const messages of this.queues.values()) for (const message of messages) message.hiddenFor = 0;
  }

  async receive(url: string, most: number, holdSeconds: number): Promise<Letter[]> {
    const received = this.of(url).filter(({ hiddenFor }) => hiddenFor === 0).slice(0, Math.min(most, 10)).map((message) => {
      message.hiddenFor = holdSeconds;
      message.receives += 1;
      return { id: message.id, body: message.body, sentAt: message.sentAt, receives: message.receives, receipt: `${message.id}/${message.receives}` };
    });
    this.meanwhile?.();
    return received;
  }

  async hold(url: string, letters: readonly Letter[], seconds: number): Promise<void> {
    for (const message of this.held(url, letters)) message.hiddenFor = seconds;
  }

  async send(url: string, letters: readonly Letter[]): Promise<Set<string>> {
    const taken = letters.filter(({ id }) => !this.refuseToSend.has(id));
    for (const { body } of taken) this.put(url, body, NOW);
    return new Set(taken.map(({ id }) => id));
  }

  async remove(url: string, letters: readonly Letter[]): Promise<Set<string>> {
    const gone = new Set(this.held(url, letters).map(({ id }) => id).filter((id) => !this.refuseToRemove.has(id)));
    this.queues.set(url, this.of(url).filter(({ id }) => !gone.has(id)));
    return gone;
  }

  async depth(url: string): Promise<Depth> {
    const waiting = this.visible(url).length;
    return { waiting, held: this.of(url).length - waiting, delayed: 0 };
  }

  private held(url: string, letters: readonly Letter[]): Message[] {
    const receipts = new Set(letters.map(({ receipt }) => receipt));
    return this.of(url).filter(({ id, receives }) => receipts.has(`${id}/${receives}`));
  }

  private of(url: string): Message[] {
    const messages = this.queues.get(url) ?? [];
    this.queues.set(url, messages);
    return messages;
  }
}

/** Tables as DynamoDB has them, as far as a restore goes: pages of two items, in order, spread over the segments. */
export class FakeItems implements Items {
  readonly tables = new Map<string, Map<string, StoredItem>>();
  /** How often the next writes are throttled. */
  throttles = 0;
  /** What happens meanwhile: called before every write. */
  meanwhile?: () => void;
  writes = 0;

  put(table: string, ...items: StoredItem[]): void {
    const stored = this.tables.get(table) ?? new Map();
    this.tables.set(table, stored);
    for (const item of items) stored.set(`${item.pk?.S} ${item.sk?.S}`, item);
  }

  all(table: string): StoredItem[] {
    return [...this.tables.get(table)?.values() ?? []];
  }

  async keys(table: string): Promise<string[] | undefined> {
    return this.tables.has(table) ? ['pk', 'sk'] : undefined;
  }

  async page(table: string, { segment, of, from }: Segment): Promise<ItemPage> {
    const own = this.all(table).filter((_, index) => index % of === segment);
    const start = from === undefined ? 0 : own.findIndex(({ pk, sk }) => pk?.S === from.pk?.S && sk?.S === from.sk?.S) + 1;
    const items = own.slice(start, start + 2);
    const last = items.at(-1);
    return { items, ...(start + 2 < own.length ? { next: { pk: last!.pk, sk: last!.sk } } : {}) };
  }

  async putAbsent(table: string, item: StoredItem): Promise<boolean> {
    this.meanwhile?.();
    if (this.throttles > 0) {
      this.throttles -= 1;
      throw new Throttled();
    }
    const key = `${item.pk?.S} ${item.sk?.S}`;
    if (this.tables.get(table)?.has(key)) return false;
    this.writes += 1;
    this.put(table, item);
    return true;
  }
}

/** AWS with one stack `Votes`, whose every part a test may change. */
export class FakeAws implements Aws {
  readonly queue = new FakeQueues();
  readonly stored = new FakeItems();
  outputsOf: Record<string, Record<string, string>> = { Votes: { TrinityVotingOperations1A2B3C4D: JSON.stringify(OPERATIONS) } };
  nestedOf: Record<string, NestedStack[]> = {};
  alarmsOf: RingingAlarm[] = [];
  knownPolls: KnownPoll[] = [];
  scans = 0;
  /** What a range of the stream holds, by its first sequence number. What is not there is forgotten. */
  readonly partitionsOf = new Map<string, string[]>();
  recounted: RecountRequest[] = [];
  who: Caller = { account: '123456789012', arn: 'arn:aws:sts::123456789012:assumed-role/Operator/ann' };
  /** Throughput by table; a new table's if it is not there. */
  readonly throughputOf = new Map<string, TableThroughput>();
  readonly warmed: Array<{ table: string } & WarmThroughput> = [];
  /** How often a table that is being warmed is still found so. */
  warmsFor = 0;
  metricsOf: { oldest?: number; stream?: number } = {};
  answerRecount: (request: RecountRequest) => RecountResult | Promise<RecountResult> = ({ pollId }) => recountOf(pollId, 'equal');

  stacks = async () => ({
    outputs: async (stack: string) => this.outputsOf[stack],
    alarms: async () => ['All'],
    nested: async (stack: string) => this.nestedOf[stack] ?? [],
  });

  queues = async () => this.queue;
  identity = async () => ({ whoAmI: async () => this.who });

  recounts = async () => ({
    recount: async (_: string, request: RecountRequest): Promise<RecountResult> => {
      this.recounted.push(request);
      return this.answerRecount(request);
    },
  });

  streams = async () => ({
    partitions: async ({ first }: StreamRange) => {
      const found = this.partitionsOf.get(first);
      return found === undefined ? undefined : new Set(found);
    },
  });

  polls = async () => ({
    all: (): AsyncIterable<KnownPoll> => {
      this.scans += 1;
      return (async function* (polls) { yield* polls; })(this.knownPolls);
    },
  });

  tables = async (): Promise<Tables> => ({
    throughput: async (table) => {
      const { warming, ...throughput } = this.throughputOf.get(table) ?? { warmReadUnits: 12_000, warmWriteUnits: 4_000, warming: false };
      if (!warming) return { ...throughput, warming };
      this.warmsFor -= 1;
      if (this.warmsFor < 0) this.throughputOf.set(table, { ...throughput, warming: false });
      return { ...throughput, warming: this.warmsFor >= 0 };
    },
    warm: async (table, target) => {
      this.warmed.push({ table, ...target });
      const now = this.throughputOf.get(table) ?? { warmReadUnits: 12_000, warmWriteUnits: 4_000 };
      const { readUnits = now.warmReadUnits, writeUnits = now.warmWriteUnits } = target;
      if (readUnits < now.warmReadUnits || writeUnits < now.warmWriteUnits) throw new Error('decreasing WarmThroughput is not supported');
      this.throughputOf.set(table, { ...now, warmReadUnits: readUnits, warmWriteUnits: writeUnits, warming: true });
    },
  });

  items = async () => this.stored;

  metrics = async () => ({
    ringing: async () => this.alarmsOf,
    oldestMessage: async () => this.metricsOf.oldest,
    streamAge: async () => this.metricsOf.stream,
  });
}

/** A world whose outputs are kept; nobody can be asked unless a test says what is answered. */
export function fakeWorld(aws: FakeAws, answer?: boolean) {
  const printed: string[] = [];
  const noted: string[] = [];
  const asked: string[] = [];
  const records: object[] = [];
  const world: World = {
    print: (line) => printed.push(line),
    note: (line) => noted.push(line),
    ...(answer === undefined ? {} : { ask: async (question: string) => { asked.push(question); return answer; } }),
    style: new Style(false),
    now: () => NOW,
    sleep: async () => undefined,
    salt: 'salt',
    directory: '/app',
    debug: false,
    interruption: new Interruption(),
    connect: () => aws,
    recordFile: (name) => ({ path: `/records/${name}`, append: async (more) => { records.push(...more); }, read: async () => records.map((record) => JSON.parse(JSON.stringify(record))) }),
  };
  return { world, asked, records, out: () => printed.join('\n'), err: () => noted.join('\n'), json: () => JSON.parse(printed.join('\n')) };
}

export function recountOf(pollId: string, state: RecountResult['lanes'][number]['state']): RecountResult {
  const difference = state === 'mended' || state === 'differs'
    ? { before: { ballots: 2, counts: { o1: 2 } }, after: { ballots: 3, counts: { o1: 2, o2: 1 } } } : {};
  return { pollId, lanes: [{ lane: 0, ballots: 5, state: 'equal' }, { lane: 1, ballots: 3, state, ...difference }], equal: state === 'equal' || state === 'mended' };
}

export function queuedBallot(more: Partial<QueuedBallot> = {}): QueuedBallot {
  return { v: 1, pollId: POLL, lane: 3, voter: 'voter-ann', choice: 'o2', acceptedAt: NOW - 3_600_000, revote: false, ...more };
}

export function deadBallot(pollId: string | null = POLL) {
  return {
    v: 1,
    kind: 'ballot',
    ...(pollId === null ? {} : { lane: { pollId, lane: 3 } }),
    keys: { pk: { S: `ballot#${String(pollId)}#3` }, sk: { S: 'voter-bob' } },
    sequence: '111',
    reason: 'The record does not say what was chosen',
    record: { eventName: 'MODIFY', OldImage: { choice: { S: 'o1' } }, NewImage: { choice: { S: '' } } },
  };
}

/** Lambda's own message, as its guide to DynamoDB streams shows it. */
export function givenUpBatch(first = '100', arrived = '2026-03-01T10:00:00Z') {
  return {
    requestContext: { requestId: 'r', functionArn: 'arn:aws:lambda:eu-west-1:1:function:aggregate', condition: 'RecordAgeExceeded', approximateInvokeCount: 9 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: '2026-03-01T11:00:00.000Z',
    DDBStreamBatchInfo: {
      shardId: 'shardId-1',
      startSequenceNumber: first,
      endSequenceNumber: '200',
      approximateArrivalOfFirstRecord: arrived,
      approximateArrivalOfLastRecord: arrived,
      batchSize: 7,
      streamArn: 'arn:aws:dynamodb:eu-west-1:1:table/Votes/stream/x',
    },
  };
}
