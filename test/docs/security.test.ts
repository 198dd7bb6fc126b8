import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { NOT_DEFENDED, type TestReference, THREATS } from '../../projenrc/docs/threats';

const ROOT = join(__dirname, '..', '..');

/** The titles of the tests of a source text. A skipped test shows nothing, so that its title does not count. */
function titles(text: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isTest(node.expression) && node.arguments.length > 0) {
      const [title] = node.arguments;
      if (ts.isStringLiteralLike(title)) found.push(...(title.text === '%s' ? rowTitles(node.expression) : [title.text]));
      if (ts.isTemplateExpression(title)) found.push(title.getText().slice(1, -1));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('some.test.ts', text, ts.ScriptTarget.Latest, true));
  return found;
}

/** `test(…)`, `it(…)`, and the call that `test.each(…)` returns. */
function isTest(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return callee.text === 'test' || callee.text === 'it';
  const each = ts.isCallExpression(callee) ? callee.expression : ts.isTaggedTemplateExpression(callee) ? callee.tag : undefined;
  return each !== undefined && ts.isPropertyAccessExpression(each) && each.name.text === 'each' && isTest(each.expression);
}

/** The rows of a table of tests whose title is the first cell. */
function rowTitles(callee: ts.Expression): string[] {
  if (!ts.isCallExpression(callee) || callee.arguments.length === 0 || !ts.isArrayLiteralExpression(callee.arguments[0])) return [];
  return callee.arguments[0].elements.flatMap((row) => {
    const first = ts.isArrayLiteralExpression(row) ? row.elements.at(0) : undefined;
    return first !== undefined && ts.isStringLiteralLike(first) ? [first.text] : [];
  });
}

const exists = ({ file, title }: TestReference) => {
  const path = join(ROOT, file);
  return file.endsWith('.test.ts') && existsSync(path) && titles(readFileSync(path, 'utf8')).includes(title);
};

test('every test that the threat table names exists and is not skipped', () => {
  const missing = THREATS.flatMap(({ tests }) => tests).filter((reference) => !exists(reference)).map(({ file, title }) => `${file}: ${title}`);
  expect(missing).toEqual([]);
});

test('every threat names a test, and is listed once', () => {
  expect(THREATS.filter(({ tests }) => tests.length === 0).map(({ threat }) => threat)).toEqual([]);
  const threats = [...THREATS, ...NOT_DEFENDED].map(({ threat }) => threat);
  expect(threats.filter((threat, index) => threats.indexOf(threat) !== index)).toEqual([]);
});

test('the check finds plain tests and tables of tests, and passes over skipped ones', () => {
  const source = [
    'test(\'plain\', () => undefined);',
    'it.each([1])(\'of a table %d\', () => undefined);',
    'test.each([[\'of a row\', 1]])(\'%s\', () => undefined);',
    'test.each`a`("tagged", () => undefined);',
    'test.skip(\'skipped\', () => undefined);',
    'describe(\'not a test\', () => undefined);',
  ].join('\n');
  expect(titles(source)).toEqual(['plain', 'of a table %d', 'of a row', 'tagged']);
});
