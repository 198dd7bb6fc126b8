import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as ts from 'typescript';
import { preamble } from './preamble';

const ROOT = join(__dirname, '..', '..');

interface Fence {
  readonly file: string;
  /** Of the file, where the fence's first line of code stands. */
  readonly line: number;
  readonly code: string;
}

/** Every `ts` fence of a text; in a docstring the stars before its lines are not of it. */
function fencesOf(file: string): Fence[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const plain = file.endsWith('.ts') ? text.replace(/^[ \t]*\*[ ]?/gm, '') : text;
  return [...plain.matchAll(/^```(?:ts|typescript)\n([\s\S]*?)^```/gm)].map((match) => ({
    file,
    line: plain.slice(0, match.index).split('\n').length + 1,
    code: match[1],
  }));
}

function documented(): string[] {
  const below = (folder: string, ends: (name: string) => boolean) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter(ends).map((name) => join(folder, name)).sort();
  return [
    'README.md', 'CONTRIBUTING.md',
    ...below('docs', (name) => name.endsWith('.md')),
    ...below('src', (name) => name.endsWith('README.md') || (name.endsWith('.ts') && !name.endsWith('.d.ts'))),
    ...below('local', (name) => name.endsWith('README.md')),
  ];
}

interface Findings {
  /** What is wrong with each fence, in their order. */
  readonly fences: ReadonlyArray<readonly ts.Diagnostic[]>;
  /** What is wrong with the project's own files. */
  readonly code: readonly ts.Diagnostic[];
}

/** An app's entry file can await at its top level (the project's files, CommonJS, cannot), and a fence may declare what the reader goes on with. */
const ALLOWED_IN_FENCES = [1309, 1378, 6133, 6192, 6196];

/**
 * Type-checks the project with the fences as further modules in its root, by one program: most of the time goes into the
 * declarations of aws-cdk-lib, which both need.
 */
function check(texts: readonly string[]): Findings {
  const { fileNames, options, errors } = ts.getParsedCommandLineOfConfigFile(join(ROOT, 'tsconfig.dev.json'), { noEmit: true }, {
    ...ts.sys, onUnRecoverableConfigFileDiagnostic: ({ messageText }) => { throw new Error(ts.flattenDiagnosticMessageText(messageText, ' ')); },
  })!;
  const sources = new Map(texts.map((text, index) => [join(ROOT, `fence-${index}.ts`), text]));
  const host = ts.createCompilerHost(options, true);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (file) => sources.has(file) || fileExists.call(host, file);
  host.getSourceFile = (file, version, ...rest) => {
    const text = sources.get(file);
    return text === undefined ? getSourceFile.call(host, file, version, ...rest) : ts.createSourceFile(file, text, version, true);
  };
  const program = ts.createProgram([...fileNames, ...sources.keys()], options, host);
  const found = [...errors, ...ts.getPreEmitDiagnostics(program)];
  return {
    fences: [...sources.keys()].map((name) => found.filter(({ file, code }) => file?.fileName === name && !ALLOWED_IN_FENCES.includes(code))),
    code: found.filter(({ file }) => file === undefined || !sources.has(file.fileName)),
  };
}

function exportedNames(): string[] {
  const names = new Set<string>();
  for (const file of readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || /(^|\/)(private|schemas\.ts|contract\.ts)/.test(file)) continue;
    const text = readFileSync(join(ROOT, 'src', file), 'utf8');
    for (const [, name] of text.matchAll(/^export (?:abstract )?(?:class|interface|enum) (\w+)/gm)) names.add(name);
  }
  return [...names];
}

/** What is wrong, with its place as an editor opens it. */
function said({ file, start, messageText }: ts.Diagnostic, shown: (line: number) => string): string {
  const at = file === undefined || start === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line;
  return `${shown(at)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
}

test('the types of the project are sound, and every ts fence of the docs compiles', () => {
  const documentedFences = documented().flatMap(fencesOf);
  expect(documentedFences.length).toBeGreaterThan(15);
  const fences = [
    ...documentedFences,
    // The check itself bites: an unknown prop, and a name that nothing declares.
    { file: 'wrong', line: 1, code: 'new RoomService(stack, \'Rooms\', { api, auth, colour: 1 });\nnowhere();' },
  ];
  const exported = exportedNames();
  const found = check(fences.map(({ code }) => `${preamble(code, exported)}\n${code}`));
  expect(found.code.map((each) => said(each, (line) => `${relative(ROOT, each.file?.fileName ?? 'tsconfig.dev.json')}:${line + 1}`))).toEqual([]);
  expect(fences.flatMap(({ file, line }, index) => found.fences[index].map((each) => said(each, (at) => `${file}:${line + at - 1}`)))).toEqual([
    expect.stringMatching(/^wrong:1: .*colour/),
    expect.stringMatching(/^wrong:2: .*nowhere/),
  ]);
}, 120_000);
