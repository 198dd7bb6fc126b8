import { membershipKey } from '../../../lambda/rooms/adapters/items';
import { toAttribute, toCheckpoint } from '../../../lambda/voting/adapters/checkpoints';
import { isBallotPartition } from '../../../lambda/voting/adapters/items';
import { type DeadBallot, VotingTable } from '../../../src/voting/contract';
import type { PollHistory, Violations } from '../checks/history';
import { Watch } from '../checks/watch';
import type { Storm } from '../engine/faults';
import type { Item } from '../services/dynamo/expressions';
import { SimDynamo } from '../services/dynamo/sim-dynamo';
import { PK, SK } from '../services/dynamo/table';
import { Gateway } from '../services/gateway';
import type { Simulation } from '../services/lambda';
import type { Service } from '../services/sdk';
import { QueueMapping } from '../services/sqs/mapping';
import { type Message, Queue, SimSqs } from '../services/sqs/queue';
import { StreamMapping } from '../services/stream/mapping';
import { BORDER, EPOCH, FIRST, Stream, type StreamRecord } from '../services/stream/stream';
import { Actors } from './actors';
import { DEAD_LETTERS, functionsOf, OVERFLOW, ROOMS_TABLE, SKEW, VOTING_TABLE } from './functions';
import { OWNER, type Scenario, type StreamBreak } from './scenario';
import type { Wiring } from './wiring';

export const ROOM = '01900000-0000-7000-8000-000000000001';
/** In the place of the six hours after which the stream gives up: a history has no hours. */
const RETRIES = 12;

/** The whole system of one history: tables, stream, queues, functions, API, people. */
export class World {
  /** The table's streams one after the other: the last one is written to. */
  readonly streams: Stream[] = [];
  /** What the on-failure destination was told of. */
  readonly givenUp: StreamRecord[][] = [];
  /** Polls of which an operator was told that a recount has not proven them. */
  readonly unproven = new Set<PollHistory>();
  readonly overflow: Queue;
  readonly overflowDeadLetters: Queue;
  readonly deadLetters: Queue;
  readonly watch: Watch;
  readonly gateway: Gateway;
  readonly functions: ReturnType<typeof functionsOf>;
  readonly histories: PollHistory[];
  private readonly dynamo: SimDynamo;
  private readonly mappings: StreamMapping[] = [];
  /** Polls that an operator is about to recount. */
  private readonly answering = new Set<PollHistory>();
  private ids = 1;

  constructor(readonly simulation: Simulation, readonly scenario: Scenario, private readonly wiring: Wiring, readonly violations: Violations) {
    const { scheduler, random } = simulation;
    const now = () => scheduler.now;
    const { queue: { visibility, maxReceives, ...draining } } = scenario;
    this.dynamo = new SimDynamo(random.fork(), now);
    this.watch = new Watch(violations, () => this.givenUp.length > 0);
    // Whoever checks looks first: the stream may tell a reader in the same moment.
    this.dynamo.table(VOTING_TABLE).listeners.push(this.watch.see, (change) => this.streams.at(-1)!.write(change));
    this.deadLetters = new Queue(simulation, DEAD_LETTERS, { visibility });
    this.overflowDeadLetters = new Queue(simulation, `${OVERFLOW}-dead-letters`, { visibility });
    this.overflow = new Queue(simulation, OVERFLOW, { visibility, maxReceives, deadLetters: this.overflowDeadLetters });
    const sqs = new SimSqs({ [OVERFLOW]: this.overflow, [DEAD_LETTERS]: this.deadLetters });
    this.gateway = new Gateway(simulation, SKEW);
    const services = { dynamo: dynamoService(this.dynamo), sqs: sqsService(sqs) };
    this.functions = functionsOf({ simulation, ...services, wiring, scenario, newId: () => this.newId() });
    // The table was made a while before anybody came.
    this.openStream(-60_000, BORDER);
    this.deadLetters.listeners.push(() => this.answerLetters());
    new QueueMapping(simulation, this.overflow, this.functions.drain, draining).start();
    this.histories = scenario.polls.map((plan) => ({ plan, created: new Set(), votes: [], closes: [] }));
  }

