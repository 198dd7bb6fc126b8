import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';

export const ROOT = join(__dirname, '..', '..');

const BUNDLED = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  // Not from tsconfig.json, which jsii writes: the same commit must make the same bundles before and after a compile.
  tsconfigRaw: { compilerOptions: { alwaysStrict: true, useDefineForClassFields: true } },
  logLevel: 'warning',
  // Says what came into a bundle, for the notices.
  metafile: true,
} satisfies BuildOptions;

/** How a Lambda handler is bundled. Why so: docs/adr/0001-bundling.md. */
export const HANDLER = {
  ...BUNDLED,
  target: 'node22',
  minify: true,
  keepNames: false,
  define: { 'process.env.NODE_ENV': '"production"' },
} satisfies BuildOptions;

/** How a command or an API is bundled that runs on the Node of whoever installs the package. */
export const TOOL = { ...BUNDLED, target: 'node20' } satisfies BuildOptions;
