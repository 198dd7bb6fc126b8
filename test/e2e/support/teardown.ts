import { rmSync } from 'node:fs';
import { dirname } from 'node:path';

export default async function teardown(): Promise<void> {
  await globalThis.stopTrinity?.();
  if (process.env.TRINITY_DEPLOYMENT !== undefined) rmSync(dirname(process.env.TRINITY_DEPLOYMENT), { recursive: true, force: true });
}
