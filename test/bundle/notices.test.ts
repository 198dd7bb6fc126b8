import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { noticesOf, packageFolders, readBundledPackage } from '../../projenrc/bundle/notices';

const root = mkdtempSync(join(tmpdir(), 'trinity-notices-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Installs a package: `files` beside its package.json. */
function install(name: string, license: unknown, files: Record<string, string> = { LICENSE: 'You may.\n' }): string {
  const folder = join('node_modules', name);
  mkdirSync(join(root, folder), { recursive: true });
  for (const [file, text] of Object.entries({ ...files, 'package.json': JSON.stringify({ name, version: '1.2.3', license }) })) writeFileSync(join(root, folder, file), text);
  return folder;
}

test('finds each package of which a file is in a bundle, nested ones and scoped ones too', () => {
  const inputs = Object.fromEntries([
    'lambda/rooms/create.ts', 'node_modules/uuid/dist/v7.js', 'node_modules/uuid/dist/rng.js', 'node_modules/@smithy/core/dist/index.js',
    'node_modules/@aws-sdk/core/node_modules/bowser/es5.js',
  ].map((file) => [file, {}])) as unknown as Metafile['inputs'];
  expect(packageFolders([{ inputs, outputs: {} }])).toEqual(['node_modules/@aws-sdk/core/node_modules/bowser', 'node_modules/@smithy/core', 'node_modules/uuid']);
});

test.each(['GPL-3.0', 'SEE LICENSE IN terms.txt', undefined, '(MIT OR GPL-2.0)'])('fails the build on the licence %s', (license) => {
  const folder = install('theirs', license);
  expect(() => readBundledPackage(root, folder)).toThrow(/^theirs@1\.2\.3 is bundled under the licence .*\n {2}fix: use another package, or accept/);
});

test('fails the build if the text that the licence asks for is not there', () => {
  expect(() => readBundledPackage(root, install('mute', 'MIT', {}))).toThrow(/^mute@1\.2\.3 is bundled and has no licence text/);
});

test('takes licences that ask for no text, and the licence of this package, without one', () => {
  expect(readBundledPackage(root, install('free', 'MIT-0', {})).text).toContain('asks for no notice');
  expect(readBundledPackage(root, install('like-ours', 'Apache-2.0', {})).text).toContain('in the file LICENSE');
});

test('names each package once, each text once, and what a NOTICE file says', () => {
  const packages = [
    install('one', 'MIT', { LICENSE: 'Copyright A\r\nYou may.\r\n', NOTICE: 'Made by A.\n' }), install('two', 'MIT', { 'license.md': 'Copyright A\nYou may.\n' }), install('three', 'ISC', { 'LICENCE.txt': 'Copyright C' }),
  ].map((folder) => readBundledPackage(root, folder));
  const notices = noticesOf([...packages, packages[0]]);
  for (const once of ['one@1.2.3 (MIT)', 'two@1.2.3 (MIT)', 'three@1.2.3 (ISC)', 'Copyright A\nYou may.', 'Copyright C']) expect(notices.split(once)).toHaveLength(2);
  expect(notices).toContain('NOTICE of one:\n\nMade by A.');
  expect(noticesOf([...packages].reverse().concat(packages[0])).length).toBe(notices.length);
});
