import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { HANDLER, ROOT } from './options';
import { validators } from './validators';

const SUFFIX = '.lambda.ts';

/** One bundled handler: `rooms/create` and the file it became. */
export interface BundledHandler {
  readonly name: string;
  readonly file: string;
}

/** Bundles every `lambda/<area>/<handler>.lambda.ts` by one esbuild call. */
export async function bundleHandlers(out: string = join(ROOT, 'assets')): Promise<BundledHandler[]> {
  const entries = findHandlers();
  rmSync(out, { recursive: true, force: true });
  await build({
    ...HANDLER,
    entryPoints: entries.map(({ name, source }) => ({ in: source, out: join(name, 'index') })),
    outdir: out,
    plugins: [validators(ROOT)],
  });
  return entries.map(({ name }) => ({ name, file: join(out, name, 'index.js') }));
}

function findHandlers(): Array<{ name: string; source: string }> {
  const root = join(ROOT, 'lambda');
  return readdirSync(root, { withFileTypes: true })
    .filter((area) => area.isDirectory() && existsSync(join(root, area.name)))
    .flatMap((area) => readdirSync(join(root, area.name))
      .filter((file) => file.endsWith(SUFFIX))
      .map((file) => ({ name: `${area.name}/${basename(file, SUFFIX)}`, source: join(root, area.name, file) })))
    .sort((a, b) => a.name.localeCompare(b.name));
}
