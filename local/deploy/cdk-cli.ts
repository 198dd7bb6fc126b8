import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { CancelledError, DeployError } from '../errors';
import type { CommandResult } from '../run/command';
import { signalGroup } from '../run/processes';

/**
 * The CDK CLI takes more than a second to load and half of one to deploy. So it is loaded while the app synthesizes: this program
 * loads it, waits for its arguments, and then runs it as its own `bin/cdk` does. It ends with the process that started it.
 */
const PRELOADED = `
const { dirname, join } = require('node:path');
const cli = process.argv[2];
process.once('disconnect', () => process.exit(1));
process.once('message', (args) => {
  process.argv = [process.execPath, cli, ...args];
  require(cli);
  // The channel would keep a finished CLI from ending.
  process.channel.unref();
});
try { require(join(dirname(cli), '..', 'lib')); } catch { /* another layout: it is loaded when it runs */ }
`;

export interface CdkCliProps {
  /** The app's folder: its own CLI comes first. */
  readonly directory: string;
  /** A folder for the program, and for the CLI to run in: it must not find the app's cdk.json. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

const KEPT_LINES = 200;

/** The CDK CLI, loaded and waiting for one command. */
export class CdkCli {
  private readonly child: ChildProcess;
  private readonly lines: string[] = [];
  private readonly ended: Promise<number>;
  private listener: ((line: string) => void) | undefined;

  constructor(props: CdkCliProps) {
    const program = join(props.folder, 'cdk.cjs');
    writeFileSync(program, PRELOADED);
    this.child = spawn(process.execPath, [program, findCli(props.directory)], {
      cwd: props.folder,
      env: { ...props.env, CDK_DISABLE_CLI_TELEMETRY: 'true', CDK_DISABLE_VERSION_CHECK: 'true', CI: 'true', NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: process.platform !== 'win32',
    });
    this.child.unref();
    for (const output of [this.child.stdout!, this.child.stderr!]) {
      (output as unknown as { unref(): void }).unref();
      createInterface({ input: output }).on('line', (line) => {
        this.lines.push(line);
        if (this.lines.length > KEPT_LINES) this.lines.shift();
        this.listener?.(line);
      });
    }
    this.child.channel?.unref();
    this.ended = new Promise((resolve) => {
      this.child.once('close', (code) => resolve(code ?? 1));
      this.child.once('error', (error) => {
        this.lines.push(error.message);
        resolve(1);
      });
    });
  }

  /** Runs the one command. */
  async run(args: readonly string[], onLine: (line: string) => void, signal?: AbortSignal): Promise<CommandResult> {
    if (signal?.aborted === true) throw new CancelledError();
    const cancel = (): void => this.end();
    signal?.addEventListener('abort', cancel, { once: true });
    // From here on the caller waits for it.
    this.child.ref();
    this.listener = onLine;
    if (this.child.connected) this.child.send(args, () => undefined);
    const code = await this.ended;
    signal?.removeEventListener('abort', cancel);
    if (signal?.aborted) throw new CancelledError();
    return { code, lines: this.lines };
  }

  end(): void {
    if (this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null) signalGroup(this.child.pid, 'SIGKILL');
  }
}

/** `bin/cdk` of the app's own CLI, else of the one beside this package. */
export function findCli(directory: string): string {
  for (const from of [join(directory, 'package.json'), __filename]) {
    try {
      const manifest = createRequire(from).resolve('aws-cdk/package.json');
      const { bin, version } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin?: Record<string, string>; version: string };
      // A stray 3.0.0 on npm cannot read today's assemblies.
      if (!version.startsWith('2.')) continue;
      const file = join(dirname(manifest), bin?.cdk ?? 'bin/cdk');
      if (existsSync(file)) return file;
    } catch {
      continue;
    }
  }
  throw new DeployError('The CDK CLI is not installed in the app.', 'Add it: `npm install --save-dev aws-cdk@2.1148.1`.');
}
