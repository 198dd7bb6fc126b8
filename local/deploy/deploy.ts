import { type AwsClient, AwsError } from '../aws/client';
import { failureReasons } from '../aws/stacks';
import { DeployError } from '../errors';
import type { LocalAssembly } from './assembly';
import type { CdkCli } from './cdk-cli';

export interface DeployProps {
  readonly aws: AwsClient;
  readonly cli: CdkCli;
  readonly assembly: LocalAssembly;
  readonly stacks?: readonly string[];
  readonly onLine: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** Deploys the local copy of an assembly with the real CDK CLI. */
export async function deploy(props: DeployProps): Promise<void> {
  const { aws, assembly } = props;
  await Promise.all(assembly.buckets.map(({ name, region }) => makeBucket(aws.inRegion(region), name)));
  const result = await props.cli.run([
    'deploy', ...(props.stacks ?? ['**']),
    '--app', assembly.directory,
    '--require-approval', 'never',
    // A change set is made, described and executed in three rounds of polling; the emulator has the stack ready at the first.
    '--method', 'direct',
    // Stacks that do not wait for one another go side by side, and so do their assets.
    '--concurrency', '4', '--asset-build-concurrency', '4',
    '--progress', 'events', '--no-notices', '--no-version-reporting', '--no-color',
  ], props.onLine, props.signal);
  if (result.code === 0) return;
  throw await explain(aws, assembly, result.lines);
}

/** The bucket that the bootstrap stack would have made for the assets. */
async function makeBucket(aws: AwsClient, name: string): Promise<void> {
  const location = aws.region === 'us-east-1' ? '' : `<CreateBucketConfiguration><LocationConstraint>${aws.region}</LocationConstraint></CreateBucketConfiguration>`;
  const response = await aws.send('s3', 'PUT', `/${name}`, location, {});
  if (response.status >= 300 && response.status !== 409) {
    throw new DeployError(`The bucket ${name} for the assets was refused: ${response.body}`, 'Is the emulator a MiniStack of the pinned version?');
  }
}

async function explain(aws: AwsClient, assembly: LocalAssembly, lines: readonly string[]): Promise<DeployError> {
  const unknown = lines.find((line) => line.includes('No stacks match'));
  if (unknown !== undefined) return new DeployError(`${unknown.trim()}.`, `The app has ${assembly.stacks.map(({ displayName }) => displayName).join(', ')}.`);
  const reasons: string[] = [];
  for (const stack of assembly.stacks) {
    try {
      reasons.push(...(await failureReasons(aws.inRegion(stack.region), stack.name)).map((reason) => `${stack.displayName}: ${reason}`));
    } catch (error) {
      // A stack that was never begun has no events.
      if (!(error instanceof AwsError)) break;
    }
  }
  const said = reasons.length > 0 ? reasons : lines.filter((line) => /error|fail|❌/i.test(line)).slice(-8);
  return new DeployError(
    `The deployment failed:\n${(said.length > 0 ? said : lines.slice(-8)).join('\n')}`,
    'Mend the resource, or leave it out of what runs here; DEBUG=1 shows all that the CDK CLI says.',
  );
}