  begin(): void {
    const { simulation: { scheduler, faults, trace }, scenario, violations } = this;
    for (const user of [OWNER, ...scenario.members]) {
      this.dynamo.table(ROOMS_TABLE).set(membershipKey(user, ROOM), { ...membershipKey(user, ROOM), ownerId: { S: OWNER } });
    }
    const actors = new Actors({ simulation: this.simulation, gateway: this.gateway, roomId: ROOM, endpoints: this.functions, violations });
    for (const history of this.histories) {
      actors.open(history);
      for (const at of history.plan.poison) scheduler.after(at, () => this.poison(history));
      for (const at of history.plan.recounts) scheduler.after(at, () => this.recount(history, () => undefined));
    }
    for (const at of scenario.queue.garbage) {
      scheduler.after(at, () => {
        faults.count('garbage');
        this.overflow.send(this.simulation.random.pick(['null', '{"v":1}', 'ballot']));
      });
    }
    for (const one of scenario.breaks) scheduler.at(one.at, () => this.breakStream(one));
    const { upgradedAt } = scenario;
    // The tripwire knows a write shard from the first record on that this version counted of it.
    const upgrades = upgradedAt !== undefined && scenario.breaks.every(({ at, kind }) => at > upgradedAt && kind !== 'reset');
    if (upgrades) scheduler.at(upgradedAt, () => this.asBefore());
    for (const { at, split } of scenario.reshards) {
      scheduler.after(at, () => {
        faults.count(split ? 'shard-split' : 'shard-roll');
        const { name } = this.streams.at(-1)!.reshard(split);
        trace.add('stream', () => `${name} ${split ? 'splits' : 'rolls over'}`);
      });
    }
  }

  private openStream(requestedAt: number, first: bigint): void {
    const { simulation, scenario: { partitions, batchSize, window }, wiring } = this;
    const { random, scheduler } = simulation;
    const stream = new Stream({
      random: random.fork(), now: () => scheduler.now, requestedAt, first, partitions, splitsItemCollections: wiring.splitsItemCollections ?? false,
    });
    this.streams.push(stream);
    this.mappings.push(new StreamMapping(simulation, stream, this.functions.aggregate, {
      batchSize, window, retries: RETRIES, parallelization: wiring.parallelization ?? 1, matches: ({ partition }) => isBallotPartition(partition),
    }, this.givenUp));
  }

  /** Whether votes may stand of which no stream tells: then the runbook has every poll recounted. */
  get hasUnseen(): boolean {
    return this.scenario.breaks.some(({ kind, gap }) => kind === 'restored' || (kind === 'replaced' && gap > 0));
  }

  private breakStream({ kind, gap }: StreamBreak): void {
    const { simulation: { scheduler, random, faults, trace }, streams, mappings } = this;
    trace.add('stream', () => `is ${kind}${gap > 0 ? `, ${gap} ms later` : ''}`);
    if (kind === 'reset') {
      faults.count('sequence-reset');
      streams.at(-1)!.resetSequence();
      return;
    }
    faults.count(kind === 'replaced' ? 'stream-replaced' : 'table-restored');
    streams.at(-1)!.disable();
    // The copy of a table has nothing of the streams of the original.
    if (kind === 'restored') for (const mapping of mappings) mapping.stopped = true;
    const open = () => this.openStream(scheduler.now, random.chance(0.8) ? FIRST : BORDER);
    if (kind === 'restored' || gap === 0) return open();
    faults.count('stream-gap');
    scheduler.after(gap, open);
  }

  /** The version before this one has counted up to here: its checkpoints name no stream. */
  private asBefore(): void {
    const table = this.dynamo.table(VOTING_TABLE);
    for (const item of table.beginningWith(VotingTable.TALLY_PREFIX)) {
      const changed = Object.entries(item).map(([name, value]) => {
        const checkpoint = /^\d+m$/.test(name) ? toCheckpoint(value) : undefined;
        if (checkpoint === undefined || checkpoint.state !== 'counting') return [name, value];
        this.simulation.faults.count('checkpoint-of-version-before');
        return [name, toAttribute({ state: 'counting', sequence: checkpoint.sequence })];
      });
      table.set(item, Object.fromEntries(changed));
    }
  }

