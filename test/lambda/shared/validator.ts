import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import type { Validate } from '../../../lambda/shared/validate';
import { compileValidator } from '../../../projenrc/bundle/validators';

const ROOT = join(__dirname, '..', '..', '..');
const load = createRequire(__filename);

/** The validator of a schema, compiled by the very code that the bundles get. */
export function compiled(schema: object): Validate {
  const module: { exports: unknown } = { exports: {} };
  // The bundler resolves from the root of the project.
  const fromRoot = (id: string): unknown => load(id.startsWith('.') ? join(ROOT, id) : id);
  compileFunction(compileValidator(schema), ['module', 'exports', 'require'])(module, module.exports, fromRoot);
  return module.exports as Validate;
}
