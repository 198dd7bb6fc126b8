import { spawn } from 'node:child_process';
import { openSync, closeSync, readFileSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CancelledError, EmulatorError } from '../errors';
import type { RunFolder } from '../run/folders';
import { endGroup, signalGroup } from '../run/processes';
import { ACCOUNT, DEFAULT_REGION } from '../safety/environment';
import type { LocalCredentials } from '../types';
import { probe } from './health';
import { EMULATOR, launcherArgs } from './launcher';
import { freePort, isFree } from './port';

export interface StartProps {
  readonly python: string;
  readonly folder: RunFolder;
  readonly port: number;
  /** The only root key that it accepts. */
  readonly credentials: LocalCredentials;
  readonly env: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface Emulator {
  readonly endpoint: string;
  readonly pid: number;
  /** Resolves when its process ends, whoever ended it. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const PROBE_EVERY_MS = 15;
const STOP_PATIENCE_MS = 3000;

/** Starts the emulator with IAM enforced, on the loopback interface alone, in a process group of its own. */
export async function start(props: StartProps): Promise<Emulator> {
  const log = openSync(props.folder.log, 'a', 0o600);
  const child = spawn(props.python, launcherArgs(EMULATOR), {
    cwd: props.folder.home,
    env: emulatorEnvironment(props),
    stdio: ['pipe', log, log],
    detached: process.platform !== 'win32',
  });
  closeSync(log);
  // An API user who forgets stop() must still be able to exit; the launcher then ends the emulator.
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  child.stdin!.on('error', () => undefined);

  const endpoint = endpointOf(props.port);
  const deadline = performance.now() + START_TIMEOUT_MS;
  const failed = new Promise<Error>((resolve) => child.once('error', resolve));
  while (child.exitCode === null && child.signalCode === null) {
    if (props.signal?.aborted === true) {
      await endGroup(child, 0);
      throw new CancelledError();
    }
    const outcome = await Promise.race([failed, probe(endpoint)]);
    if (outcome instanceof Error) throw new EmulatorError(`The emulator's Python did not start: ${outcome.message}.`, 'Run the command again: it installs anew.');
    // Another emulator may have come to the port in the meantime: ours then ends by itself.
    if (outcome?.edition === editionOf(props.folder)) {
      return { endpoint, pid: child.pid!, ended: new Promise((resolve) => child.once('exit', () => resolve())), stop: () => endGroup(child, STOP_PATIENCE_MS) };
    }
    if (performance.now() > deadline) {
      await endGroup(child, 0);
      throw new EmulatorError(`The emulator did not answer within ${START_TIMEOUT_MS / 1000} s.`, `Its log is ${props.folder.log}; is the machine very busy?`);
    }
    await wait(PROBE_EVERY_MS);
  }
  if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
  const said = readFileSync(props.folder.log, 'utf8');
  if (/already in use/i.test(said)) throw portTaken(props.port);
  throw new EmulatorError(`The emulator ended while it started: ${lastWords(said)}`, 'Run `npx trinity-local doctor`, which checks what it needs.');
}

/** A given port if it is free, else the preferred one or any other. */
export async function choosePort(given?: number, preferred?: number): Promise<number> {
  if (given !== undefined && !await isFree(given)) throw portTaken(given);
  return given ?? await freePort(preferred);
}

export function endpointOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

function editionOf(folder: RunFolder): string {
  return basename(folder.path);
}

function portTaken(port: number): EmulatorError {
  return new EmulatorError(`Port ${port} is in use by another program.`, 'Choose another port, or leave it out to have a free one found.');
}

function emulatorEnvironment({ port, credentials, env, folder }: StartProps): Record<string, string> {
  return {
    ...env,
    // Functions run on the Node that runs this.
    PATH: [dirname(process.execPath), env.PATH ?? ''].join(delimiter),
    HOME: folder.home,
    TMPDIR: folder.temporary,
    TRINITY_LOCAL_TEMPORARY: folder.temporary,
    // The defaults are fixed paths in /tmp, which other users can read and plant.
    STATE_DIR: join(folder.path, 'state'),
    S3_DATA_DIR: join(folder.path, 'state', 's3'),
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_CONFIG_FILE: folder.emptyFile,
    AWS_SHARED_CREDENTIALS_FILE: folder.emptyFile,
    AWS_EC2_METADATA_DISABLED: 'true',
    MINISTACK_EDITION: editionOf(folder),
    GATEWAY_PORT: String(port),
    BIND_HOST: '127.0.0.1',
    MINISTACK_ACCOUNT_ID: ACCOUNT,
    MINISTACK_REGION: DEFAULT_REGION,
    AUTH: 'true',
    // It would be the first line of every function's log on an older Node.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    // Listeners of services that have ports of their own, which would be taken at the second start.
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    // No containers: what needs them is not part of this.
    DOCKER_HOST: 'unix:///nonexistent/docker.sock',
    LOG_LEVEL: env.LOG_LEVEL ?? 'WARNING',
  };
}

function lastWords(log: string): string {
  return log.trimEnd().split('\n').filter((line) => line.trim() !== '').slice(-3).join(' / ') || 'it said nothing.';
}
