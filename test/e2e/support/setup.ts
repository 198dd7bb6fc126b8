import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { startLocalCloud } from '../../../local';
import { Monitoring, StagePreset, Trinity } from '../../../src';
import type { Deployment } from './deployment';

/** Deploys the whole system once, with IAM enforced, for all end-to-end tests that use it over HTTP. */
export default async function setup(): Promise<void> {
  const app = new App();
  const stack = new Stack(app, 'TrinityTest');
  Monitoring.to(new Topic(stack, 'Alarms')).on(stack);
  const trinity = new Trinity(stack, 'Trinity', {
    stage: StagePreset.development(),
    api: { corsOrigins: ['https://vote.example'], throttle: { rateLimit: 1_000, burstLimit: 1_000 } },
  });
  const cloud = await startLocalCloud({ app });
  globalThis.stopTrinity = () => cloud.stop();
  const resources = Object.values(cloud.resources).flat();
  const deployment: Deployment = {
    url: cloud.urls.find(({ kind }) => kind === 'http')!.url,
    endpoint: cloud.endpoint,
    region: cloud.region,
    credentials: cloud.credentials,
    openApi: trinity.api.openApi(),
    roomsTable: physicalId(resources, 'Trinity/Rooms/Table'),
    votingTable: physicalId(resources, 'Trinity/Voting/Table'),
  };
  const file = join(mkdtempSync(join(tmpdir(), 'trinity-e2e-')), 'deployment.json');
  writeFileSync(file, JSON.stringify(deployment));
  process.env.TRINITY_DEPLOYMENT = file;
}

function physicalId(resources: Array<{ path?: string; physicalId: string }>, path: string): string {
  const found = resources.find((resource) => resource.path?.includes(path));
  if (found === undefined) throw new Error(`Nothing was deployed at ${path}`);
  return found.physicalId;
}
