import { randomBytes, randomInt } from 'node:crypto';
import { SafetyError } from '../errors';
import type { LocalCredentials } from '../types';

type Environment = Readonly<Record<string, string | undefined>>;

/** What every emulator of AWS takes that was not told of a secret. It protects nothing. */
const WELL_KNOWN: LocalCredentials = { accessKeyId: 'test', secretAccessKey: 'test' };

const KEY_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const KEY_LENGTH = 20;
const SECRET_BYTES = 30;

/** A key and a secret for one run. The key says where it belongs; both are as long as AWS's. */
export function newCredentials(): LocalCredentials {
  let accessKeyId = 'LOCAL';
  while (accessKeyId.length < KEY_LENGTH) accessKeyId += KEY_LETTERS[randomInt(KEY_LETTERS.length)];
  return { accessKeyId, secretAccessKey: randomBytes(SECRET_BYTES).toString('base64url') };
}

/**
 * The credentials for an emulator that this process has not started: given, or named in the environment. AWS_ACCESS_KEY_ID is not
 * looked at, as it may be a real account's.
 */
export function givenCredentials(environment: Environment, given?: LocalCredentials): LocalCredentials {
  if (given !== undefined) return given;
  const { TRINITY_LOCAL_ACCESS_KEY_ID: accessKeyId, TRINITY_LOCAL_SECRET_ACCESS_KEY: secretAccessKey } = environment;
  if (!accessKeyId && !secretAccessKey) return WELL_KNOWN;
  if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey };
  throw new SafetyError(
    'Only one of TRINITY_LOCAL_ACCESS_KEY_ID and TRINITY_LOCAL_SECRET_ACCESS_KEY is set.',
    'Set both to what the emulator at AWS_ENDPOINT_URL was started with, or neither.',
  );
}
