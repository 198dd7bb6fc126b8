import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const COMMENT = /^\s*(\/\/|\/?\*)/;
/** A command line as somebody would copy it, and not the name alone. */
const COMMAND = /(npx )?trinity-(?:local|ops) (?:up|status|logs|env|down|doctor|dlq|recount|warm|restore)\b/g;

test('every command that a program names can be copied: it begins with npx', () => {
  const files = ['local', 'ops'].flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)))
    .filter((file) => file.endsWith('.ts'));
  const found = files.flatMap((file) => readFileSync(join(ROOT, file), 'utf8').split('\n').filter((line) => !COMMENT.test(line))
    .flatMap((line) => [...line.matchAll(COMMAND)].map(([command, npx]) => ({ file, command, npx }))));
  expect(found.length).toBeGreaterThan(20);
  expect(found.filter(({ npx }) => npx === undefined)).toEqual([]);
});
