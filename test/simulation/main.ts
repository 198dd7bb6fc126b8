import { parseArgs } from 'node:util';
import { mutants } from './mutants';
import { run } from './run';
import { search } from './search';
import { adding, NOTHING, type Totals } from './totals';
import type { Wiring } from './world/wiring';

const HELP = `Simulates the voting pipeline: the real logic and adapters over simulated services. A seed is one history.

  npm run simulate -- --seeds N       so many histories (200)
  npm run simulate -- --from S        beginning with that seed (1)
  npm run simulate -- --json          the totals as one line of JSON, the last line
  npm run simulate -- --seed N        that history alone, with its trace
  npm run simulate -- --trace         the trace of every history, also where nothing is wrong
  npm run simulate -- --mutant NAME   with a mistake built in: ${Object.keys(mutants).join(', ')}
`;

/** More failing histories than that tell nothing new. */
const MAX_FAILURES = 5;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '200' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      json: { type: 'boolean', default: false },
      trace: { type: 'boolean', default: false },
      mutant: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return say(HELP);
  const from = whole(values.seed ?? values.from, 'the seed', 0);
  const seeds = values.seed === undefined ? whole(values.seeds, '--seeds', 1) : 1;
  const wiring = values.mutant === undefined ? {} : mutants[values.mutant]?.wiring;
  if (wiring === undefined) throw new Error(`There is no mutant of that name. Choose one of ${Object.keys(mutants).join(', ')}`);

  if (values.trace || values.seed !== undefined) return showHistories(from, seeds, wiring, values);
  const { totals, failing } = await search({ from, to: from + seeds, mutant: values.mutant }, MAX_FAILURES, progressOf(seeds));
  for (const seed of failing) {
    say((await run({ seed, wiring, trace: true })).trace.join('\n'));
    say(`Seed ${seed} fails. Again: npm run simulate -- --seed ${seed}${values.mutant === undefined ? '' : ` --mutant ${values.mutant}`}\n`);
  }
  conclude(totals, failing.length, values);
}

/** Every history with its trace, one after the other. */
async function showHistories(from: number, seeds: number, wiring: Wiring, values: { json: boolean }): Promise<void> {
  let totals = NOTHING;
  let failures = 0;
  for (let seed = from; seed < from + seeds && failures < MAX_FAILURES; seed += 1) {
    const verdict = await run({ seed, wiring, trace: true });
    totals = adding(totals, verdict);
    if (verdict.violations.length > 0) failures += 1;
    say(verdict.trace.join('\n'));
  }
  conclude(totals, failures, values);
}

function conclude(totals: Totals, failures: number, { json }: { json: boolean }): void {
  if (json) say(JSON.stringify(totals));
  else say(`${totals.seeds} histories, ${totals.votes} votes, ${totals.lost} lost, ${totals.double} double, ${totals.wrong} wrong, ${failures} histories fail`);
  if (failures > 0) process.exitCode = 1;
}

/** A line that counts up where somebody watches it. */
function progressOf(seeds: number): (done: number) => void {
  const started = performance.now();
  return (done) => {
    if (!process.stderr.isTTY) return;
    const left = (performance.now() - started) / done * (seeds - done) / 1_000;
    process.stderr.write(done < seeds ? `\r${done} of ${seeds} histories, about ${left.toFixed(0)} s more \u001b[K` : '\r\u001b[K');
  };
}

function whole(text: string, what: string, least: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || !Number.isSafeInteger(number)) throw new Error(`${what} must be a whole number from ${least}`);
  return number;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
});
