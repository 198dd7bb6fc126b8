import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const ROOT = join(__dirname, '..', '..', '..');
const COMMAND = join(ROOT, 'bin', 'trinity-local');
const PATIENCE_MS = 45_000;

type Environment = Readonly<Record<string, string>>;

/** A copy of the guest book's app that a test may change. It lies within the repository, so that it finds its packages. */
export function copyOfGuestBook(): { readonly directory: string; remove(): void } {
  mkdirSync(join(ROOT, '.local'), { recursive: true });
  const directory = mkdtempSync(join(ROOT, '.local', 'guest-book-'));
  cpSync(join(ROOT, 'test', 'local', 'fixtures', 'guest-book'), directory, { recursive: true });
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** A `trinity-local` that was started as a user would. */
export class TrinityLocal {
  static async run(args: readonly string[], directory: string, env: Environment = {}): Promise<{ code: number; output: string }> {
    const command = new TrinityLocal(args, directory, env);
    return { code: await command.exit(), output: command.output };
  }

  output = '';
  readonly process: ChildProcess;
  private readonly ended: Promise<number>;

  constructor(args: readonly string[], directory: string, env: Environment = {}) {
    const { AWS_ENDPOINT_URL: _, ...environment } = process.env;
    this.process = spawn(process.execPath, [COMMAND, ...args], {
      cwd: directory,
      env: { ...environment, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const output of [this.process.stdout!, this.process.stderr!]) output.on('data', (chunk: Buffer) => { this.output += chunk.toString('utf8'); });
    this.ended = once(this.process, 'close').then(([code]) => (code as number | null) ?? -1);
  }

  /** Waits until the output matches, and answers with the match. What came before `after` does not count. */
  async says(pattern: RegExp, after = 0): Promise<RegExpExecArray> {
    const deadline = performance.now() + PATIENCE_MS;
    while (performance.now() < deadline) {
      const found = pattern.exec(this.output.slice(after));
      if (found !== null) return found;
      if (this.process.exitCode !== null) break;
      await wait(25);
    }
    throw new Error(`trinity-local never said ${String(pattern)}. It said:\n${this.output}`);
  }

  exit(): Promise<number> {
    return this.ended;
  }

  async end(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill('SIGINT');
    await this.ended;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export async function eventually<T>(look: () => Promise<T | undefined> | T | undefined, what: string): Promise<T> {
  const deadline = performance.now() + 15_000;
  while (performance.now() < deadline) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await wait(25);
  }
  throw new Error(`Never happened: ${what}`);
}
