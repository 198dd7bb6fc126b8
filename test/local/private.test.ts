import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SafetyError } from '../../local/errors';
import { installedPython } from '../../local/ministack/install';
import { requirementsKey } from '../../local/ministack/requirements';
import { openRunFolder } from '../../local/run/folders';
import { privateFolder, readPrivateFile, writePrivateFile } from '../../local/run/private';
import { StateFile } from '../../local/run/state';
import { givenCredentials, newCredentials } from '../../local/safety/credentials';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const none = (): never => { throw new Error('Nothing is stale'); };

let folder: string;
let umask: number;
beforeEach(() => {
  // The most careless setting: new files are open to everybody unless the program says otherwise.
  umask = process.umask(0);
  folder = mkdtempSync(join(tmpdir(), 'private-'));
});
afterEach(() => {
  process.umask(umask);
  rmSync(folder, { recursive: true, force: true });
});

const mode = (path: string): string => lstatSync(path).mode.toString(8).slice(-3);

describe('privateFolder', () => {
  test('creates the folder and its parents for the owner only', () => {
    privateFolder(join(folder, 'cache', 'runs'));
    expect([mode(join(folder, 'cache')), mode(join(folder, 'cache', 'runs'))]).toEqual(['700', '700']);
  });

  test('removes the permissions of others from an existing folder', () => {
    mkdirSync(join(folder, 'cache'), { mode: 0o755 });
    privateFolder(join(folder, 'cache'));
    expect(mode(join(folder, 'cache'))).toBe('700');
  });

  test.each([0o775, 0o757, 0o777])('refuses a folder that others may write to: mode %o', (planted) => {
    mkdirSync(join(folder, 'cache'));
    chmodSync(join(folder, 'cache'), planted);
    expect(() => privateFolder(join(folder, 'cache'))).toThrow(/Other users may write to .*cache.* Remove it/);
  });

  test('refuses a symbolic link, dangling or not', () => {
    mkdirSync(join(folder, 'own'), { mode: 0o700 });
    symlinkSync(join(folder, 'own'), join(folder, 'cache'));
    expect(() => privateFolder(join(folder, 'cache'))).toThrow(/is a link/);
    symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling'));
    expect(() => privateFolder(join(folder, 'dangling'))).toThrow();
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });

  test('refuses a folder below one that is world-writable without the sticky bit', () => {
    mkdirSync(join(folder, 'open'));
    chmodSync(join(folder, 'open'), 0o777);
    expect(() => privateFolder(join(folder, 'open', 'cache'))).toThrow(/lies below .*open, which everybody may write to/);
    symlinkSync(join(folder, 'open'), join(folder, 'way'));
    expect(() => privateFolder(join(folder, 'way', 'cache'))).toThrow(/which everybody may write to/);
    chmodSync(join(folder, 'open'), 0o1777);
    expect(() => privateFolder(join(folder, 'open', 'cache'))).not.toThrow();
  });

  (isRoot ? test : test.skip)('refuses a folder below one that a group of other users may write to without the sticky bit', () => {
    const shared = join(folder, 'shared');
    mkdirSync(shared);
    chownSync(shared, 0, NOBODY);
    chmodSync(shared, 0o775);
    expect(() => privateFolder(join(shared, 'cache'))).toThrow(/lies below .*shared, which the group 65534 may write to/);
    chmodSync(shared, 0o1775);
    expect(() => privateFolder(join(shared, 'cache'))).not.toThrow();
    // Distributions with a group per user create home folders with mode 0775. Such a group has the number of its user.
    chownSync(shared, 0, 0);
    chmodSync(shared, 0o775);
    expect(() => privateFolder(join(shared, 'cache'))).not.toThrow();
  });

  (isRoot ? test : test.skip)('refuses a folder that belongs to another user, or whose parent does', () => {
    mkdirSync(join(folder, 'cache'), { mode: 0o700 });
    chownSync(join(folder, 'cache'), NOBODY, NOBODY);
    expect(() => privateFolder(join(folder, 'cache'))).toThrow(/belongs to another user/);
    expect(() => privateFolder(join(folder, 'cache', 'runs'))).toThrow(/lies below .*cache, which belongs to another user/);
  });
});

