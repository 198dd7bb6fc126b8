import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { mutants } from './mutants';
import { run } from './run';
import { adding, NOTHING, sum, type Totals } from './totals';

/** Histories that one process runs before it says how it went. */
const SLICE = 25;

/** Seeds from `from` on, before `to`, with a mistake built in where one is named. */
export interface Slice {
  readonly from: number;
  readonly to: number;
  readonly mutant?: string;
}

/** What a slice came to: the seeds that fail are in their order. */
export interface Found {
  readonly totals: Totals;
  readonly failing: readonly number[];
}

export async function searchSlice({ from, to, mutant }: Slice): Promise<Found> {
  const { wiring } = mutant === undefined ? {} : mutants[mutant];
  const failing: number[] = [];
  let totals = NOTHING;
  for (let seed = from; seed < to; seed += 1) {
    const verdict = await run({ seed, wiring });
    totals = adding(totals, verdict);
    if (verdict.violations.length > 0) failing.push(seed);
  }
  return { totals, failing };
}

/**
 * Runs the histories on every core, each in a process of its own: they share nothing, and a seed is the same history wherever it
 * runs. Ends early once so many fail; tells how far it is.
 */
export async function search(all: Slice, mostFailures: number, progress: (done: number) => void): Promise<Found> {
  let next = all.from;
  let totals = NOTHING;
  const failing: number[] = [];
  const take = (): Slice | undefined => {
    if (next >= all.to || failing.length >= mostFailures) return undefined;
    const slice = { ...all, from: next, to: Math.min(next + SLICE, all.to) };
    next = slice.to;
    return slice;
  };
  const worker = () => new Promise<void>((resolve, reject) => {
    const child = fork(require.resolve('./searcher'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const give = () => {
      const slice = take();
      if (slice === undefined) child.disconnect();
      else child.send(slice);
    };
    child.on('message', (found: Found) => {
      totals = sum(totals, found.totals);
      failing.push(...found.failing);
      progress(totals.seeds);
      give();
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => (code === 0 ? resolve() : reject(new Error(`A process of the simulation ended with ${code ?? signal}`))));
    give();
  });
  const processes = Math.min(availableParallelism(), Math.ceil((all.to - all.from) / SLICE));
  await Promise.all(Array.from({ length: processes }, worker));
  return { totals, failing: failing.sort((a, b) => a - b).slice(0, mostFailures) };
}
