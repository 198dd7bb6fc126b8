import { writeFileSync } from 'node:fs';
import type { PeerBundling } from './peer/functions';

/** What the parent asks of one child process. */
export interface ChildOrder {
  readonly system: 'ours' | 'peer';
  readonly outdir: string;
  readonly result: string;
  readonly bundling: PeerBundling;
}

/** What one child process measured, in milliseconds. */
export interface ChildResult {
  /** Loading the CDK and the system's own modules. */
  readonly loadMs: number;
  /** From `new App()` to the end of `app.synth()`: building the constructs, bundling, staging assets, writing templates. */
  readonly synthMs: number;
}

async function main(order: ChildOrder): Promise<void> {
  const started = performance.now();
  const { App } = await import('aws-cdk-lib');
  const flags = await import('aws-cdk-lib/recommended-feature-flags.json');
  const build = order.system === 'ours'
    ? (await import('./ours.js')).ours
    : (await import('./peer/stack.js')).peer;
  const loaded = performance.now();
  const app = new App({ outdir: order.outdir, context: flags.default });
  build(app, order.bundling);
  app.synth();
  const result: ChildResult = { loadMs: loaded - started, synthMs: performance.now() - loaded };
  writeFileSync(order.result, JSON.stringify(result));
}

main(JSON.parse(process.argv[2]) as ChildOrder).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
