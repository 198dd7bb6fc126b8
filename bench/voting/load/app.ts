import { join } from 'node:path';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { build } from 'esbuild';
import { HANDLER } from '../../../projenrc/bundle/options';
import { Monitoring, StagePreset, Trinity } from 'trinity-constructs';

/** More than this machine can send: what is measured is the pipeline, not a throttle. */
const NO_THROTTLE = 10_000;
/** What nobody can leave out who does not let everybody vote: one read. A vote's own reads, membership and poll, are one call. */
const READS = 1;

/** The system as the library makes it, and beside it, on the same API and behind the same authorizer, endpoints that do one plain put. */
export function loadApp(plainCode: string): App {
  const app = new App();
  const stack = new Stack(app, 'VotingBench');
  Monitoring.to(new Topic(stack, 'Alarms')).on(stack);
  const trinity = new Trinity(stack, 'Trinity', { stage: StagePreset.development({ throttleRate: NO_THROTTLE, throttleBurst: NO_THROTTLE }) });
  const table = new TableV2(stack, 'Plain', { partitionKey: { name: 'pk', type: AttributeType.STRING }, removalPolicy: RemovalPolicy.DESTROY });
  for (const [route, reads] of [['POST /plain', 0], ['POST /plain-with-read', READS]] as const) {
    const endpoint = trinity.addEndpoint(route, {
      code: Code.fromAsset(plainCode),
      auth: trinity.auth,
      environment: { TABLE_NAME: table.tableName, READS: String(reads) },
      description: { summary: 'One plain put', responses: [{ status: 201, description: 'Put.' }] },
    });
    table.grant(endpoint, 'dynamodb:PutItem', 'dynamodb:GetItem');
  }
  return app;
}

/** Bundles the plain endpoint as the library bundles its own. */
export async function bundlePlain(folder: string): Promise<string> {
  await build({ ...HANDLER, entryPoints: [join(__dirname, 'plain.ts')], outfile: join(folder, 'index.js') });
  return folder;
}
