import type { Faults } from '../engine/faults';
import type { Random } from '../engine/random';
import type { Scheduler } from '../engine/scheduler';
import type { Trace } from '../engine/trace';

/** What every simulated service is given. */
export interface Simulation {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly faults: Faults;
  readonly trace: Trace;
}

export interface Settle<T> {
  resolve(value: T): void;
  reject(error: unknown): void;
}

/** How an invocation ended, as its caller learns it. */
export type Outcome<Result> =
  | { readonly ok: true; readonly result: Result }
  | { readonly ok: false; readonly why: 'error' | 'killed' | 'timeout' | 'throttled'; readonly error?: unknown };

/**
 * One environment of a function: its memory, its clock, its connections. Whatever its code waits for comes through `wait`.
 * It may die at any such point; then nothing of it ever goes on. Between two invocations it is frozen.
 */
export class Instance {
  alive = true;
  readonly clock: () => number;
  private frozen = true;
  private thawed: Array<() => void> = [];

  constructor(readonly simulation: Simulation, readonly name: string, skew: number) {
    this.clock = () => simulation.scheduler.now + skew;
  }

  private onDeath: () => void = () => undefined;

  readonly sleep = async (milliseconds: number): Promise<void> => {
    await this.wait<void>(({ resolve }) => this.simulation.scheduler.after(Math.max(1, milliseconds), () => resolve()));
  };

  /** One await of the function's code. */
  wait<T>(begin: (settle: Settle<T>) => void): Promise<T> {
    const { faults, random, scheduler } = this.simulation;
    if (faults.happens('kill')) scheduler.after(random.pick([0, 1, random.int(0, 60), random.int(0, 4_000)]), () => this.die());
    return new Promise<T>((resolve, reject) => {
      begin({ resolve: (value) => this.goOn(() => resolve(value)), reject: (error) => this.goOn(() => reject(error)) });
    });
  }

  /** Runs one invocation; tells its end once, unless the instance dies before. */
  run<Result>(handle: () => Promise<Result>, ended: (outcome: Outcome<Result>) => void): void {
    this.simulation.scheduler.stir();
    this.frozen = false;
    this.onDeath = () => ended({ ok: false, why: 'killed' });
    const waiting = this.thawed;
    this.thawed = [];
    for (const one of waiting) one();
    const end = (outcome: Outcome<Result>) => {
      if (!this.alive) return;
      this.frozen = true;
      this.onDeath = () => undefined;
      ended(outcome);
    };
    handle().then((result) => end({ ok: true, result }), (error: unknown) => end({ ok: false, why: 'error', error }));
  }

  die(): void {
    if (!this.alive) return;
    this.alive = false;
    this.simulation.trace.add(this.name, () => 'dies');
    this.onDeath();
  }

  private goOn(what: () => void): void {
    if (!this.alive) return;
    if (this.frozen) {
      this.thawed.push(what);
      return;
    }
    this.simulation.scheduler.stir();
    what();
  }
}

export interface FunctionOptions<Event, Result> {
  readonly name: string;
  readonly timeout: number;
  /** How far a clock may be ahead or behind. */
  readonly skew: number;
  /** What a composition root makes once an instance. */
  readonly compose: (instance: Instance) => (event: Event) => Promise<Result>;
}

interface Environment<Event, Result> {
  readonly instance: Instance;
  readonly handle: (event: Event) => Promise<Result>;
  busy: boolean;
}

/** A Lambda function: one invocation at a time in each of as many instances as are needed. */
export class LambdaFunction<Event, Result> {
  private readonly environments: Array<Environment<Event, Result>> = [];
  private made = 0;

  constructor(private readonly simulation: Simulation, private readonly options: FunctionOptions<Event, Result>) {}

  /** Invokes it; whoever called is told how it ended, once. */
  invoke(event: Event, done: (outcome: Outcome<Result>) => void): void {
    const { scheduler, faults, random } = this.simulation;
    if (faults.happens('invoke-throttle')) {
      scheduler.after(random.int(1, 10), () => done({ ok: false, why: 'throttled' }));
      return;
    }
    const idle = this.environments.filter(({ busy, instance }) => !busy && instance.alive);
    // A new one now and then although another is idle: what an instance remembers must not matter.
    const environment = idle.length === 0 || random.chance(0.05) ? this.start() : random.pick(idle);
    environment.busy = true;
    let told = false;
    const tell = (outcome: Outcome<Result>) => {
      if (told) return;
      told = true;
      environment.busy = false;
      if (faults.happens('recycle')) environment.instance.die();
      done(outcome);
    };
    const { instance, handle } = environment;
    scheduler.after(idle.length === 0 ? random.int(100, 400) : 0, () => {
      if (!instance.alive) return tell({ ok: false, why: 'killed' });
      instance.run(() => handle(event), tell);
      scheduler.after(this.options.timeout, () => {
        if (told) return;
        tell({ ok: false, why: 'timeout' });
        instance.die();
      });
    });
  }

  private start(): Environment<Event, Result> {
    const { random } = this.simulation;
    const { name, skew, compose } = this.options;
    this.made += 1;
    const instance = new Instance(this.simulation, `${name}-${this.made}`, random.int(-skew, skew));
    const environment = { instance, handle: compose(instance), busy: false };
    this.environments.push(environment);
    return environment;
  }
}
