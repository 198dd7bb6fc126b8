import { randomBytes, randomInt } from 'node:crypto';
import { SafetyError } from '../errors';
import type { LocalCredentials } from '../types';

type Environment = Readonly<Record<string, string | undefined>>;

/** The credentials that an emulator without a configured secret accepts. They protect nothing. */
const WELL_KNOWN: LocalCredentials = { accessKeyId: 'test', secretAccessKey: 'test' };

const KEY_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const KEY_LENGTH = 20;
const SECRET_BYTES = 30;

/** Whether nobody has given credentials of the emulator. */
export function areWellKnown({ accessKeyId, secretAccessKey }: LocalCredentials): boolean {
  return accessKeyId === WELL_KNOWN.accessKeyId && secretAccessKey === WELL_KNOWN.secretAccessKey;
}

/** A random key and secret for one run, as long as AWS's. The key's prefix tells it from a real one. */
export function newCredentials(): LocalCredentials {
  let accessKeyId = 'LOCAL';
  while (accessKeyId.length < KEY_LENGTH) accessKeyId += KEY_LETTERS[randomInt(KEY_LETTERS.length)];
  return { accessKeyId, secretAccessKey: randomBytes(SECRET_BYTES).toString('base64url') };
}

/** The credentials for an emulator that this process did not start. AWS_ACCESS_KEY_ID is ignored, because it may belong to a real account. */
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
