import { readdirSync, readFileSync } from 'node:fs';

/** The environments of this machine's processes can be read where there is /proc. */
export const CAN_FIND_WORKERS = process.platform === 'linux';

/** Kills every process that runs the function on the local cloud of that endpoint, as Lambda's hosts may die. Gives how many. */
export function killWorkers(functionName: string, endpoint: string): number {
  const wanted = [`AWS_LAMBDA_FUNCTION_NAME=${functionName}`, new URL(endpoint).port];
  let killed = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      if (!environment.includes(wanted[0]) || !environment.some((line) => line.startsWith('AWS_ENDPOINT_URL=') && line.includes(wanted[1]))) continue;
      process.kill(Number(pid), 'SIGKILL');
      killed += 1;
    } catch {
      // It has ended meanwhile, or is somebody else's.
    }
  }
  return killed;
}
