import { AwsClient } from '../aws/client';
import { StateError } from '../errors';
import { followLogs } from '../logs/follow';
import { LogReader } from '../logs/reader';
import { StateFile } from '../run/state';
import { DEFAULT_REGION } from '../safety/environment';
import { logLine } from '../terminal/log-line';
import { say } from '../terminal/printable';
import { Style } from '../terminal/style';
import type { LocalFunction, LogEvent } from '../types';
import type { Options } from './options';
import { tellStale } from './stale';

/** What the functions of the running local cloud logged; with `--follow` what they log from now on, too. */
export async function logs({ directory, positionals: [wanted], follow }: Options): Promise<number> {
  const state = new StateFile(directory).read(tellStale);
  if (state?.cloud === undefined) throw new StateError('The local cloud of this app does not run.', 'Start it with `npx trinity-local up`.');

  const functions = select(state.cloud.functions, wanted);
  const { endpoint, credentials } = state.cloud;
  const aws = new AwsClient({ endpoint, region: DEFAULT_REGION, credentials, clock: Date.now });
  const reader = new LogReader(aws, () => functions, 0);
  const style = Style.of(process.stdout);
  const print = ({ timestamp, function: name, message }: LogEvent): void => {
    const line = logLine(timestamp, name, message, style);
    if (line !== undefined) say(line);
  };
  for (const event of await reader.read()) print(event);
  if (follow) {
    const interrupted = new AbortController();
    process.once('SIGINT', () => interrupted.abort());
    await followLogs(reader, print, interrupted.signal);
  }
  aws.close();
  return 0;
}

function select(functions: readonly LocalFunction[], wanted: string | undefined): readonly LocalFunction[] {
  if (wanted === undefined) return functions;
  const found = functions.filter(({ name, functionName }) => `${name}\n${functionName}`.toLowerCase().includes(wanted.toLowerCase()));
  if (found.length > 0) return found;
  throw new StateError(`No function is called '${wanted}'.`, `There are ${functions.map(({ name }) => name).join(', ')}.`);
}
