import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogicOrder, LogicResult } from './child';

/** A young generation that takes a whole round, so that what is allocated can be read off the heap before it is collected. */
const FLAGS = ['--expose-gc', '--max-semi-space-size=256', '--min-semi-space-size=256'];

/** Measures the logic in a process of its own, which nothing else has warmed up or filled. */
export function measureLogic(root: string, batches: number): LogicResult {
  const folder = mkdtempSync(join(tmpdir(), 'bench-voting-'));
  try {
    const order: LogicOrder = { result: join(folder, 'result.json'), batches };
    const child = spawnSync(process.execPath, [...FLAGS, '--import', 'tsx', join(__dirname, 'child.ts'), JSON.stringify(order)], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, TSX_TSCONFIG_PATH: join(root, 'tsconfig.dev.json') },
    });
    if (child.status !== 0) throw new Error(`The logic could not be measured:\n${child.stderr.slice(-4_000)}`);
    return JSON.parse(readFileSync(order.result, 'utf8')) as LogicResult;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
