import { AsyncLocalStorage } from 'node:async_hooks';
import { setMaxListeners } from 'node:events';

/** The part of Lambda's `Context` that says how long the function may still run. */
export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}

/** Until when the work of one invocation may go on. */
export interface Deadline {
  /** Aborted at the deadline, and when the work ends earlier: no call of one invocation goes on in the next one. */
  readonly signal: AbortSignal;
  /** Milliseconds; 0 once the signal is aborted. */
  remaining(): number;
}

/** The deadline of the invocation passed. For a write, this does not tell whether it was done. */
export class DeadlineExceeded extends Error {
  constructor() {
    super('The time for this invocation is up');
    this.name = 'DeadlineExceeded';
  }
}

/** What an invocation keeps of its time to answer, or to report what is left to do. */
const RESERVE_MS = 1_500;
/** How long logic has after the deadline to make an answer of it. It can call nothing any more, so this is long. */
const GRACE_MS = 250;
/** A function with a shorter timeout than a few seconds keeps this share of it instead. */
const MIN_SHARE = 0.5;

const deadlines = new AsyncLocalStorage<Deadline>();

/** The deadline of the invocation that this code runs for; undefined outside one. */
export function currentDeadline(): Deadline | undefined {
  return deadlines.getStore();
}

/**
 * Runs the work of one invocation with a deadline before the function's own timeout: Lambda would end the function there, and
 * API Gateway would answer instead of it. Every call to a dependency ends at the deadline (`calling`), and each of its attempts gets
 * a share of what is left (adapters/patience.ts). Rejects with `DeadlineExceeded` if the work itself does not end.
 *
 * Work without a context, as tests and simulations call it, has no deadline.
 */
export async function withDeadline<T>(context: InvocationContext | undefined, work: () => Promise<T>): Promise<T> {
  if (context === undefined) return work();
  const left = context.getRemainingTimeInMillis();
  const limit = Math.max(left * MIN_SHARE, left - RESERVE_MS);
  // Time that passes, not the time of day: nobody sets this clock.
  const end = performance.now() + limit;
  const controller = new AbortController();
  const { signal } = controller;
  // Every parallel call listens until it ends. Node warns of a leak from the eleventh listener of one signal on.
  setMaxListeners(Infinity, signal);
  const deadline: Deadline = { signal, remaining: () => (signal.aborted ? 0 : Math.max(0, end - performance.now())) };
  const timers: NodeJS.Timeout[] = [setTimeout(() => controller.abort(new DeadlineExceeded()), limit)];
  const exceeded = new Promise<never>((_, reject) => {
    timers.push(setTimeout(() => reject(new DeadlineExceeded()), limit + Math.min(GRACE_MS, (left - limit) / 2)));
  });
  try {
    return await Promise.race([deadlines.run(deadline, work), exceeded]);
  } finally {
    for (const timer of timers) clearTimeout(timer);
    controller.abort(new DeadlineExceeded());
  }
}

/** Runs a call that ends at the deadline of its invocation, whether or not the call itself does. */
export async function untilDeadline<T>(call: () => Promise<T>): Promise<T> {
  const signal = currentDeadline()?.signal;
  if (signal === undefined) return call();
  if (signal.aborted) throw new DeadlineExceeded();
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(new DeadlineExceeded());
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([call(), aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
