import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { startLocalCloud } from '../../local';
import { Monitoring, StagePreset, Trinity } from '../../src';
import { ApiClient } from '../e2e/support/client';
import { schemathesis } from './install';

/**
 * `npm run test:schemathesis`: holds the deployed system against its own OpenAPI document. All checks, every phase, with requests in a
 * row that follow from each other; the same seed makes the same requests. Further arguments go to Schemathesis.
 */
async function main(): Promise<void> {
  const command = await schemathesis();
  const app = new App();
  const stack = new Stack(app, 'TrinitySchemathesis');
  Monitoring.to(new Topic(stack, 'Alarms')).on(stack);
  const trinity = new Trinity(stack, 'Trinity', { stage: StagePreset.development({ throttleRate: 1_000, throttleBurst: 1_000 }) });
  const cloud = await startLocalCloud({ app });
  const folder = mkdtempSync(join(tmpdir(), 'trinity-schemathesis-'));
  try {
    const { url } = cloud.urls.find(({ kind }) => kind === 'http')!;
    const { endpoint, region, credentials } = cloud;
    const openApi = trinity.api.openApi();
    const { accessToken } = await new ApiClient({ url, endpoint, region, credentials, openApi, roomsTable: '', votingTable: '' }).user();
    writeFileSync(join(folder, 'openapi.json'), JSON.stringify(openApi));
    const child = spawn(command, [
      '--config-file', join(__dirname, 'schemathesis.toml'), 'run', 'openapi.json', '--url', url, '--header', `Authorization: Bearer ${accessToken}`,
      // The caller deletes their account: then every other endpoint would rightly answer 401.
      '--exclude-operation-id', 'deleteMe',
      // A method that no route has: an HTTP API of API Gateway answers 404 in its own form, and cannot be made to answer 405.
      '--checks', 'all', '--exclude-checks', 'unsupported_method',
      '--seed', '1', '--max-examples', '6', '--workers', '2', '--continue-on-failure', ...process.argv.slice(2),
    ], { stdio: 'inherit', cwd: folder });
    const [code] = await once(child, 'exit') as [number | null];
    process.exitCode = code ?? 1;
  } finally {
    await cloud.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
