import { type ChildProcess, execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

/**
 * What tells a process from a later one of the same pid: when it started. A plain word, usable in a file's name; `unknown`
 * where the system does not say.
 */
export function identityOf(pid: number): string {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The command is in brackets and may hold spaces; the start time is the 20th field after it.
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    }
    if (process.platform === 'win32') return 'unknown';
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).replace(/\W/g, '') || 'unknown';
  } catch {
    return 'unknown';
  }
}

export function isAlive(pid: number, identity?: string): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process: not one of ours.
    return (error as NodeJS.ErrnoException).code === 'EPERM' && identity === undefined;
  }
  return identity === undefined || identity === 'unknown' || identityOf(pid) === identity;
}

/** Ends a process and all that it started. The process must lead a group of its own (`detached`). */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}

/** Asks a child's group to end, waits, then makes it. */
export async function endGroup(child: ChildProcess, patienceMs: number): Promise<void> {
  if (child.pid === undefined) return;
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    const patience = new AbortController();
    signalGroup(child.pid, 'SIGTERM');
    const timer = setTimeout(() => patience.abort(), patienceMs);
    await Promise.race([ended, once(patience.signal, 'abort')]);
    clearTimeout(timer);
    signalGroup(child.pid, 'SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await ended;
  }
  // The leader may have gone before what it started.
  signalGroup(child.pid, 'SIGKILL');
}
