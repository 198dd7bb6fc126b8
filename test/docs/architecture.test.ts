import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** One file for each rule, which breaks it. */
const BREAKS: Record<string, { file: string; code: string }> = {
  'logic-knows-no-sdk': { file: 'lambda/rooms/create.ts', code: 'import { DynamoDBClient } from \'@aws-sdk/client-dynamodb\'; export const client = new DynamoDBClient({});' },
  'logic-is-given-its-world': { file: 'lambda/rooms/list.ts', code: 'import { clock } from \'../shared/runtime\'; export const now = clock();' },
  'a-contract-imports-nothing': { file: 'src/rooms/contract.ts', code: 'import { LIMIT } from \'./limits\'; export const TWICE = 2 * LIMIT;' },
  'handlers-read-contracts-only': { file: 'lambda/rooms/get.ts', code: 'import { LIMIT } from \'../../src/rooms/limits\'; export const most = LIMIT;' },
  'handlers-bundle-what-they-need': { file: 'lambda/rooms/get.lambda.ts', code: 'import { Stack } from \'aws-cdk-lib\'; export const name = Stack.name;' },
  'handlers-share-ports': { file: 'lambda/voting/results.ts', code: 'import { most } from \'../rooms/get\'; export const limit = most;' },
  'private-is-private': { file: 'src/voting/voting.ts', code: 'import { id } from \'../rooms/private/ids\'; export const same = id;' },
  'constructs-stand-alone': { file: 'src/rooms/rooms.ts', code: 'import { v7 } from \'uuid\'; export const made = v7();' },
  'constructs-know-nothing-around-them': { file: 'src/rooms/service.ts', code: 'import { most } from \'../../lambda/rooms/get\'; export const limit = most;' },
  'one-way': { file: 'src/stage/stage.ts', code: 'import { made } from \'../rooms/rooms\'; export const same = made;' },
  'one-way-api': { file: 'src/api/api.ts', code: 'import { made } from \'../rooms/rooms\'; export const same = made;' },
  'one-way-auth': { file: 'src/auth/auth.ts', code: 'import { made } from \'../rooms/rooms\'; export const same = made;' },
  'one-way-rooms': { file: 'src/rooms/later.ts', code: 'import { same } from \'../voting/voting\'; export const later = same;' },
  'one-way-voting': { file: 'src/voting/later.ts', code: 'import { all } from \'../trinity/trinity\'; export const later = all;' },
  'the-local-cloud-is-a-tool-of-its-own': { file: 'local/start.ts', code: 'import { LIMIT } from \'../src/rooms/limits\'; export const most = LIMIT;' },
  'the-local-cloud-needs-node-alone': { file: 'local/ids.ts', code: 'import { v7 } from \'uuid\'; export const made = v7();' },
  'examples-are-consumers': { file: 'examples/app.ts', code: 'import { LIMIT } from \'../src/rooms/limits\'; export const most = LIMIT;' },
  'code-needs-no-tests': { file: 'src/rooms/tested.ts', code: 'import { fake } from \'../../test/fake\'; export const real = fake;' },
  'no-cycles': { file: 'src/rooms/back.ts', code: 'import { there } from \'./cycle\'; export const back = () => there;' },
  'everything-resolves': { file: 'src/rooms/lost.ts', code: 'import { nothing } from \'./nowhere\'; export const lost = nothing;' },
};

/** What they break it with. */
const OTHERS: Record<string, string> = {
  'lambda/shared/runtime.ts': 'export const clock = () => 0;',
  'src/rooms/limits.ts': 'export const LIMIT = 1;',
  'src/rooms/private/ids.ts': 'export const id = 1;',
  'src/rooms/cycle.ts': 'import { back } from \'./back\'; export const there = () => back;',
  'src/trinity/trinity.ts': 'export const all = 1;',
  'test/fake.ts': 'export const fake = 1;',
  'tsconfig.dev.json': '{}',
};

/** The rules that a tree of files breaks, each with the files that break it. */
function broken(files: Record<string, string>): Record<string, string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'architecture-'));
  try {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const tops = [...new Set(Object.keys(files).map((file) => file.split('/')[0]))].filter((top) => !top.includes('.'));
    const bin = join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
    // The json reporter ends with 0 whatever it finds.
    const output = execFileSync(process.execPath, [bin, '--config', join(ROOT, '.dependency-cruiser.cjs'), '--output-type', 'json', ...tops], { cwd: folder, encoding: 'utf8' });
    const { summary } = JSON.parse(output) as { summary: { violations: Array<{ from: string; rule: { name: string } }> } };
    const result: Record<string, string[]> = {};
    for (const { from, rule } of summary.violations) result[rule.name] = [...(result[rule.name] ?? []), from];
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('every rule of the architecture is there, and finds what breaks it', () => {
  // eslint-plugin-import wants no require: the rules are a CommonJS file because the tool reads one.
  const { forbidden } = jest.requireActual<{ forbidden: Array<{ name: string }> }>('../../.dependency-cruiser.cjs');
  expect(Object.keys(BREAKS).sort()).toEqual(forbidden.map(({ name }) => name).sort());

  const found = broken({ ...OTHERS, ...Object.fromEntries(Object.values(BREAKS).map(({ file, code }) => [file, code])) });

  const missed = Object.entries(BREAKS).filter(([rule, { file }]) => !(found[rule] ?? []).includes(file)).map(([rule]) => rule);
  expect(missed).toEqual([]);
});

test('what the rules ask for is let through', () => {
  expect(broken({
    'src/rooms/contract.ts': 'export const TABLE = \'table\';',
    'src/rooms/rooms.ts': 'import { Stack } from \'aws-cdk-lib\'; import { TABLE } from \'./contract\'; export const made = [Stack, TABLE];',
    'lambda/shared/runtime.ts': 'export const clock = () => 0;',
    'lambda/rooms/ports.ts': 'export interface Rooms { find(): string }',
    'lambda/rooms/adapters/rooms.ts': 'import { DynamoDBClient } from \'@aws-sdk/client-dynamodb\'; export const rooms = () => new DynamoDBClient({});',
    'lambda/voting/vote.ts': 'import type { Rooms } from \'../rooms/ports\'; export const vote = (rooms: Rooms) => rooms.find();',
    'lambda/voting/vote.lambda.ts': 'import { rooms } from \'../rooms/adapters/rooms\'; import { clock } from \'../shared/runtime\'; export const handler = [rooms, clock];',
    'tsconfig.dev.json': '{}',
  })).toEqual({});
});
