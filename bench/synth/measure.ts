import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildOrder, ChildResult } from './child';
import type { PeerBundling } from './peer/functions';
import { readTemplate, type TemplateFigures } from './template';

/** One synthesis in a process of its own. */
export interface Run extends ChildResult {
  /** Milliseconds that esbuild itself reports for its bundles: without npx, which CDK starts it by. */
  readonly esbuildMs: number;
  readonly template: TemplateFigures;
}

/** Synthesizes one of the two systems in a new process, into a new folder that is removed afterwards. */
export function synthesize(root: string, system: ChildOrder['system'], bundling: PeerBundling): Run {
  const folder = mkdtempSync(join(tmpdir(), 'bench-synth-'));
  try {
    const order: ChildOrder = { system, outdir: join(folder, 'out'), result: join(folder, 'result.json'), bundling };
    const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs');
    const child = spawnSync(process.execPath, [tsx, '--tsconfig', 'tsconfig.dev.json', join(__dirname, 'child.ts'), JSON.stringify(order)], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, JSII_DEPRECATED: 'quiet' },
    });
    if (child.status !== 0) throw new Error(`The synthesis of '${system}' failed:\n${child.stderr.slice(-4_000)}`);
    return {
      ...(JSON.parse(readFileSync(order.result, 'utf8')) as ChildResult),
      esbuildMs: [...child.stderr.matchAll(/Done in (\d+)ms/g)].reduce((sum, [, ms]) => sum + Number(ms), 0),
      template: readTemplate(join(order.outdir, 'System.template.json')),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
