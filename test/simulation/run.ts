import { checkAll } from './checks/final';
import { type Violation, Violations } from './checks/history';
import { type FaultCounts, Faults } from './engine/faults';
import { Random } from './engine/random';
import { Scheduler } from './engine/scheduler';
import { Trace } from './engine/trace';
import { scenarioOf } from './world/scenario';
import type { Wiring } from './world/wiring';
import { World } from './world/world';

export interface RunOptions {
  readonly seed: number;
  readonly wiring?: Wiring;
  readonly trace?: boolean;
}

export interface Verdict {
  readonly seed: number;
  readonly violations: readonly Violation[];
  /** Voters that have a vote in the end. */
  readonly votes: number;
  readonly faults: FaultCounts;
  readonly events: number;
  readonly trace: readonly string[];
}

/** One history, from its seed alone: what happens in it, and whether anything of it may not. */
export async function run({ seed, wiring = {}, trace: traced = false }: RunOptions): Promise<Verdict> {
  const random = new Random(seed);
  const scenario = scenarioOf(random.fork());
  const scheduler = new Scheduler(random.fork());
  const now = () => scheduler.now;
  const trace = new Trace(traced, now);
  const faults = new Faults(scenario.faults, random.fork(), now);
  const violations = new Violations();
  const world = new World({ scheduler, random: random.fork(), faults, trace }, scenario, wiring, violations);
  trace.add('seed', () => `${seed}: ${JSON.stringify({ ...scenario, polls: scenario.polls.length, members: scenario.members.length })}`);
  const { stackTraceLimit } = Error;
  // Errors are an everyday thing here, and where they come from is only asked for with a trace.
  if (!traced) Error.stackTraceLimit = 0;
  try {
    world.begin();
    await scheduler.run();
    // From here on nothing goes wrong any more.
    scheduler.at(faults.over, () => undefined);
    await scheduler.run();
    await checkAll(world);
  } catch (error) {
    violations.add('crash', (error as Error).stack ?? String(error), 0);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  for (const { kind, text } of violations.found) trace.add('VIOLATION', () => `${kind}: ${text}`);
  const votes = world.histories.reduce((sum, { pollId = '' }) => sum + world.watch.stateOf(pollId).ballots.size, 0);
  return { seed, violations: violations.found, votes, faults: faults.counts, events: scheduler.events, trace: trace.lines };
}
