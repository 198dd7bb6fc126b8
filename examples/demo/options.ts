import { parseArgs } from 'node:util';

export interface DemoOptions {
  readonly once: boolean;
  readonly json: boolean;
  readonly voters: number;
  readonly help: boolean;
}

const DEFAULT_VOTERS = 20;
const MOST_VOTERS = 500;

export const USAGE = `npm run demo -- [--once] [--voters N] [--json]
  --once      end after the play, also on a terminal
  --voters N  the size of the crowd, 2 to ${MOST_VOTERS} (${DEFAULT_VOTERS})
  --json      the figures as one JSON object in the last line; the rest goes to standard error (npm run -s demo -- … prints nothing of its own)
  --help      this text`;

/** Reads the command line; says what is wrong with it. */
export function readOptions(args: string[]): DemoOptions {
  const { values } = parseArgs({
    args,
    options: { once: { type: 'boolean' }, json: { type: 'boolean' }, voters: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: false,
  });
  const voters = Number(values.voters ?? DEFAULT_VOTERS);
  if (!Number.isInteger(voters) || voters < 2 || voters > MOST_VOTERS) throw new Error(`--voters takes a whole number from 2 to ${MOST_VOTERS}`);
  const { once = false, json = false, help = false } = values;
  return { once: once || json || process.stdout.isTTY !== true, json, voters, help };
}
