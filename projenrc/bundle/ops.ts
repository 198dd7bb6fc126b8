import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { ROOT, TOOL } from './options';

/** Bundles `ops/` into lib-ops/: the `trinity-ops` command with its AWS clients, each of which is run only when a command needs it. */
export async function bundleOps(out: string = join(ROOT, 'lib-ops')): Promise<Metafile> {
  const { metafile } = await build({
    ...TOOL,
    entryPoints: ['ops/cli.ts'],
    outdir: out,
    // The clients are 90 % of it: every consumer's node_modules carries this file.
    minify: true,
    // Errors are told apart, and shown, by their names.
    keepNames: true,
  });
  return metafile;
}
