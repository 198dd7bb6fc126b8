import { statSync } from 'node:fs';
import { bundleHandlers } from './handlers';
import { bundleLocal } from './local';
import { writeNotices } from './notices';
import { bundleOps } from './ops';

/** `npm run bundle [-- --quiet]`: every handler into assets/<area>/<handler>.zip, the notices of what is in the bundles into THIRD_PARTY_NOTICES, the local cloud into lib-local/, operations into lib-ops/. */
async function main(): Promise<void> {
  const started = performance.now();
  const [{ handlers, metafile }, ...tools] = await Promise.all([bundleHandlers(), bundleLocal(), bundleOps()]);
  const packages = writeNotices([metafile, ...tools]);
  if (process.argv.includes('--quiet')) return;
  for (const { name, file } of handlers) console.log(`${name.padEnd(24)} ${(statSync(file).size / 1024).toFixed(0).padStart(5)} KiB`);
  console.log(`Bundled ${handlers.length} handlers, with code of ${packages} packages, in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