describe('private files', () => {
  test('are created with mode 0600, and never replace a file or follow a link', () => {
    writePrivateFile(join(folder, 'state'), 'secret');
    expect(mode(join(folder, 'state'))).toBe('600');
    writeFileSync(join(folder, 'theirs'), 'as it was');
    symlinkSync(join(folder, 'theirs'), join(folder, 'planted'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling'));
    for (const name of ['theirs', 'planted', 'dangling']) expect(() => writePrivateFile(join(folder, name), 'secret')).toThrow('EEXIST');
    expect([readFileSync(join(folder, 'theirs'), 'utf8'), existsSync(join(folder, 'nowhere'))]).toEqual(['as it was', false]);
  });

  test('are not read if they are links or if others may write to them', () => {
    writePrivateFile(join(folder, 'state'), '{}');
    symlinkSync(join(folder, 'state'), join(folder, 'planted'));
    expect(() => readPrivateFile(join(folder, 'planted'))).toThrow(SafetyError);
    chmodSync(join(folder, 'state'), 0o666);
    expect(() => readPrivateFile(join(folder, 'state'))).toThrow(SafetyError);
  });
});

describe('the local cloud', () => {
  test('keeps its state file, which contains the secret, for the owner only', () => {
    const state = new StateFile(folder, join(folder, 'cache'));
    state.claim(new Date(), none);
    state.publish({ endpoint: 'http://127.0.0.1:1', credentials: newCredentials(), urls: [], outputs: {}, rawOutputs: {}, functions: [], standIns: [], leftOut: [] });
    const [file] = files(join(folder, 'cache', 'apps'));
    expect([mode(join(folder, 'cache')), mode(join(folder, 'cache', 'apps')), mode(file)]).toEqual(['700', '700', '600']);
  });

  test('refuses a state file that another user could have written', () => {
    const state = new StateFile(folder, join(folder, 'cache'));
    state.claim(new Date(), none);
    const [file] = files(join(folder, 'cache', 'apps'));
    const planted = join(folder, 'planted.json');
    writeFileSync(planted, JSON.stringify({ pid: process.pid, cloud: { endpoint: 'http://127.0.0.1:9' } }));
    rmSync(file);
    symlinkSync(planted, file);
    expect(() => state.read()).toThrow(/is a link/);
    rmSync(file);
    writeFileSync(file, readFileSync(planted));
    chmodSync(file, 0o666);
    expect(() => state.read()).toThrow(/Other users may write to/);
  });

  test('creates a folder with an unpredictable name and mode 0700 for each run', () => {
    const first = openRunFolder(join(folder, 'cache'));
    const second = openRunFolder(join(folder, 'cache'));
    expect(first.path).not.toBe(second.path);
    expect([mode(first.path), mode(first.emptyFile)]).toEqual(['700', '600']);
    first.remove();
    second.remove();
  });

  test('does not start in a planted cache folder', () => {
    mkdirSync(join(folder, 'cache'));
    chmodSync(join(folder, 'cache'), 0o777);
    expect(() => openRunFolder(join(folder, 'cache'))).toThrow(SafetyError);
    mkdirSync(join(folder, 'elsewhere', 'runs'), { recursive: true, mode: 0o700 });
    rmSync(join(folder, 'cache'), { recursive: true });
    mkdirSync(join(folder, 'cache'), { mode: 0o700 });
    symlinkSync(join(folder, 'elsewhere', 'runs'), join(folder, 'cache', 'runs'));
    expect(() => openRunFolder(join(folder, 'cache'))).toThrow(/is a link/);
  });

  test.each(['group', 'link'])('does not run an emulator from a planted folder: %s', (kind) => {
    const installed = join(folder, 'cache', `ministack-${requirementsKey()}`);
    const made = kind === 'link' ? join(folder, 'theirs') : installed;
    mkdirSync(join(folder, 'cache'), { mode: 0o700 });
    mkdirSync(join(made, 'bin'), { recursive: true, mode: 0o700 });
    for (const file of ['installed', 'bin/python']) writeFileSync(join(made, file), '');
    if (kind === 'link') symlinkSync(made, installed);
    else chmodSync(made, 0o770);
    expect(() => installedPython(join(folder, 'cache'))).toThrow(SafetyError);
  });

  test('removes a planted link in its folder of runs without following it', () => {
    mkdirSync(join(folder, 'cache', 'runs'), { recursive: true, mode: 0o700 });
    mkdirSync(join(folder, 'precious'));
    writeFileSync(join(folder, 'precious', 'file'), 'kept');
    symlinkSync(join(folder, 'precious'), join(folder, 'cache', 'runs', '0-gone-abc'));
    openRunFolder(join(folder, 'cache')).remove();
    expect([existsSync(join(folder, 'cache', 'runs', '0-gone-abc')), readFileSync(join(folder, 'precious', 'file'), 'utf8')]).toEqual([false, 'kept']);
  });
});

test('the tasks of this project run tsx without its cache, which is a predictable folder that another user could create', () => {
  const { env } = JSON.parse(readFileSync(join(__dirname, '../../.projen/tasks.json'), 'utf8')) as { env: Record<string, string> };
  expect(env.TSX_DISABLE_CACHE).toBe('1');
});

describe('the credentials', () => {
  test('are random in each run, and the key names the local cloud', () => {
    const [first, second] = [newCredentials(), newCredentials()];
    expect(first.accessKeyId).toMatch(/^LOCAL[A-Z2-7]{15}$/);
    expect(first.secretAccessKey).toMatch(/^[\w-]{40}$/);
    expect([first.accessKeyId === second.accessKeyId, first.secretAccessKey === second.secretAccessKey]).toEqual([false, false]);
  });

  test('of a running emulator come from the prop or from TRINITY_LOCAL_*, never from AWS_ACCESS_KEY_ID', () => {
    const mine = { accessKeyId: 'mine', secretAccessKey: 'known' };
    const named = { TRINITY_LOCAL_ACCESS_KEY_ID: 'named', TRINITY_LOCAL_SECRET_ACCESS_KEY: 'also known' };
    expect(givenCredentials(named, mine)).toBe(mine);
    expect(givenCredentials(named)).toEqual({ accessKeyId: 'named', secretAccessKey: 'also known' });
    expect(givenCredentials({ AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'real' })).toEqual({ accessKeyId: 'test', secretAccessKey: 'test' });
    expect(() => givenCredentials({ TRINITY_LOCAL_ACCESS_KEY_ID: 'half' })).toThrow(/Set both/);
  });
});

function files(path: string): string[] {
  return readdirSync(path).map((name) => join(path, name));
}
