import { StateError } from '../errors';
import { StateFile } from '../run/state';
import { DEFAULT_REGION } from '../safety/environment';
import { say } from '../terminal/printable';
import type { Options } from './options';

/** Prints shell commands that make the AWS CLI and SDKs use the running local cloud. The output contains the secret. */
export async function env({ directory }: Options): Promise<number> {
  const cloud = new StateFile(directory).read()?.cloud;
  if (cloud === undefined) throw new StateError('The local cloud of this app does not run.', 'Start it with `npx trinity-local up`.');
  const variables = {
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_ACCESS_KEY_ID: cloud.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: cloud.credentials.secretAccessKey,
    AWS_REGION: DEFAULT_REGION,
    // The AWS CLI v1 and boto3 read only this one.
    AWS_DEFAULT_REGION: DEFAULT_REGION,
    // For commands of this package in the same shell: whose endpoint that is, and its credentials, which no real account has.
    TRINITY_LOCAL_ENDPOINT: cloud.endpoint,
    TRINITY_LOCAL_ACCESS_KEY_ID: cloud.credentials.accessKeyId,
    TRINITY_LOCAL_SECRET_ACCESS_KEY: cloud.credentials.secretAccessKey,
  };
  // A profile or session token of a real account would take precedence or be sent along.
  say(['unset AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SESSION_TOKEN', ...Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`)].join('\n'));
  return 0;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
