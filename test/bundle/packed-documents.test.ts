import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..', '..');

/** What `npm pack` takes, except what jsii and the bundler make. */
const packed = (JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })) as
  [{ files: Array<{ path: string }> }])[0].files.map(({ path }) => path);
const documents = packed.filter((path) => path.endsWith('.md'));

/** The relative links of a document, as paths from the root. */
function linksOf(document: string): string[] {
  return [...readFileSync(join(ROOT, document), 'utf8').matchAll(/\]\(([^)\s#]+)(?:#[^)\s]*)?\)/g)]
    .map(([, target]) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => normalize(join(dirname(document), target)));
}

test('every relative link of a packed document leads to a file that exists', () => {
  const broken = documents.flatMap((document) => linksOf(document).filter((target) => !existsSync(join(ROOT, target))).map((target) => `${document} → ${target}`));
  expect(documents).toContain('README.md');
  expect(broken).toEqual([]);
});

test('every relative link of a packed document leads into the package, except to the tests that docs/security.md names', () => {
  const outside = documents.flatMap((document) => linksOf(document)
    .filter((target) => !packed.includes(target) && !(document === 'docs/security.md' && target.endsWith('.test.ts')))
    .map((target) => `${document} → ${target}`));
  expect(outside).toEqual([]);
});

test('of the folders of sources, only documents are packed', () => {
  expect(packed.filter((path) => /^(src|lambda|local|ops|bench|examples|test|projenrc|docs)\//.test(path) && !path.endsWith('.md'))).toEqual([]);
});
