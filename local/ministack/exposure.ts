import { randomBytes } from 'node:crypto';
import { AwsClient } from '../aws/client';
import { SafetyError } from '../errors';
import { areWellKnown } from '../safety/credentials';
import { DEFAULT_REGION } from '../safety/environment';
import type { LocalCredentials } from '../types';

/** Warning about an emulator that was started by another program and accepts any signature. */
export const EXPOSED = 'This emulator accepts requests of any web page without a secret: every page that is open in your browser can run code on this '
  + 'machine as you. An emulator that `trinity-local` starts, or that of the docker-compose.yml of trinity-constructs, refuses such requests.';

const FORBIDDEN = 403;

/** Whether an emulator answers a request with a made-up secret and the Origin of a page. */
export async function isExposed(endpoint: string): Promise<boolean> {
  const guessed = { accessKeyId: 'test', secretAccessKey: randomBytes(20).toString('hex') };
  return await statusOfList(endpoint, guessed, { origin: 'https://page.invalid' }) < 300;
}

/** Fails early if the emulator does not accept the credentials. */
export async function requireAccepted(endpoint: string, credentials: LocalCredentials): Promise<void> {
  if (await statusOfList(endpoint, credentials, {}) !== FORBIDDEN) return;
  if (areWellKnown(credentials)) {
    throw new SafetyError(
      `The emulator at ${endpoint} requires credentials, and none are given for it.`,
      'If `npx trinity-local env` set AWS_ENDPOINT_URL in this shell: `unset AWS_ENDPOINT_URL`. Otherwise set TRINITY_LOCAL_ACCESS_KEY_ID and '
      + 'TRINITY_LOCAL_SECRET_ACCESS_KEY to what the emulator was started with.',
    );
  }
  throw new SafetyError(
    `The emulator at ${endpoint} does not accept the key '${credentials.accessKeyId}' with the given secret.`,
    'Set TRINITY_LOCAL_ACCESS_KEY_ID and TRINITY_LOCAL_SECRET_ACCESS_KEY to what it was started with, or unset AWS_ENDPOINT_URL to have one started.',
  );
}

/** The status of ListFunctions. */
async function statusOfList(endpoint: string, credentials: LocalCredentials, headers: Record<string, string>): Promise<number> {
  const aws = new AwsClient({ endpoint, region: DEFAULT_REGION, credentials, clock: Date.now });
  try {
    return (await aws.send('lambda', 'GET', '/2015-03-31/functions/', '', headers)).status;
  } finally {
    aws.close();
  }
}
