import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InstallError } from '../../local/errors';
import { explainPip, install, installedPython, uninstall } from '../../local/ministack/install';
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