  /** An operator redrives the dead letters that ask for recounts, some time after the alarm. */
  private answerLetters(): void {
    const { scheduler, random } = this.simulation;
    for (const history of this.histories) {
      if (!this.asksForRecount(history) || this.answering.has(history)) continue;
      this.answering.add(history);
      scheduler.after(random.int(50, random.pick([300, 4_000])), () => {
        const letters = this.lettersOf(history);
        this.recount(history, (equal) => {
          this.answering.delete(history);
          if (equal) for (const letter of letters) this.deadLetters.remove(letter);
        });
      });
    }
  }

  asksForRecount(history: PollHistory): boolean {
    return this.lettersOf(history).length > 0;
  }

  private lettersOf({ pollId }: PollHistory): Message[] {
    return this.deadLetters.messages.filter(({ body }) => {
      const { keys, lane } = JSON.parse(body) as DeadBallot;
      return Object.keys(keys).length === 0 && lane?.pollId === pollId;
    });
  }

  /** An operator has a poll counted again, and mended where that is needed. */
  recount(history: PollHistory, told: (equal: boolean) => void): void {
    const { pollId, plan } = history;
    if (pollId === undefined) return;
    const { trace, faults } = this.simulation;
    faults.count('recount');
    this.functions.recount.invoke({ roomId: ROOM, pollId, mend: true }, (outcome) => {
      trace.add('operator', () => `recounts ${plan.name}: ${outcome.ok ? JSON.stringify(outcome.result.lanes) : outcome.why}`);
      const equal = outcome.ok && outcome.result.equal;
      if (equal) this.unproven.delete(history);
      else this.unproven.add(history);
      told(equal);
    });
  }

  /** A ballot that nobody can read, as no function of the service writes it. */
  private poison({ pollId }: PollHistory): void {
    const { simulation: { random, faults, trace }, scenario, dynamo } = this;
    if (pollId === undefined) return;
    faults.count('poison');
    const lane = random.chance(0.2) ? 'none' : random.int(0, scenario.lanes - 1);
    const key: Item = { [PK]: { S: `${VotingTable.BALLOT_PREFIX}${pollId}#${lane}` }, [SK]: { S: `foreign-${random.int(1, 99)}` } };
    trace.add('foreign hand', () => `writes ${key[PK].S}`);
    dynamo.table(VOTING_TABLE).set(key, { ...key, option: { S: `o${random.int(1, 9)}` } });
  }

  /** A UUID of version 7: it begins with the moment of its creation. */
  private newId(): string {
    this.ids += 1;
    const moment = (EPOCH + this.simulation.scheduler.now).toString(16).padStart(12, '0');
    return `${moment.slice(0, 8)}-${moment.slice(8)}-7000-8000-${String(this.ids).padStart(12, '0')}`;
  }
}

function dynamoService(dynamo: SimDynamo): Service {
  return {
    throttles: ['ProvisionedThroughputExceededException', 'ThrottlingException'],
    execute: (command) => dynamo.execute(command),
    exposedTo: (command) => stormAt(partitionOf(command)),
    describe: (command) => `${command.constructor.name.replace('Command', '')} ${partitionOf(command)}`.trimEnd(),
  };
}

function sqsService(sqs: SimSqs): Service {
  return {
    throttles: ['ThrottlingException', 'RequestThrottled'],
    execute: (command) => sqs.execute(command),
    exposedTo: () => undefined,
    describe: (command) => command.constructor.name.replace('Command', ''),
  };
}

function stormAt(partition: string): Storm['on'] | undefined {
  if (isBallotPartition(partition)) return 'ballots';
  return partition.startsWith(VotingTable.TALLY_PREFIX) ? 'tallies' : undefined;
}

/** The partition that a command is about, or those. */
function partitionOf(command: object): string {
  const { input } = command as { input: { Item?: Item; Key?: Item; RequestItems?: Record<string, { Keys: Item[] }> } };
  const keys = [input.Item ?? input.Key ?? Object.values(input.RequestItems ?? {}).flatMap((read) => read.Keys)].flat();
  return keys.map((key) => key[PK]?.S ?? '').join(' ');
}
