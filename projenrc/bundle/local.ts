import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { ScriptTarget, transpileDeclaration } from 'typescript';
import { ROOT, TOOL } from './options';

const API = 'local/index.ts';

/** Bundles `local/` into lib-local/: its API (`trinity-constructs/local`), with its types, and the `trinity-local` command. */
export async function bundleLocal(out: string = join(ROOT, 'lib-local')): Promise<Metafile> {
  for (const old of ['index.js', 'cli.js', 'local']) rmSync(join(out, old), { recursive: true, force: true });
  const { metafile } = await build({ ...TOOL, entryPoints: [API, 'local/cli.ts'], outdir: out });
  // Read at run time: pip takes it as a file, and its hash names the installed environment.
  copyFileSync(join(ROOT, 'local', 'ministack', 'requirements.txt'), join(out, 'requirements.txt'));
  rmSync(join(out, 'emulator'), { recursive: true, force: true });
  cpSync(join(ROOT, 'local', 'ministack', 'emulator'), join(out, 'emulator'), { recursive: true, filter: (path) => !path.includes('__pycache__') });
  declare(join(ROOT, API), out);
  return metafile;
}

/** Writes the declarations of a module and of what its declarations import: file by file, without the checker, in milliseconds. */
function declare(file: string, out: string, done: Set<string> = new Set()): void {
  if (done.has(file)) return;
  done.add(file);
  const { outputText, diagnostics = [] } = transpileDeclaration(readFileSync(file, 'utf8'), {
    fileName: file,
    reportDiagnostics: true,
    compilerOptions: { target: ScriptTarget.ES2022, declaration: true, isolatedDeclarations: true, stripInternal: true },
  });
  if (diagnostics.length > 0) throw new Error(`${relative(ROOT, file)}: its exports need written types: ${JSON.stringify(diagnostics[0].messageText)}`);
  const target = join(out, relative(ROOT, file).replace(/\.ts$/, '.d.ts'));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, outputText);
  for (const [, path] of outputText.matchAll(/from '(\.[^']+)'/g)) declare(`${resolve(dirname(file), path)}.ts`, out, done);
}
