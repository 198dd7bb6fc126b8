import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from '../command';
import { compare } from './figures';
import { type Run, synthesize } from './measure';
import { report } from './report';
import { precompileValidators } from './validators';

const ROOT = join(__dirname, '..', '..');
const DEFAULT_PAIRS = '3';

/** `npm run bench:synth [-- --json] [--check] [--pairs N]`: the library's system against the same one of plain L2 constructs. */
function main(): void {
  const { values: options } = parseArgs({ options: { json: { type: 'boolean' }, check: { type: 'boolean' }, pairs: { type: 'string', default: DEFAULT_PAIRS } } });
  const pairs = Number(options.pairs);
  if (!Number.isInteger(pairs) || pairs < 1) throw new Error('--pairs takes a whole number from 1');
  // Below the project, because the validators import from its packages.
  const folder = join(ROOT, 'node_modules', '.cache', `bench-synth-${process.pid}`);
  try {
    const bundling = { aliases: precompileValidators(ROOT, folder), sdk: true };
    const runs = { ours: [] as Run[], peer: [] as Run[] };
    for (let pair = 0; pair < pairs; pair++) {
      // Who goes first changes, so that a warm file cache favours neither.
      for (const system of pair % 2 === 0 ? (['ours', 'peer'] as const) : (['peer', 'ours'] as const)) {
        runs[system].push(synthesize(ROOT, system, bundling));
        process.stderr.write(`${system} ${(runs[system].at(-1)!.synthMs / 1000).toFixed(2)} s\n`);
      }
    }
    const figures = compare(runs.ours, runs.peer);
    console.log(report(figures));
    if (options.check && figures.broken.length > 0) process.exitCode = 1;
    if (options.json) console.log(JSON.stringify(figures));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void run(main);
