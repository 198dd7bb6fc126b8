import { setTimeout as wait } from 'node:timers/promises';
import { StateError } from '../errors';
import { isAlive } from '../run/processes';
import { type AppState, StateFile } from '../run/state';
import { say } from '../terminal/printable';
import type { Options } from './options';
import { tellStale } from './stale';

const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 50;

/** Ends the local cloud of this folder's app, from any terminal. */
export async function down({ directory }: Options): Promise<number> {
  const file = new StateFile(directory);
  const state = file.read(tellStale);
  if (state === undefined) {
    say('No local cloud of this app runs.');
    return 0;
  }
  process.kill(state.pid, 'SIGTERM');
  if (!await isGone(state, PATIENCE_MS)) {
    // Its emulator ends with it: it watches for that.
    process.kill(state.pid, 'SIGKILL');
    if (!await isGone(state, PATIENCE_MS)) throw new StateError(`The process ${state.pid} does not end.`, `Look at it with \`ps -p ${state.pid}\`.`);
  }
  file.read();
  say('The local cloud has ended.');
  return 0;
}

async function isGone({ pid, identity, cloud }: AppState, patienceMs: number): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    if (!isAlive(pid, identity) && (cloud?.emulatorPid === undefined || !isAlive(cloud.emulatorPid))) return true;
    if (performance.now() > deadline) return false;
    await wait(LOOK_EVERY_MS);
  }
}
