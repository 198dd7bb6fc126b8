import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InstallError } from '../../local/errors';
import { explainPip, install, installedPython, uninstall } from '../../local/ministack/install';
import { findPython } from '../../local/ministack/python';
import { pinnedVersion, REQUIREMENTS_FILE, requirementsKey } from '../../local/ministack/requirements';

let cache: string;
beforeEach(() => { cache = mkdtempSync(join(tmpdir(), 'install-')); });
afterEach(() => rmSync(cache, { recursive: true, force: true }));

function pretendInstalled(marker = true): string {
  const folder = join(cache, `ministack-${requirementsKey()}`);
  mkdirSync(join(folder, 'bin'), { recursive: true });
  writeFileSync(join(folder, 'bin', 'python'), '');
  if (marker) writeFileSync(join(folder, 'installed'), '');
  return join(folder, 'bin', 'python');
}

test('every package is pinned to one version with its hashes', () => {
  const requirements = readFileSync(REQUIREMENTS_FILE, 'utf8').replace(/\\\n/g, ' ').split('\n').filter((line) => /^[a-z]/i.test(line));
  expect(requirements.length).toBeGreaterThan(15);
  for (const requirement of requirements) expect(requirement).toMatch(/^[\w.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}/);
  expect(pinnedVersion()).toMatch(/^\d+\.\d+\.\d+$/);
});

test('the environment is named by the pins', () => {
  expect(requirementsKey()).toBe(createHash('sha256').update(readFileSync(REQUIREMENTS_FILE)).digest('hex').slice(0, 12));
});

test('what is installed is not installed again', async () => {
  const python = pretendInstalled();
  expect(await install({ cache, env: { PATH: '' }, onNote: () => { throw new Error('Nothing to say'); } })).toBe(python);
});

test('an environment without the mark of its end is not taken for whole', () => {
  pretendInstalled(false);
  expect(installedPython(cache)).toBeUndefined();
});

test('an environment that does not work can be removed', () => {
  pretendInstalled();
  uninstall(cache);
  expect(installedPython(cache)).toBeUndefined();
});

test('without Python it says which one is needed and how to get it', async () => {
  await expect(install({ cache, env: { PATH: cache }, onNote: () => undefined })).rejects.toThrow(/needs Python 3\.10 or later.*Install one/);
});

test.each(['the current folder', 'PYTHONPATH'])('Python runs no module of %s while it is looked for and while its environment is created', async (place) => {
  const planted = join(cache, 'planted');
  mkdirSync(planted);
  for (const module of ['json', 'pip', 'venv', 'shutil']) writeFileSync(join(planted, `${module}.py`), `open(${JSON.stringify(join(cache, 'ran'))}, 'w')\n`);
  const before = process.cwd();
  const env = { PATH: process.env.PATH ?? '', PIP_INDEX_URL: 'http://127.0.0.1:9', ...(place === 'PYTHONPATH' ? { PYTHONPATH: planted } : {}) };
  if (place !== 'PYTHONPATH') process.chdir(planted);
  try {
    expect(findPython(env).version).toMatch(/^3\./);
    await expect(install({ cache: join(cache, 'own'), env, onNote: () => undefined })).rejects.toThrow(/index was not reached/);
  } finally {
    process.chdir(before);
  }
  expect(existsSync(join(cache, 'ran'))).toBe(false);
});

test.each([
  ['WARNING: Retrying after connection broken by NewConnectionError', /index was not reached/],
  ['Could not connect: Temporary failure in name resolution', /index was not reached/],
  ['ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE', /hash is different/],
  ['ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device', /disk of .* is full/],
  ['ERROR: something else', /something else/],
])('pip\'s "%s" is told so that somebody can act', (line, expected) => {
  const error = explainPip({ code: 1, lines: [line] }, cache);
  expect(error).toBeInstanceOf(InstallError);
  expect(error.what).toMatch(expected);
  expect(error.mend).toMatch(/^[A-Z].*\.$/);
});
