import { createRequire } from 'node:module';
import { join } from 'node:path';
import Ajv, { _, type Code, type CodeKeywordDefinition, type KeywordCxt, Name } from 'ajv/dist/2020';
import standaloneCode from 'ajv/dist/standalone';
import type { Plugin } from 'esbuild';
import * as text from '../../lambda/shared/text';
import { TextKeyword } from '../../src/api/schemas';

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

/** A function of lambda/shared/text.ts, called by the compiled validator. */
function textFunction({ gen }: KeywordCxt, name: 'normalizeText' | 'textViolation' | 'lookalike'): Code {
  return gen.scopeValue('func', { ref: text[name], code: _`require("./lambda/shared/text").${new Name(name)}` });
}

/** Replaces the text by its normalized form, after its length was checked, and refuses what does not look like a text. */
const TEXT: CodeKeywordDefinition = {
  keyword: TextKeyword.TEXT,
  type: 'string',
  schemaType: 'boolean',
  error: { message: ({ params }) => _`${params.violation}` },
  code(cxt) {
    const { gen, data, it: { parentData, parentDataProperty } } = cxt;
    gen.assign(data, _`${textFunction(cxt, 'normalizeText')}(${data})`);
    gen.if(_`${parentData} !== undefined`, () => gen.assign(_`${parentData}[${parentDataProperty}]`, data));
    const violation = gen.const('violation', _`${textFunction(cxt, 'textViolation')}(${data})`);
    cxt.setParams({ violation });
    cxt.fail(_`${violation} !== undefined`);
  },
};

const DISTINCT: CodeKeywordDefinition = {
  keyword: TextKeyword.DISTINCT,
  type: 'array',
  schemaType: 'boolean',
  error: { message: ({ params }) => _`${params.found}.message`, params: ({ params }) => _`{index: ${params.found}.index}` },
  code(cxt) {
    const found = cxt.gen.const('found', _`${textFunction(cxt, 'lookalike')}(${cxt.data})`);
    cxt.setParams({ found });
    cxt.fail(_`${found} !== undefined`);
  },
};

/** The source of a module that exports the validator of one schema. */
export function compileValidator(schema: object): string {
  const ajv = new Ajv({ allErrors: true, strict: true, code: { source: true, esm: false, optimize: true }, keywords: [TEXT, DISTINCT], formats: { 'date-time': true } });
  return standaloneCode(ajv, ajv.compile(schema));
}
