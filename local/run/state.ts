import { createHash } from 'node:crypto';
import { realpathSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StateError } from '../errors';
import { timeOfDay } from '../terminal/time';
import type { Difference, LocalCredentials, LocalFunction, LocalUrl } from '../types';
import { cacheFolder, sweep } from './folders';
import { privateFolder, readPrivateFile, writePrivateFile } from './private';
import { identityOf, isAlive } from './processes';

/** What a running `trinity-local up` tells other terminals of itself. */
export interface AppState {
  readonly directory: string;
  readonly pid: number;
  /** Tells the process from a later one of the same pid. */
  readonly identity: string;
  readonly since: string;
  /** Missing until the app is deployed. */
  readonly cloud?: DeployedState;
}

export interface DeployedState {
  readonly endpoint: string;
  readonly credentials: LocalCredentials;
  readonly emulatorPid?: number;
  readonly urls: readonly LocalUrl[];
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly rawOutputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly functions: readonly LocalFunction[];
  readonly standIns: readonly Difference[];
  readonly leftOut: readonly Difference[];
}

/** The state of one app's local cloud, in a file of the user's cache. It contains the run's secret and is readable by its owner only. */
export class StateFile {
  private readonly file: string;
  readonly directory: string;

  constructor(directory: string, private readonly cache: string = cacheFolder(), private readonly pid: number = process.pid) {
    this.directory = realpathSync(resolve(directory));
    this.file = join(cache, 'apps', `${createHash('sha256').update(this.directory).digest('hex').slice(0, 16)}.json`);
  }

  /** The state of a local cloud that runs. One that was left behind by a crash is removed with its folder; `onStale` is told. */
  read(onStale: (state: AppState) => void = () => undefined): AppState | undefined {
    const state = this.load();
    if (state === undefined || isAlive(state.pid, state.identity)) return state;
    this.remove();
    sweep(this.cache);
    onStale(state);
    return undefined;
  }

  /** Says that this process runs the app's local cloud. Refuses where another one does. */
  claim(since: Date, onStale: (state: AppState) => void): void {
    const state: AppState = { directory: this.directory, pid: this.pid, identity: identityOf(this.pid), since: since.toISOString() };
    this.openFolders();
    for (;;) {
      try {
        // Made at once or not at all: of two that start together one wins.
        writePrivateFile(this.file, JSON.stringify(state));
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const other = this.read(onStale);
      if (other !== undefined) throw alreadyRuns(other);
    }
  }

  /** Adds what was deployed. */
  publish(cloud: DeployedState): void {
    const state = this.load();
    if (state?.pid !== this.pid) return;
    const draft = `${this.file}.${this.pid}`;
    rmSync(draft, { force: true });
    writePrivateFile(draft, JSON.stringify({ ...state, cloud }));
    renameSync(draft, this.file);
  }

  /** Forgets this process's claim, and nobody else's. */
  release(): void {
    if (this.load()?.pid === this.pid) this.remove();
  }

  private openFolders(): void {
    privateFolder(this.cache);
    privateFolder(dirname(this.file));
  }

  private remove(): void {
    rmSync(this.file, { force: true });
  }

  private load(): AppState | undefined {
    try {
      return JSON.parse(readPrivateFile(this.file)) as AppState;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      if (!(error instanceof SyntaxError)) throw error;
      // Half a file of a process that was killed while it wrote.
      this.remove();
      return undefined;
    }
  }
}

function alreadyRuns({ pid, cloud, since }: AppState): StateError {
  const where = cloud === undefined ? 'it is still starting' : `at ${cloud.endpoint}`;
  return new StateError(
    `The local cloud of this app runs already, since ${timeOfDay(new Date(since))} (process ${pid}, ${where}).`,
    'Use that one (`npx trinity-local status`, `npx trinity-local logs`), or end it with `npx trinity-local down`.',
  );
}
