import { setTimeout as wait } from 'node:timers/promises';
import { RunningCloud } from './cloud';
import { CancelledError, EmulatorError, LocalCloudError } from './errors';
import { EXPOSED, isExposed, requireAccepted } from './ministack/exposure';
import { findEndpoint } from './ministack/given';
import { probe } from './ministack/health';
import { install, uninstall } from './ministack/install';
import { choosePort, type Emulator, endpointOf, start } from './ministack/start';
import { cacheFolder, openRunFolder, type RunFolder } from './run/folders';
import { linkRuntimeSdk } from './run/runtime-sdk';
import { PhaseTimer } from './run/timer';
import { givenCredentials, newCredentials } from './safety/credentials';
import { plain, withoutAws } from './safety/environment';
import type { LocalCloud, LocalCloudProps, LocalCredentials } from './types';

/** Deploys an app on an emulator of AWS on this machine, with IAM enforced. */
export async function startLocalCloud(props: LocalCloudProps): Promise<LocalCloud> {
  const { endpoint: given, ignored } = await findEndpoint(process.env, props.endpoint);
  const credentials = given === undefined ? newCredentials() : givenCredentials(process.env, props.credentials);
  const timer = new PhaseTimer(() => performance.now(), (progress) => props.onProgress?.(progress));
  const cancelled = new AbortController();
  const cancel = (): void => cancelled.abort();
  props.signal?.addEventListener('abort', cancel, { once: true });
  if (props.signal?.aborted === true) throw new CancelledError();

  const folder = openRunFolder();
  let cloud: RunningCloud | undefined;
  try {
    const warnings = given === undefined ? [] : await examine(given, credentials);
    if (ignored !== undefined) timer.note('start', ignored);
    for (const warning of warnings) timer.note('start', warning);
    const port = given === undefined ? await choosePort(props.port, props.preferredPort) : 0;
    // The emulator starts while the app synthesizes, and is installed while it does where it has to be.
    const emulator = given === undefined ? startEmulator({ props, port, credentials, folder, timer, signal: cancelled.signal }) : undefined;
    const endpoint = given ?? endpointOf(port);
    cloud = new RunningCloud({ props, endpoint, credentials, emulator, warnings, folder, timer, signal: cancelled.signal });
    const gone = cloud.ended.then(() => {
      throw new EmulatorError('The emulator ended while the app was deployed.', 'Run the command again; if it happens again, give the machine more memory.');
    });
    const deployed = cloud.redeploy();
    try {
      await Promise.race([deployed, gone]);
    } finally {
      // From here on the end of the emulator is the caller's to watch.
      gone.catch(() => undefined);
      deployed.catch(() => undefined);
    }
    return cloud;
  } catch (error) {
    cancel();
    await cloud?.stop();
    await settle();
    folder.remove();
    throw error instanceof LocalCloudError || !props.signal?.aborted ? error : new CancelledError();
  } finally {
    props.signal?.removeEventListener('abort', cancel);
  }
}

interface EmulatorParts {
  readonly props: LocalCloudProps;
  readonly port: number;
  readonly credentials: LocalCredentials;
  readonly folder: RunFolder;
  readonly timer: PhaseTimer;
  readonly signal: AbortSignal;
}

async function startEmulator({ props, port, credentials, folder, timer, signal }: EmulatorParts): Promise<Emulator> {
  const cache = cacheFolder();
  const runtimeSdk = linkRuntimeSdk(props.directory ?? process.cwd(), folder.path);
  const installed = (): Promise<string> => timer.run(
    'install', 'Looking for MiniStack', () => install({ cache, env: withoutAws(process.env), onNote: (message) => timer.note('install', message), signal }),
    () => 'MiniStack is installed',
  );
  const begin = (python: string): Promise<Emulator> => timer.run(
    'start', 'Starting MiniStack with IAM enforced',
    () => start({
      python,
      folder,
      port,
      credentials,
      signal,
      env: { ...plain(process.env), ...(runtimeSdk === undefined ? {} : { NODE_PATH: runtimeSdk }), ...props.emulatorEnv },
    }),
    ({ endpoint, pid }) => `MiniStack answers at ${endpoint} (process ${pid})`,
  );
  const python = await installed();
  try {
    return await begin(python);
  } catch (error) {
    if (!(error instanceof EmulatorError) || !/No module named|did not start/.test(error.what)) throw error;
    // The environment is broken: its base Python is gone, or somebody cleaned half of the cache.
    timer.note('install', 'The installed MiniStack does not work any more; installing it anew');
    uninstall(cache);
    return begin(await installed());
  }
}

/** Checks an emulator that was started by another program. Returns warnings about it. */
async function examine(endpoint: string, credentials: LocalCredentials): Promise<string[]> {
  if (await probe(endpoint) !== undefined) {
    await requireAccepted(endpoint, credentials);
    return await isExposed(endpoint) ? [EXPOSED] : [];
  }
  throw new EmulatorError(
    `No emulator answers at ${endpoint}.`,
    'Start it (`docker compose up -d` in a clone of this package), or unset AWS_ENDPOINT_URL to have one started.',
  );
}

/** Lets children that were just killed be reaped before their folder goes. */
async function settle(): Promise<void> {
  await wait(20);
}
