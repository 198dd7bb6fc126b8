import { accessSync, constants, existsSync, readFileSync, statfsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { findCli } from '../deploy/cdk-cli';
import { readCdkJson } from '../deploy/synthesis';
import { LocalCloudError } from '../errors';
import { EXPOSED, isExposed, requireAccepted } from '../ministack/exposure';
import { findEndpoint } from '../ministack/given';
import { probe } from '../ministack/health';
import { installedPython } from '../ministack/install';
import { isFree } from '../ministack/port';
import { findPython } from '../ministack/python';
import { pinnedVersion } from '../ministack/requirements';
import { cacheFolder } from '../run/folders';
import { privateFolder } from '../run/private';
import { StateFile } from '../run/state';
import { givenCredentials } from '../safety/credentials';
import { withoutAws } from '../safety/environment';
import { say } from '../terminal/printable';
import { Style } from '../terminal/style';
import type { Options } from './options';
import { tellStale } from './stale';

interface Finding {
  readonly state: 'well' | 'note' | 'broken';
  readonly what: string;
  readonly mend?: string;
}

const NEEDED_BYTES = 300 * 1024 * 1024;
const NODE_MAJOR = 20;
const USUAL_PORT = 4566;

/** Checks what the local cloud needs, and says how to mend what is missing. 1 where something is. */
export async function doctor({ directory, app }: Options): Promise<number> {
  const style = Style.of(process.stdout);
  const folder = resolve(directory);
  const findings = [
    node(), python(), emulator(), disk(), await port(), cdk(folder), theApp(folder, app), await endpoint(), running(folder),
  ];
  const marks = { well: style.green('✔'), note: style.yellow('–'), broken: style.red('✘') };
  for (const { state, what, mend } of findings) {
    say(`${marks[state]} ${what}`);
    if (mend !== undefined) say(`    ${style.bold('What to do:')} ${mend}`);
  }
  return findings.some(({ state }) => state === 'broken') ? 1 : 0;
}

function node(): Finding {
  const { node: version } = process.versions;
  return Number(version.split('.')[0]) >= NODE_MAJOR
    ? { state: 'well', what: `Node ${version}` }
    : { state: 'broken', what: `Node ${version} is too old`, mend: `Install Node ${NODE_MAJOR} or later.` };
}

function python(): Finding {
  return check(() => {
    const { command, version } = findPython(withoutAws(process.env));
    return { state: 'well', what: `Python ${version} (${command})` };
  });
}

function emulator(): Finding {
  return check(() => installedPython(cacheFolder()) === undefined
    ? { state: 'note', what: `MiniStack ${pinnedVersion()} is not installed yet`, mend: 'Nothing: `npx trinity-local up` installs it, which takes some 10 s and the network.' }
    : { state: 'well', what: `MiniStack ${pinnedVersion()} is installed in ${cacheFolder()}` });
}

function disk(): Finding {
  const cache = cacheFolder();
  return check(() => {
    try {
      privateFolder(cache);
      accessSync(cache, constants.W_OK);
    } catch (error) {
      if (error instanceof LocalCloudError) return broken(error);
      return { state: 'broken', what: `${cache} cannot be written: ${(error as Error).message}`, mend: 'Set XDG_CACHE_HOME to a folder that can.' };
    }
    const { bavail, bsize } = statfsSync(cache);
    const free = bavail * bsize;
    return free >= NEEDED_BYTES
      ? { state: 'well', what: `${Math.round(free / 1024 / 1024)} MB free at ${cache}` }
      : { state: 'broken', what: `Only ${Math.round(free / 1024 / 1024)} MB free at ${cache}`, mend: 'Make room for 300 MB, or set XDG_CACHE_HOME to a folder on another disk.' };
  });
}

async function port(): Promise<Finding> {
  return await isFree(USUAL_PORT)
    ? { state: 'well', what: `Port ${USUAL_PORT} is free` }
    : { state: 'note', what: `Port ${USUAL_PORT} is in use`, mend: 'Nothing: another free port is taken. The table of `npx trinity-local up` shows which.' };
}

function cdk(directory: string): Finding {
  return check(() => {
    const file = findCli(directory);
    const { version } = JSON.parse(readFileSync(join(dirname(file), '..', 'package.json'), 'utf8')) as { version: string };
    return { state: 'well', what: `CDK CLI ${version}` };
  });
}

function theApp(directory: string, given: string | undefined): Finding {
  return check(() => {
    const app = given ?? readCdkJson(directory)?.app;
    if (app !== undefined) return { state: 'well', what: `The app is \`${app}\`` };
    const what = existsSync(join(directory, 'cdk.json')) ? `${directory}/cdk.json names no 'app'` : `${directory} has no cdk.json`;
    return { state: 'broken', what, mend: 'Go to the folder of a CDK app, or name it with --directory or --app.' };
  });
}

async function endpoint(): Promise<Finding> {
  try {
    const { endpoint: given, ignored } = await findEndpoint(process.env);
    if (ignored !== undefined) return { state: 'note', what: ignored, mend: 'Nothing: an emulator is started. `unset AWS_ENDPOINT_URL` ends this note.' };
    if (given === undefined) return { state: 'well', what: 'AWS_ENDPOINT_URL is not set: an emulator is started' };
    if (await probe(given) === undefined) {
      return { state: 'broken', what: `Nothing answers at AWS_ENDPOINT_URL (${given})`, mend: 'Start the emulator there, or unset AWS_ENDPOINT_URL.' };
    }
    const what = `The emulator at AWS_ENDPOINT_URL (${given}) is used`;
    await requireAccepted(given, givenCredentials(process.env));
    return await isExposed(given) ? { state: 'note', what, mend: EXPOSED } : { state: 'well', what };
  } catch (error) {
    return broken(error);
  }
}

function running(directory: string): Finding {
  const state = new StateFile(directory).read(tellStale);
  return state === undefined
    ? { state: 'well', what: 'No local cloud of this app runs' }
    : { state: 'note', what: `The local cloud of this app runs (process ${state.pid})`, mend: 'Nothing; `npx trinity-local down` ends it.' };
}

function check(look: () => Finding): Finding {
  try {
    return look();
  } catch (error) {
    return broken(error);
  }
}

function broken(error: unknown): Finding {
  return error instanceof LocalCloudError
    ? { state: 'broken', what: error.what, mend: error.mend }
    : { state: 'broken', what: (error as Error).message };
}
