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

/** A text of more UTF-16 units than this has more characters than `maxLength`, and was refused for it. */
function maxUnits(schema: Record<string, unknown> | undefined, keyword: string): number {
  const maxLength = schema?.maxLength;
  if (typeof maxLength !== 'number') throw new Error(`A schema has '${keyword}' without 'maxLength': normalizing a text takes time that grows with the square of its length`);
  return 2 * maxLength;
}

/**
 * Replaces the text by its normalized form and refuses what does not look like a text. A text that is too long was refused by
 * `maxLength` before, and is skipped here: to normalize a body of combining marks would take seconds.
 */
const TEXT: CodeKeywordDefinition = {
  keyword: TextKeyword.TEXT,
  type: 'string',
  schemaType: 'boolean',
  error: { message: ({ params }) => _`${params.violation}` },
  code(cxt) {
    const { gen, data, parentSchema, it: { parentData, parentDataProperty } } = cxt;
    gen.if(_`${data}.length <= ${maxUnits(parentSchema, TextKeyword.TEXT)}`, () => {
      gen.assign(data, _`${textFunction(cxt, 'normalizeText')}(${data})`);
      gen.if(_`${parentData} !== undefined`, () => gen.assign(_`${parentData}[${parentDataProperty}]`, data));
      const violation = gen.const('violation', _`${textFunction(cxt, 'textViolation')}(${data})`);
      cxt.setParams({ violation });
      cxt.fail(_`${violation} !== undefined`);
    });
  },
};

/** Compares the texts of a list with each other. Skips lists that `maxItems` has refused, for the same reason. */
const DISTINCT: CodeKeywordDefinition = {
  keyword: TextKeyword.DISTINCT,
  type: 'array',
  schemaType: 'boolean',
  error: { message: ({ params }) => _`${params.found}.message`, params: ({ params }) => _`{index: ${params.found}.index}` },
  code(cxt) {
    const { gen, data, parentSchema } = cxt;
    if (typeof parentSchema.maxItems !== 'number') throw new Error(`A schema has '${TextKeyword.DISTINCT}' without 'maxItems'`);
    gen.if(_`${data}.length <= ${parentSchema.maxItems}`, () => {
      const found = gen.const('found', _`${textFunction(cxt, 'lookalike')}(${data}, ${maxUnits(parentSchema.items, TextKeyword.DISTINCT)})`);
      cxt.setParams({ found });
      cxt.fail(_`${found} !== undefined`);
    });
  },
};

/** The source of a module that exports the validator of one schema. */
export function compileValidator(schema: object): string {
  const ajv = new Ajv({ allErrors: true, strict: true, code: { source: true, esm: false, optimize: true }, keywords: [TEXT, DISTINCT], formats: { 'date-time': true } });
  return standaloneCode(ajv, ajv.compile(schema));
}
