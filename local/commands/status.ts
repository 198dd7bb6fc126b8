import { probe } from '../ministack/health';
import { StateFile } from '../run/state';
import { say } from '../terminal/printable';
import { Style } from '../terminal/style';
import { timeOfDay } from '../terminal/time';
import type { Options } from './options';
import { describeCloud } from './report';
import { tellStale } from './stale';

/** 0 where the local cloud runs and answers, 1 where it does not. */
export async function status({ directory }: Options): Promise<number> {
  const style = Style.of(process.stdout);
  const state = new StateFile(directory).read(tellStale);
  if (state === undefined) {
    say('The local cloud of this app does not run. `npx trinity-local up` starts it.');
    return 1;
  }
  const since = timeOfDay(new Date(state.since));
  if (state.cloud === undefined) {
    say(`The local cloud of this app is starting since ${since} (process ${state.pid}).`);
    return 1;
  }
  const health = await probe(state.cloud.endpoint);
  say(health === undefined
    ? `${style.red('✘')} The process ${state.pid} runs since ${since}, but nothing answers at ${state.cloud.endpoint}. End it with \`npx trinity-local down\`.`
    : `${style.green('✔')} Runs since ${since} at ${state.cloud.endpoint} (process ${state.pid}, emulator ${state.cloud.emulatorPid ?? 'not its own'}, MiniStack ${health.version})`);
  say(['', ...describeCloud(state.cloud, style)].join('\n'));
  return health === undefined ? 1 : 0;
}
