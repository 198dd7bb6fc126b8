import { createRequire } from 'node:module';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020';
import standaloneCode from 'ajv/dist/standalone';
import type { Plugin } from 'esbuild';

const NAMESPACE = 'validator';

/**
 * Makes `import validate from 'validator:<area>/<schema>'` the compiled validator of that JSON Schema of
 * `src/<area>/schemas.ts`: no schema compiler and no interpretation at run time.
 */
export function validators(root: string): Plugin {
  const load = createRequire(join(root, 'package.json'));
  return {
    name: 'validators',
    setup(build) {
      build.onResolve({ filter: /^validator:/ }, ({ path }) => ({ path: path.slice('validator:'.length), namespace: NAMESPACE }));
      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => {
        const [area, name] = path.split('/');
        const file = join(root, 'src', area, 'schemas.ts');
        const schema = load(file)[name];
        if (schema === undefined) throw new Error(`validator:${path}: ${file} exports no '${name}'`);
        return { contents: compileValidator(schema), loader: 'js', resolveDir: root, watchFiles: [file] };
      });
    },
  };
}

/** The source of a module that exports the validator of one schema. */
export function compileValidator(schema: object): string {
  const ajv = new Ajv({ allErrors: true, strict: true, code: { source: true, esm: false, optimize: true } });
  return standaloneCode(ajv, ajv.compile(schema));
}
