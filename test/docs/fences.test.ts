import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** An app's entry file can await at its top level (the project's files, CommonJS, cannot), and a fence may declare what the reader goes on with. */
const ALLOWED = new Set(['TS1309', 'TS1378', 'TS6133', 'TS6192', 'TS6196']);

interface Complaint {
  /** Of the text, from 1. */
  readonly line: number;
  readonly message: string;
}

/** Type-checks texts as modules of the project; gives what is wrong with each. */
function check(texts: readonly string[]): Complaint[][] {
  const folder = join(ROOT, 'node_modules', '.cache', `fences-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../../../tsconfig.dev.json', compilerOptions: { rootDir: ROOT }, include: ['*.ts'], exclude: [] }));
    for (const [index, text] of texts.entries()) writeFileSync(join(folder, `fence-${index}.ts`), text);
    const compiler = join(ROOT, 'node_modules', 'typescript7', 'bin', 'tsc');
    const { stdout } = spawnSync(process.execPath, [compiler, '--noEmit', '--pretty', 'false', '-p', folder], { cwd: folder, encoding: 'utf8' });
    const complaints = texts.map(() => [] as Complaint[]);
    for (const found of stdout.split('\n').filter((line) => line.includes(': error TS'))) {
      const [, index, line, code, message] = /fence-(\d+)\.ts\((\d+),\d+\): error (TS\d+): (.*)$/.exec(found) ?? [];
      // What is no fence's is a mistake of the check itself.
      if (code === undefined) throw new Error(found);
      if (!ALLOWED.has(code)) complaints[Number(index)].push({ line: Number(line), message });
    }
    return complaints;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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

test('every ts fence of the docs compiles', () => {
  const documentedFences = documented().flatMap(fencesOf);
  expect(documentedFences.length).toBeGreaterThan(15);
  const fences = [
    ...documentedFences,
    // The check itself bites: an unknown prop, and a name that nothing declares.
    { file: 'wrong', line: 1, code: 'new RoomService(stack, \'Rooms\', { api, auth, colour: 1 });\nnowhere();' },
  ];
  const exported = exportedNames();
  const found = check(fences.map(({ code }) => `${preamble(code, exported)}\n${code}`));
  // The preamble is one line.
  expect(fences.flatMap(({ file, line }, index) => found[index].map((each) => `${file}:${line + each.line - 2}: ${each.message}`))).toEqual([
    expect.stringMatching(/^wrong:1: .*colour/),
    expect.stringMatching(/^wrong:2: .*nowhere/),
  ]);
}, 60_000);
