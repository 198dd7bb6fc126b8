import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { watch, type Watcher } from '../../local/watch';

let folder: string;
let watcher: Watcher;
let changes: string[][];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watch-'));
  for (const below of ['src', 'node_modules', 'cdk.out', '.git', 'dist']) mkdirSync(join(folder, below));
  writeFileSync(join(folder, 'src', 'app.ts'), 'one');
  changes = [];
  watcher = watch(folder, (files) => changes.push(files), ['dist/**', '**/*.gen.ts']);
});
afterEach(() => {
  watcher.close();
  rmSync(folder, { recursive: true, force: true });
});

async function settled(): Promise<string[][]> {
  await wait(400);
  return changes;
}

test('a burst of changes is told once, by the names of the files', async () => {
  writeFileSync(join(folder, 'src', 'app.ts'), 'two');
  writeFileSync(join(folder, 'src', 'other.ts'), 'new');
  writeFileSync(join(folder, 'src', 'app.ts'), 'three');
  expect(await settled()).toEqual([['src/app.ts', 'src/other.ts']]);
});

test('a file that is written as it was is no change', async () => {
  writeFileSync(join(folder, 'src', 'app.ts'), 'one');
  expect(await settled()).toEqual([]);
});

test('what tools write is no change, and neither is what cdk.json excludes', async () => {
  for (const path of ['node_modules/a.js', 'cdk.out/manifest.json', '.git/index', 'cdk.context.json', 'debug.log', 'dist/app.js', 'src/types.gen.ts']) {
    writeFileSync(join(folder, path), 'x');
  }
  expect(await settled()).toEqual([]);
});

test('a file that goes is a change', async () => {
  rmSync(join(folder, 'src', 'app.ts'));
  expect(await settled()).toEqual([['src/app.ts']]);
});

test('folders that come later are watched, too', async () => {
  mkdirSync(join(folder, 'src', 'deep'));
  writeFileSync(join(folder, 'src', 'deep', 'first.ts'), 'x');
  expect(await settled()).toEqual([['src/deep/first.ts']]);
  writeFileSync(join(folder, 'src', 'deep', 'first.ts'), 'y');
  expect(await settled()).toEqual([['src/deep/first.ts'], ['src/deep/first.ts']]);
});
