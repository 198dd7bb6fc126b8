import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { compileValidator } from '../../projenrc/bundle/validators';

/**
 * Writes the validators that handlers import (`validator:<area>/<schema>`) as files, and gives esbuild's arguments that lead there:
 * the library's bundler compiles them by a plugin, which `NodejsFunction` cannot load. Done before the clock starts, in the peer's favour.
 */
export function precompileValidators(root: string, folder: string): Record<string, string> {
  const load = createRequire(join(root, 'package.json'));
  const aliases: Record<string, string> = {};
  for (const name of importedValidators(join(root, 'lambda'))) {
    const [area, schema] = name.split('/');
    const file = join(folder, `${area}-${schema}.js`);
    mkdirSync(dirname(file), { recursive: true });
    // What a validator requires is written from the root of the project; the file lies elsewhere.
    writeFileSync(file, compileValidator(load(join(root, 'src', area, 'schemas.ts'))[schema]).replaceAll('require("./', `require("${root}/`));
    aliases[`--alias:validator:${name}`] = file;
  }
  return aliases;
}

function importedValidators(folder: string): Set<string> {
  const found = new Set<string>();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.lambda.ts')) continue;
    for (const [, name] of readFileSync(join(folder, file), 'utf8').matchAll(/from 'validator:([^']+)'/g)) found.add(name);
  }
  return found;
}
