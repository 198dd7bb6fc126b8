import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { privateFolder, writePrivateFile } from './private';
import { isAlive, identityOf } from './processes';

/** The folder of the user's cache where everything of the local cloud is kept. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env, platform: string = process.platform): string {
  const name = 'trinity-constructs';
  if (environment.XDG_CACHE_HOME !== undefined && environment.XDG_CACHE_HOME !== '') return join(environment.XDG_CACHE_HOME, name);
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', name);
  if (platform === 'win32' && environment.LOCALAPPDATA !== undefined) return join(environment.LOCALAPPDATA, name);
  return join(homedir(), '.cache', name);
}

/** One run's own folder, for this user only: its temporary files, its assemblies and its log. It goes with the run. */
export interface RunFolder {
  readonly path: string;
  /** Where the emulator unpacks functions. */
  readonly temporary: string;
  /** An empty file and an empty home: no tool finds a profile there. */
  readonly emptyFile: string;
  readonly home: string;
  readonly log: string;
  remove(): void;
}

export function openRunFolder(cache: string = cacheFolder()): RunFolder {
  const runs = join(cache, 'runs');
  privateFolder(cache);
  privateFolder(runs);
  sweep(cache);
  // A random name and mode 0700.
  const path = mkdtempSync(join(runs, `${process.pid}-${identityOf(process.pid)}-`));
  const temporary = join(path, 'tmp');
  const home = join(path, 'home');
  const emptyFile = join(path, 'empty');
  for (const each of [temporary, home]) mkdirSync(each, { mode: 0o700 });
  writePrivateFile(emptyFile, '');
  return {
    path,
    temporary,
    emptyFile,
    home,
    log: join(path, 'ministack.log'),
    remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }),
  };
}

/** Removes the folders of runs whose process was killed. */
export function sweep(cache: string): void {
  const runs = join(cache, 'runs');
  if (!existsSync(runs)) return;
  for (const name of readdirSync(runs)) {
    const [pid, identity] = name.split('-');
    if (!isAlive(Number(pid), identity)) rmSync(join(runs, name), { recursive: true, force: true });
  }
}
