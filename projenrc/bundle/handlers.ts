import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { HANDLER, ROOT } from './options';
import { validators } from './validators';
import { zipOf } from './zip';

const SUFFIX = '.lambda.ts';

/** One bundled handler: `rooms/create` and the file it became. */
export interface BundledHandler {
  readonly name: string;
  readonly file: string;
}

/** The handlers, and what came into their bundles. */
export interface BundledHandlers {
  readonly handlers: BundledHandler[];
  readonly metafile: Metafile;
}

/**
 * Bundles every `lambda/<area>/<handler>.lambda.ts` by one esbuild call: `<handler>/index.js` to read and to debug, and
 * `<handler>.zip`, which is what the package ships and Lambda gets.
 */
export async function bundleHandlers(out: string = join(ROOT, 'assets')): Promise<BundledHandlers> {
  const entries = findHandlers();
  rmSync(out, { recursive: true, force: true });
  const { metafile } = await build({
    ...HANDLER,
    entryPoints: entries.map(({ name, source }) => ({ in: source, out: join(name, 'index') })),
    outdir: out,
    plugins: [validators(ROOT)],
  });
  const handlers = entries.map(({ name }) => ({ name, file: join(out, name, 'index.js') }));
  for (const { name, file } of handlers) writeFileSync(join(out, `${name}.zip`), zipOf('index.js', readFileSync(file)));
  return { handlers, metafile };
}

function findHandlers(): Array<{ name: string; source: string }> {
  const root = join(ROOT, 'lambda');
  return readdirSync(root, { withFileTypes: true })
    .filter((area) => area.isDirectory() && existsSync(join(root, area.name)))
    .flatMap((area) => readdirSync(join(root, area.name))
      .filter((file) => file.endsWith(SUFFIX))
      .map((file) => ({ name: `${area.name}/${basename(file, SUFFIX)}`, source: join(root, area.name, file) })))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
