import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(__dirname, '..', '..');

/** Bundles `local/` into lib-local/: its API (`trinity-constructs/local`) and the `trinity-local` command. */
export async function bundleLocal(out: string = join(ROOT, 'lib-local')): Promise<void> {
  const entries = ['local/index.ts', 'local/cli.ts'].filter((entry) => existsSync(join(ROOT, entry)));
  if (entries.length === 0) return;
  for (const file of ['index.js', 'cli.js']) rmSync(join(out, file), { force: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: entries,
    outdir: out,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    legalComments: 'none',
    logLevel: 'warning',
  });
}
