import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ModuleKind, ModuleResolutionKind, resolveModuleName, sys } from 'typescript';

const ROOT = resolve(__dirname, '..', '..');
const manifest = jest.requireActual<Record<string, any>>('../../package.json');

const consumer = realpathSync(mkdtempSync(join(tmpdir(), 'trinity-consumer-')));
beforeAll(() => {
  mkdirSync(join(consumer, 'node_modules'));
  symlinkSync(ROOT, join(consumer, 'node_modules', 'trinity-constructs'));
});
afterAll(() => rmSync(consumer, { recursive: true, force: true }));

/** What jsii makes: it is not there before the first compile. */
const COMPILED = /^\.\/(lib\/|\.jsii$)/;

test('every file that package.json names is there', () => {
  const { exports: published, bin, typesVersions } = manifest;
  const targets = [...Object.values(published), ...Object.values(bin), ...Object.values(typesVersions['*']).flat()]
    .flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target as object))) as string[];
  expect(targets.length).toBeGreaterThan(6);
  expect(targets.filter((target) => !COMPILED.test(target) && !existsSync(join(ROOT, target)))).toEqual([]);
});

test.each([
  ['node10, which knows no exports', { moduleResolution: ModuleResolutionKind.Node10 }],
  ['node16', { moduleResolution: ModuleResolutionKind.Node16, module: ModuleKind.Node16 }],
  ['nodenext', { moduleResolution: ModuleResolutionKind.NodeNext, module: ModuleKind.NodeNext }],
  ['bundler', { moduleResolution: ModuleResolutionKind.Bundler, module: ModuleKind.ESNext }],
])('trinity-constructs/local has its types under moduleResolution %s', (_, options) => {
  const { resolvedModule } = resolveModuleName('trinity-constructs/local', join(consumer, 'app.ts'), options, sys);
  expect(resolvedModule?.resolvedFileName).toBe(join(ROOT, 'lib-local', 'local', 'index.d.ts'));
});
