import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { adviceOn, sayingOf, synthesize } from '../../local/deploy/synthesis';
import { CancelledError, StateError, SynthesisError } from '../../local/errors';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'synthesis-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const output = (): string => join(folder, 'out');
const run = (app: string, signal?: AbortSignal): Promise<string> =>
  synthesize({ app, directory: folder, output: output(), env: { PATH: process.env.PATH!, GREETING: 'hello' }, signal });

/** An app that writes what it was given instead of a manifest. */
const TELLING = 'node tell.js';
function tellingApp(): void {
  writeFileSync(join(folder, 'tell.js'), `
    const fs = require('fs');
    fs.mkdirSync(process.env.CDK_OUTDIR);
    const context = process.env.CONTEXT_OVERFLOW_LOCATION_ENV ? fs.readFileSync(process.env.CONTEXT_OVERFLOW_LOCATION_ENV, 'utf8') : process.env.CDK_CONTEXT_JSON;
    fs.writeFileSync(process.env.CDK_OUTDIR + '/manifest.json', JSON.stringify({ env: process.env, context: JSON.parse(context) }));`);
}
function told(): { env: Record<string, string>; context: Record<string, unknown> } {
  return JSON.parse(readFileSync(join(output(), 'manifest.json'), 'utf8')) as ReturnType<typeof told>;
}

test('an app object is asked for its assembly', async () => {
  const app = new App({ outdir: output() });
  new Stack(app, 'Notes');
  const directory = await synthesize({ app, directory: folder, output: 'unused', env: {} });
  expect(existsSync(join(directory, 'manifest.json'))).toBe(true);
});

test('the assembly of an app whose outdir is relative is given by its whole path: links to its assets would lead nowhere otherwise', async () => {
  const app = new App({ outdir: relative(process.cwd(), output()) });
  new Stack(app, 'Notes');
  expect(await synthesize({ app, directory: folder, output: 'unused', env: {} })).toBe(output());
});

test('a folder that is an assembly is taken as it is', async () => {
  mkdirSync(join(folder, 'cdk.out'));
  writeFileSync(join(folder, 'cdk.out', 'manifest.json'), '{}');
  expect(await run('cdk.out')).toBe(join(folder, 'cdk.out'));
});

test('a folder that is none is refused', async () => {
  await expect(run('.')).rejects.toThrow('is no cloud assembly');
});

test('a command is given the local account, the contexts of both files and its environment', async () => {
  tellingApp();
  writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ context: { colour: 'blue', size: 1 } }));
  writeFileSync(join(folder, 'cdk.context.json'), JSON.stringify({ size: 2 }));
  expect(await run(TELLING)).toBe(output());
  const { env, context } = told();
  expect(env).toMatchObject({ CDK_DEFAULT_ACCOUNT: '000000000000', CDK_DEFAULT_REGION: 'us-east-1', GREETING: 'hello' });
  expect(context).toMatchObject({ 'colour': 'blue', 'size': 2, 'aws:cdk:enable-path-metadata': true });
});

test('a context too large for an environment variable is handed over in a file', async () => {
  tellingApp();
  writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ context: { large: 'x'.repeat(100_000) } }));
  await run(TELLING);
  expect(String(told().context.large)).toHaveLength(100_000);
});

test('the app\'s own programs are found without npx', async () => {
  tellingApp();
  mkdirSync(join(folder, 'node_modules', '.bin'), { recursive: true });
  writeFileSync(join(folder, 'node_modules', '.bin', 'teller'), '#!/bin/sh\nexec node tell.js', { mode: 0o755 });
  await run('npx teller --fast');
  expect(told().env).not.toHaveProperty('npm_command');
});

test('the build of cdk.json runs first', async () => {
  writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ build: 'cp built.js tell.js' }));
  tellingApp();
  writeFileSync(join(folder, 'built.js'), readFileSync(join(folder, 'tell.js'), 'utf8'));
  rmSync(join(folder, 'tell.js'));
  expect(await run(TELLING)).toBe(output());
});

test('an app that fails is shown with its last words', async () => {
  const failure = run('node -e "console.error(\'Error: no such table\'); process.exit(3)"');
  await expect(failure).rejects.toThrow(SynthesisError);
  await expect(failure).rejects.toThrow(/ended with 3\.\nError: no such table/);
});

test('a command that is no CDK app is told', async () => {
  await expect(run('true')).rejects.toThrow('wrote no cloud assembly');
});

test('a cdk.json that is not JSON is named', async () => {
  writeFileSync(join(folder, 'cdk.json'), '{');
  await expect(run('true')).rejects.toThrow(StateError);
});

test('of an app that throws the message is shown, whole, and not the calls that led to it', () => {
  const lines = [
    '/app/node_modules/trinity-constructs/lib/monitoring/monitoring.js:33',
    '        throw new ConstructError(scope, what, mend);',
    '              ^',
    '',
    'ConstructError: Nothing says where alarms go',
    '  at: Shop/Trinity',
    '  mend: before this construct, choose one of',
    '      Monitoring.to(topic).on(stack);',
    '      Monitoring.none({ reason: \'…\' }).on(stack);',
    ...Array.from({ length: 30 }, (_, call) => `    at Function.of (/app/node_modules/constructs/lib/construct.js:${call}:17)`),
    '    at Array.map (<anonymous>)',
    '    at async Promise.all (index 0)',
    '    at async main (file:///app/app.ts:3:1)',
    'Node.js v20.20.2',
  ];
  expect(sayingOf(lines)).toEqual([lines[1], ...lines.slice(4, 9)]);
  expect(sayingOf(['node:internal/process/promises:394', '      triggerUncaughtException(err, true /* fromPromise */);', '      ^', '', 'Error: no']))
    .toEqual(['Error: no']);
  expect(sayingOf(['x'.repeat(5_000)])).toEqual(['x'.repeat(300)]);
});

test('of an asset folder that is missing it is said to build first', () => {
  expect(adviceOn('ValidationError: Cannot find asset at /app/dist/customers')).toMatch(/^Build first.*`build` in cdk\.json/);
  expect(adviceOn('TypeError: no')).toBe('Fix the app; `cdk synth` shows the same.');
});

test('a cancelled command is ended with all that it started', async () => {
  const cancelled = new AbortController();
  const from = performance.now();
  setTimeout(() => cancelled.abort(), 100);
  await expect(run('sleep 30 & sleep 30', cancelled.signal)).rejects.toThrow(CancelledError);
  expect(performance.now() - from).toBeLessThan(5000);
});
