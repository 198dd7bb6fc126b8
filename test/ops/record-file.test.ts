import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, lstatSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordFile } from '../../ops/adapters/record-file';
import { OpsError } from '../../ops/errors';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'record-'));
  path = join(folder, 'record.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function expectRefused(why: RegExp): Promise<void> {
  const before = lstatSync(path).isFile() ? readFileSync(path, 'utf8') : '';
  for (const use of [() => recordFile(path).append([{ voter: 'ann' }]), () => recordFile(path).read()]) {
    await expect(use()).rejects.toThrow(OpsError);
    await expect(use()).rejects.toThrow(why);
  }
  expect(lstatSync(path).isFile() ? readFileSync(path, 'utf8') : '').toBe(before);
}

test('is created for its owner only, and is appended to', async () => {
  expect(await recordFile(path).read()).toEqual([]);
  await recordFile(path).append([{ a: 1 }]);
  await recordFile(path).append([{ b: 2 }]);
  expect(await recordFile(path).read()).toEqual([{ a: 1 }, { b: 2 }]);
  expect(lstatSync(path).mode.toString(8).slice(-3)).toBe('600');
});

test.each(['644', '660', '602'])('is not used if its mode is %s: other users could read or change it', async (mode) => {
  writeFileSync(path, '{"planted":true}\n');
  chmodSync(path, parseInt(mode, 8));
  await expectRefused(/can be read or written by other users/);
});

(isRoot ? test : test.skip)('is not used if it belongs to another user', async () => {
  writeFileSync(path, '{"planted":true}\n', { mode: 0o600 });
  chownSync(path, NOBODY, NOBODY);
  await expectRefused(/belongs to another user \(65534\)/);
});

test('is not used if it is a link', async () => {
  writeFileSync(join(folder, 'theirs'), '', { mode: 0o600 });
  symlinkSync(join(folder, 'theirs'), path);
  await expectRefused(/cannot be (written|read): ELOOP/);
  expect(readFileSync(join(folder, 'theirs'), 'utf8')).toBe('');
});

test('is not used, and not waited for, if it is a named pipe', async () => {
  execFileSync('mkfifo', ['-m', '600', path]);
  await expect(recordFile(path).append([{ voter: 'ann' }])).rejects.toThrow(/cannot be written: ENXIO/);
  await expect(recordFile(path).read()).rejects.toThrow(/is no regular file/);
});
