import { membershipKey } from '../../../lambda/rooms/adapters/items';
import { isBallotPartition } from '../../../lambda/voting/adapters/items';
import { VotingTable } from '../../../src/voting/contract';
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
import { Queue, SimSqs } from '../services/sqs/queue';
import { StreamMapping } from '../services/stream/mapping';
import { EPOCH, Stream } from '../services/stream/stream';
import { Actors } from './actors';
import { DEAD_LETTERS, functionsOf, OVERFLOW, ROOMS_TABLE, SKEW, VOTING_TABLE } from './functions';
import { OWNER, type Scenario } from './scenario';
import type { Wiring } from './wiring';

export const ROOM = '01900000-0000-7000-8000-000000000001';
/** In the place of the six hours after which the stream gives up: a history has no hours. */
const RETRIES = 12;

/** The whole system of one history: tables, stream, queues, functions, API, people. */
export class World {
  readonly stream: Stream;
  readonly mapping: StreamMapping;
  readonly overflow: Queue;
  readonly overflowDeadLetters: Queue;
  readonly deadLetters: Queue;
  readonly watch: Watch;
  readonly gateway: Gateway;
  readonly functions: ReturnType<typeof functionsOf>;
  readonly histories: PollHistory[];
  private readonly dynamo: SimDynamo;
  private ids = 1;

  constructor(readonly simulation: Simulation, readonly scenario: Scenario, wiring: Wiring, readonly violations: Violations) {
    const { scheduler, random } = simulation;
    const now = () => scheduler.now;
    const { partitions, batchSize, window, queue: { visibility, maxReceives, ...draining } } = scenario;
    this.dynamo = new SimDynamo(random.fork(), now);
    // The table was made a while before anybody came.
    this.stream = new Stream({
      random: random.fork(), now, requestedAt: -60_000, partitions, splitsItemCollections: wiring.splitsItemCollections ?? false,
    });
    this.watch = new Watch(violations, () => this.mapping.givenUp.length > 0);
    // Whoever checks looks first: the stream may tell a reader in the same moment.
    this.dynamo.table(VOTING_TABLE).listeners.push(this.watch.see, (change) => this.stream.write(change));
    this.deadLetters = new Queue(simulation, DEAD_LETTERS, { visibility });
    this.overflowDeadLetters = new Queue(simulation, `${OVERFLOW}-dead-letters`, { visibility });
    this.overflow = new Queue(simulation, OVERFLOW, { visibility, maxReceives, deadLetters: this.overflowDeadLetters });
    const sqs = new SimSqs({ [OVERFLOW]: this.overflow, [DEAD_LETTERS]: this.deadLetters });
    this.gateway = new Gateway(simulation, SKEW);
    const services = { dynamo: dynamoService(this.dynamo), sqs: sqsService(sqs) };
    this.functions = functionsOf({ simulation, ...services, wiring, scenario, newId: () => this.newId() });
    this.mapping = new StreamMapping(simulation, this.stream, this.functions.aggregate, {
      batchSize, window, retries: RETRIES, parallelization: wiring.parallelization ?? 1, matches: ({ partition }) => isBallotPartition(partition),
    });
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
    for (const { at, split } of scenario.reshards) {
      scheduler.after(at, () => {
        faults.count(split ? 'shard-split' : 'shard-roll');
        const { name } = this.stream.reshard(split);
        trace.add('stream', () => `${name} ${split ? 'splits' : 'rolls over'}`);
      });
    }
  }

  /** An operator has a poll counted again, and mended where that is needed. */
  recount({ pollId, plan }: PollHistory, told: (equal: boolean) => void): void {
    if (pollId === undefined) return;
    const { trace, faults } = this.simulation;
    faults.count('recount');
    this.functions.recount.invoke({ roomId: ROOM, pollId, mend: true }, (outcome) => {
      trace.add('operator', () => `recounts ${plan.name}: ${outcome.ok ? JSON.stringify(outcome.result.lanes) : outcome.why}`);
      told(outcome.ok && outcome.result.equal);
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
