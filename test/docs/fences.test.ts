import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as ts from 'typescript';
import { preamble } from './fixture';

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

/** Type-checks texts as modules in the project's root, by one program; gives what is wrong with each. */
function check(sources: ReadonlyMap<string, string>): Map<string, ts.Diagnostic[]> {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.dev.json'), ts.sys.readFile);
  const { paths } = config.compilerOptions as { paths: ts.MapLike<string[]> };
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    // Fences are modules with top-level await, as an app's entry file can be.
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
    types: ['node'],
    resolveJsonModule: true,
    paths: Object.fromEntries(Object.entries(paths).map(([name, files]) => [name, files.map((file) => join(ROOT, file))])),
  };
  const host = ts.createCompilerHost(options, true);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (file) => sources.has(file) || fileExists.call(host, file);
  host.getSourceFile = (file, version, ...rest) => {
    const text = sources.get(file);
    return text === undefined ? getSourceFile.call(host, file, version, ...rest) : ts.createSourceFile(file, text, version, true);
  };
  const program = ts.createProgram([...sources.keys()], options, host);
  return new Map([...sources.keys()].map((file) => {
    const source = program.getSourceFile(file);
    return [file, [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]];
  }));
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

function complaints(fences: Fence[]): string[] {
  const exported = exportedNames();
  const sources = new Map(fences.map(({ code }, index) => [join(ROOT, `fence-${index}.ts`), `${preamble(code, exported)}\n${code}`]));
  const found = check(sources);
  return fences.flatMap(({ file, line }, index) => found.get([...sources.keys()][index])!.map(({ file: source, start, messageText }) => {
    const at = source === undefined || start === undefined ? 0 : source.getLineAndCharacterOfPosition(start).line;
    return `${relative(ROOT, join(ROOT, file))}:${line + at - 1}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  }));
}

test('every ts fence of the docs compiles', () => {
  const fences = documented().flatMap(fencesOf);
  expect(fences.length).toBeGreaterThan(15);
  expect(complaints([
    ...fences,
    // The check itself bites: an unknown prop, and a name that nothing declares.
    { file: 'wrong', line: 1, code: 'new RoomService(stack, \'Rooms\', { api, auth, colour: 1 });\nnowhere();' },
  ])).toEqual([
    expect.stringMatching(/^wrong:1: .*colour/),
    expect.stringMatching(/^wrong:2: .*nowhere/),
  ]);
}, 60_000);
