import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { CancelledError } from '../errors';
import { signalGroup } from './processes';

export interface CommandProps {
  readonly command: string;
  /** Without arguments the command is a line for the shell. */
  readonly args?: readonly string[];
  readonly directory?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
  readonly stdin?: 'ignore' | 'pipe';
}

export interface CommandResult {
  readonly code: number;
  /** The last lines of both outputs, in the order they came. */
  readonly lines: readonly string[];
}

const KEPT_LINES = 200;

/** Runs a command to its end in a process group of its own: a cancelled one takes what it started with it. */
export async function run(props: CommandProps): Promise<CommandResult> {
  if (props.signal?.aborted === true) throw new CancelledError();
  const child = spawn(props.command, props.args ?? [], {
    cwd: props.directory,
    env: { ...props.env },
    shell: props.args === undefined,
    stdio: [props.stdin ?? 'ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  const lines: string[] = [];
  const collect = (line: string): void => {
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
    props.onLine?.(line);
  };
  for (const output of [child.stdout!, child.stderr!]) createInterface({ input: output }).on('line', collect);

  const cancel = (): void => {
    if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
  };
  props.signal?.addEventListener('abort', cancel, { once: true });
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode) => resolve(exitCode ?? 1));
    });
    if (props.signal?.aborted) throw new CancelledError();
    return { code, lines };
  } finally {
    props.signal?.removeEventListener('abort', cancel);
  }
}
