import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';
import type { Validate } from '../../../lambda/shared/validate';
import { compileValidator } from '../../../projenrc/bundle/validators';

/** The validator of a schema, compiled by the very code that the bundles get. */
export function compiled(schema: object): Validate {
  const module: { exports: unknown } = { exports: {} };
  compileFunction(compileValidator(schema), ['module', 'exports', 'require'])(module, module.exports, createRequire(__filename));
  return module.exports as Validate;
}
