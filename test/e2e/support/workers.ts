import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** The processes of this machine with their environments, as far as they may be read. */
function environments(): Array<{ readonly pid: number; readonly environment: string[] }> {
  if (process.platform !== 'linux') {
    const lines = execFileSync('ps', ['-AEww', '-o', 'pid=,command='], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).split('\n');
    return lines.map((line) => line.trim().split(/\s+/)).map(([pid, ...words]) => ({ pid: Number(pid), environment: words }));
  }
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      return [{ pid: Number(pid), environment: readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0') }];
    } catch {
      // It has ended meanwhile, or is somebody else's.
      return [];
    }
  });
}

/** Kills every process that runs the function on the local cloud of that endpoint, as Lambda's hosts may die. Gives how many. */
export function killWorkers(functionName: string, endpoint: string): number {
  const { port } = new URL(endpoint);
  const workers = environments().filter(({ environment }) => environment.includes(`AWS_LAMBDA_FUNCTION_NAME=${functionName}`)
    && environment.some((line) => line.startsWith('AWS_ENDPOINT_URL=') && line.includes(`:${port}`)));
  for (const { pid } of workers) process.kill(pid, 'SIGKILL');
  return workers.length;
}
