import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InstallError, LocalCloudError } from '../errors';
import { run, type CommandResult } from '../run/command';
import { privateFolder } from '../run/private';
import { isAlive } from '../run/processes';
import { launcherArgs } from './launcher';
import { findPython, type Python } from './python';
import { pinnedVersion, REQUIREMENTS_FILE, requirementsKey } from './requirements';

export interface InstallProps {
  readonly cache: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onNote: (message: string) => void;
  readonly signal?: AbortSignal;
}

const MARKER = 'installed';

/** The Python of the emulator's environment, as it was installed. Nothing where it was not. */
export function installedPython(cache: string): string | undefined {
  const folder = join(cache, `ministack-${requirementsKey()}`);
  if (!existsSync(join(folder, MARKER)) || !existsSync(pythonOf(folder))) return undefined;
  // The folder contains code that is run here, so it must not be planted.
  for (const each of [cache, folder]) privateFolder(each);
  return pythonOf(folder);
}

/**
 * Installs the pinned emulator into an environment of its own, and answers with its Python. The folder is made under another
 * name and renamed at the end: an interrupted install leaves nothing that looks whole, and two at once do no harm.
 */
export async function install(props: InstallProps): Promise<string> {
  const existing = installedPython(props.cache);
  if (existing !== undefined) return existing;

  openCache(props.cache);
  const python = findPython(props.env);
  const folder = join(props.cache, `ministack-${requirementsKey()}`);
  sweep(props.cache);
  const partial = `${folder}.partial-${process.pid}`;
  try {
    rmSync(partial, { recursive: true, force: true });
    privateFolder(partial);
    props.onNote(`Python ${python.version} found; installing MiniStack ${pinnedVersion()} into ${folder}`);
    // pip starts the new environment's Python without -I.
    const isolated = { ...props, env: withoutPython(props.env) };
    await makeEnvironment(python, partial, isolated);
    await installPackages(python, partial, isolated);
    writeFileSync(join(partial, MARKER), `${python.version}\n`);
    rmSync(folder, { recursive: true, force: true });
    renameSync(partial, folder);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    const other = installedPython(props.cache);
    if (other !== undefined) return other;
    if (error instanceof LocalCloudError) throw error;
    throw cannotWrite(error, props.cache);
  }
  return pythonOf(folder);
}

function openCache(cache: string): void {
  try {
    privateFolder(cache);
  } catch (error) {
    if (error instanceof LocalCloudError) throw error;
    throw cannotWrite(error, cache);
  }
}

/** Removes an environment that turned out not to work, such as one whose base Python was uninstalled. */
export function uninstall(cache: string): void {
  rmSync(join(cache, `ministack-${requirementsKey()}`), { recursive: true, force: true });
}

/** The environment without what changes where Python loads modules from. */
function withoutPython(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('PYTHON')));
}

async function makeEnvironment(python: Python, folder: string, props: InstallProps): Promise<void> {
  const args = ['-I', '-m', 'venv', ...(python.pipInstallsElsewhere ? ['--without-pip'] : []), folder];
  const made = await run({ command: python.command, args, env: props.env, signal: props.signal });
  if (made.code === 0) return;
  throw isFull(made) ? cannotWrite(new Error(made.lines.join('\n')), props.cache) : new InstallError(
    `Python ${python.version} could not make a virtual environment: ${lastLine(made)}`,
    'Install its venv module (Debian, Ubuntu: `sudo apt install python3-venv`), and run this again.',
  );
}

async function installPackages(python: Python, folder: string, props: InstallProps): Promise<void> {
  const [command, ...into] = python.pipInstallsElsewhere ? [python.command, '--python', pythonOf(folder)] : [pythonOf(folder)];
  const result = await run({
    command,
    args: launcherArgs('pip', ...into, 'install',
      // Only wheels, and each as its pinned hash says: nothing is built or run at install.
      '--require-hashes', '--only-binary', ':all:', '--requirement', REQUIREMENTS_FILE,
      // Compiling all of botocore takes longer than the rest; what is used is compiled at the first start.
      '--no-compile', '--disable-pip-version-check', '--no-input', '--progress-bar', 'off', '--retries', '1', '--timeout', '15'),
    env: props.env,
    stdin: 'pipe',
    signal: props.signal,
    onLine: (line) => {
      const step = /^(?:Downloading|Using cached) (\S+)|^(Installing collected packages)/.exec(line.trim());
      if (step !== null) props.onNote(step[2] ?? `Fetched ${step[1].split('/').pop()}`);
    },
  });
  if (result.code !== 0) throw explainPip(result, props.cache);
}

/** What pip's output means to somebody who never asked for pip. */
export function explainPip(result: CommandResult, cache: string): InstallError {
  const output = result.lines.join('\n');
  if (/DO NOT MATCH THE HASHES/i.test(output)) {
    return new InstallError(
      'A downloaded package is not the one that was pinned: its hash is different.',
      'Do not use it. Check the package index that pip is set to (`pip config list`), and try another network.',
    );
  }
  if (isFull(result)) return cannotWrite(new Error(output), cache);
  if (/NewConnectionError|ConnectionError|ConnectTimeout|ReadTimeout|name resolution|unreachable|Max retries|ProxyError|SSLError|CERTIFICATE/i.test(output)) {
    return new InstallError(
      'MiniStack could not be downloaded: the Python package index was not reached. Only the first use needs the network.',
      'Check the connection, or a proxy or mirror (HTTPS_PROXY, PIP_INDEX_URL), and run this again.',
    );
  }
  return new InstallError(`pip could not install MiniStack: ${lastLine(result)}`, 'Run `npx trinity-local doctor` to see what is missing.');
}

function isFull(result: CommandResult): boolean {
  return /No space left on device|ENOSPC|Errno 28/i.test(result.lines.join('\n'));
}

function cannotWrite(error: unknown, cache: string): InstallError {
  const { message } = error as Error;
  return new InstallError(
    /ENOSPC|No space left|Errno 28/i.test(message) ? `The disk of ${cache} is full.` : `${cache} could not be written: ${message}`,
    'MiniStack needs 100 MB there. Make room, or set XDG_CACHE_HOME to another folder.',
  );
}

function lastLine(result: CommandResult): string {
  return [...result.lines].reverse().find((line) => line.trim() !== '') ?? `exit code ${result.code}`;
}

/** Removes what installs left behind that were killed. */
function sweep(cache: string): void {
  for (const name of readdirSync(cache)) {
    const pid = /^ministack-.*\.partial-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(cache, name), { recursive: true, force: true });
  }
}

function pythonOf(folder: string): string {
  return process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
}
