import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalCloud, startLocalCloud } from '../../../local';
import { bundlePlain, loadApp } from './app';
import { Site } from './site';
import { measureStep, planStep, type StepFigures } from './step';
import { measureThroughput, type ThroughputFigures } from './throughput';

export interface LoadSize {
  readonly voters: number;
  readonly requestsPerRound: number;
  readonly rounds: number;
  readonly burstSeconds: number;
}

/** Connections of the client, and so instances of a function: each is a process on this machine. */
export const CONNECTIONS = 16;

/** Runs work on a cloud of its own, and ends that whatever happens. Every address of it is on the loopback interface. */
export async function withCloud<T>(work: (cloud: LocalCloud) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-voting-'));
  const cancelled = new AbortController();
  const cancel = () => cancelled.abort();
  process.once('SIGINT', cancel).once('SIGTERM', cancel);
  let cloud: LocalCloud | undefined;
  try {
    cloud = await startLocalCloud({ app: loadApp(await bundlePlain(folder)), signal: cancelled.signal });
    return await Promise.race([work(cloud), stopped(cancelled.signal)]);
  } finally {
    process.off('SIGINT', cancel).off('SIGTERM', cancel);
    await cloud?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface LoadFigures { readonly throughput: ThroughputFigures; readonly step: StepFigures }

export async function measureLoad(cloud: LocalCloud, size: LoadSize, say: (line: string) => void): Promise<LoadFigures> {
  const site = await Site.open(cloud, size.voters, CONNECTIONS);
  try {
    say(`${size.voters} people in a room`);
    const throughput = await measureThroughput(site, size.requestsPerRound, size.rounds, CONNECTIONS);
    say(`${throughput.votesPerSecond.toFixed(0)} votes/s against ${throughput.plainPerSecond.toFixed(0)} plain puts/s`);
    const step = await measureStep(site, planStep(throughput.votesPerSecond, size.voters, size.burstSeconds));
    say(`${step.offered} votes at ${step.baseRate}/s and ${step.burstRate}/s`);
    return { throughput, step };
  } finally {
    site.close();
  }
}

function stopped(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped by a signal')), { once: true }));
}
