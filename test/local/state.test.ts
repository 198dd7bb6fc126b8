import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder, openRunFolder } from '../../local/run/folders';
import { identityOf, isAlive } from '../../local/run/processes';
import { type DeployedState, StateFile } from '../../local/run/state';

const DEPLOYED: DeployedState = {
  endpoint: 'http://127.0.0.1:1', credentials: { accessKeyId: 'LOCALKEY', secretAccessKey: 'secret' }, urls: [], outputs: {}, rawOutputs: {}, functions: [], standIns: [], leftOut: [],
};
const NOBODY = 2 ** 22 + 1;

let cache: string;
beforeEach(() => { cache = mkdtempSync(join(tmpdir(), 'state-')); });
afterEach(() => rmSync(cache, { recursive: true, force: true }));

const none = (): never => { throw new Error('Nothing is stale'); };

test('one process runs an app\'s local cloud; a second one is told which', () => {
  new StateFile(cache, cache).claim(new Date(), none);
  expect(() => new StateFile(cache, cache).claim(new Date(), none)).toThrow(new RegExp(`process ${process.pid}, it is still starting.*trinity-local down`));
});

test('other terminals see what was deployed, until it is released', () => {
  const file = new StateFile(cache, cache);
  file.claim(new Date(0), none);
  file.publish(DEPLOYED);
  expect(new StateFile(cache, cache).read()).toMatchObject({ pid: process.pid, cloud: DEPLOYED });
  expect(() => new StateFile(cache, cache).claim(new Date(), none)).toThrow('at http://127.0.0.1:1');
  file.release();
  expect(new StateFile(cache, cache).read()).toBeUndefined();
});

test('apps of different folders do not know of each other', () => {
  mkdirSync(join(cache, 'other'));
  new StateFile(cache, cache).claim(new Date(), none);
  expect(() => new StateFile(join(cache, 'other'), cache).claim(new Date(), none)).not.toThrow();
});

test('what a crash left behind is told, removed and no obstacle', () => {
  new StateFile(cache, cache, NOBODY).claim(new Date(), none);
  mkdirSync(join(cache, 'runs', `${NOBODY}-1-abc`), { recursive: true });
  const stale: number[] = [];
  new StateFile(cache, cache).claim(new Date(), ({ pid }) => stale.push(pid));
  expect(stale).toEqual([NOBODY]);
  expect(readdirSync(join(cache, 'runs'))).toEqual([]);
  expect(new StateFile(cache, cache).read()?.pid).toBe(process.pid);
});

test('half a file is no obstacle', () => {
  const file = new StateFile(cache, cache);
  file.claim(new Date(), none);
  writeFileSync(join(cache, 'apps', readdirSync(join(cache, 'apps'))[0]), '{"pid":');
  expect(file.read()).toBeUndefined();
  expect(() => file.claim(new Date(), none)).not.toThrow();
});

test('nobody releases another process\'s claim', () => {
  new StateFile(cache, cache).claim(new Date(), none);
  new StateFile(cache, cache, NOBODY).release();
  expect(new StateFile(cache, cache).read()?.pid).toBe(process.pid);
});

test('a process is told from a later one of its pid', () => {
  expect(isAlive(process.pid, identityOf(process.pid))).toBe(true);
  expect(isAlive(process.pid, '1')).toBe(false);
  expect(isAlive(NOBODY)).toBe(false);
});

test('the folders of killed runs go with the next run, those of living ones stay', () => {
  const living = openRunFolder(cache);
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  mkdirSync(join(cache, 'runs', `${pid}-123-abc`));
  const next = openRunFolder(cache);
  expect(readdirSync(join(cache, 'runs')).map((name) => join(cache, 'runs', name)).sort()).toEqual([living.path, next.path].sort());
  next.remove();
  expect(existsSync(next.path)).toBe(false);
});

test('the cache is where each system keeps caches', () => {
  expect(cacheFolder({ XDG_CACHE_HOME: '/x' }, 'linux')).toBe('/x/trinity-constructs');
  expect(cacheFolder({}, 'darwin')).toMatch(/Library\/Caches\/trinity-constructs$/);
  expect(cacheFolder({}, 'linux')).toMatch(/\.cache\/trinity-constructs$/);
});

test('a child\'s identity is known while it lives', async () => {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 10000)']);
  const identity = identityOf(child.pid!);
  expect(isAlive(child.pid!, identity)).toBe(true);
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  expect(isAlive(child.pid!, identity)).toBe(false);
});
