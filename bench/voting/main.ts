import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from '../command';
import { judge } from './figures';
import { hottestKey } from './hot-key';
import { type LoadSize, measureLoad, withCloud } from './load/load';
import { measureLogic } from './logic/logic';
import { modelledAccounts, modelledPipelines } from './model/pipelines';
import { report } from './report';
import { measureUnits } from './units/units';

const ROOT = join(__dirname, '..', '..');

interface Size extends LoadSize {
  readonly polls: number;
  /** Batches that are counted before the aggregator is measured for the last time. */
  readonly batches: number;
}

const WHOLE: Size = { polls: 100, batches: 300, voters: 600, requestsPerRound: 300, rounds: 3, burstSeconds: 8 };
const QUICK: Size = { polls: 100, batches: 50, voters: 260, requestsPerRound: 150, rounds: 2, burstSeconds: 8 };

/** `npm run bench:voting [-- --json] [--check] [--quick]`: the promises of the voting pipeline in figures. */
async function main(): Promise<void> {
  const { values: options } = parseArgs({ options: { json: { type: 'boolean' }, check: { type: 'boolean' }, quick: { type: 'boolean' } } });
  const size = options.quick ? QUICK : WHOLE;
  // The CDK writes its deprecations as it meets them: the library's own tests watch those.
  process.env.JSII_DEPRECATED = 'quiet';
  const started = performance.now();
  const say = (line: string) => process.stderr.write(`${((performance.now() - started) / 1_000).toFixed(0).padStart(4)} s  ${line}\n`);

  const model = modelledPipelines();
  const hotKey = hottestKey(10_000, size.polls);
  say(`${size.polls} polls of 10,000 voters`);
  const logic = measureLogic(ROOT, size.batches);
  say('logic alone');
  const figures = await withCloud(async (cloud) => {
    say(`the local cloud answers at ${cloud.endpoint}`);
    const units = await measureUnits(cloud);
    say('write units');
    return judge({ hotKey, logic, units, load: await measureLoad(cloud, size, say), model, accounts: modelledAccounts() });
  });
  console.log(report(figures));
  if (options.check && figures.broken.length > 0) process.exitCode = 1;
  if (options.json) console.log(JSON.stringify(figures));
}

void run(main);
