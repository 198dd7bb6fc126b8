import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPython } from '../../local/ministack/python';
import { run } from '../../local/run/command';
import { cacheFolder } from '../../local/run/folders';
import { privateFolder } from '../../local/run/private';

const REQUIREMENTS = join(__dirname, 'requirements.txt');

/** The command `schemathesis` of an environment of its own in the user's cache, installed as pinned the first time. */
export async function schemathesis(): Promise<string> {
  const cache = cacheFolder();
  const key = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  const folder = join(cache, `schemathesis-${key}`);
  const marker = join(folder, 'installed');
  const command = join(folder, 'bin', 'schemathesis');
  if (existsSync(marker)) return command;
  privateFolder(cache);
  const env = process.env as Record<string, string>;
  const python = findPython(env);
  rmSync(folder, { recursive: true, force: true });
  await done(python.command, ['-I', '-m', 'venv', folder], env);
  // Only wheels, and each as its pinned hash says: nothing is built or run at install.
  await done(join(folder, 'bin', 'python'), [
    '-I', '-m', 'pip', 'install', '--quiet', '--require-hashes', '--only-binary', ':all:', '--requirement', REQUIREMENTS, '--disable-pip-version-check', '--no-input',
  ], env);
  // Written last, and by a rename: an interrupted install is begun again.
  writeFileSync(`${marker}.new`, `${python.version}\n`);
  renameSync(`${marker}.new`, marker);
  return command;
}

async function done(command: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<void> {
  const { code, lines } = await run({ command, args, env });
  if (code !== 0) throw new Error(`${command} ${args.slice(0, 3).join(' ')} failed:\n${lines.join('\n')}`);
}
