import { chmodSync, closeSync, constants, fstatSync, lstatSync, mkdirSync, openSync, readFileSync, realpathSync, type Stats, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { SafetyError } from '../errors';

const OWNER_ONLY = 0o700;
const PERMISSIONS = 0o777;
const GROUP_OR_WORLD_MAY_WRITE = 0o022;
const WORLD_MAY_WRITE = 0o002;
const STICKY = 0o1000;
/** Missing on Windows. */
const NO_FOLLOW = (constants as { readonly O_NOFOLLOW?: number }).O_NOFOLLOW ?? 0;

/** Windows has no owners and modes of this kind; the folders there are in the user's profile. */
const user = process.getuid?.();

/**
 * Makes a folder that only its owner may enter, or checks one that exists: it must be a folder and no link, belong to this user, and
 * nobody else may ever have been able to write to it. Entering is taken away from others where they had it.
 */
export function privateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: OWNER_ONLY });
  const stats = lstatSync(path);
  if (!stats.isDirectory()) throw new SafetyError(`${path} is ${stats.isSymbolicLink() ? 'a link' : 'no folder'}.`, `Look where it comes from, and remove it: \`rm ${path}\`.`);
  requireOwn(path, stats);
  for (const way of [resolve(path), realpathSync(path)]) {
    for (let above = dirname(way); above !== dirname(above); above = dirname(above)) requireUnmovable(above, path);
  }
  if (user !== undefined && bits(stats, PERMISSIONS) !== OWNER_ONLY) chmodSync(path, OWNER_ONLY);
}

/** Writes a file that only its owner may read, and that does not exist yet. A link in its place is refused like any other file. */
export function writePrivateFile(path: string, text: string): void {
  writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
}

/** Reads a file that this user wrote. Throws where it is a link or somebody else's. */
export function readPrivateFile(path: string): string {
  const file = openUnlinked(path);
  try {
    requireOwn(path, fstatSync(file));
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

function openUnlinked(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | NO_FOLLOW);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ELOOP') throw error;
    throw new SafetyError(`${path} is a link.`, `Look where it leads to, and remove it: \`rm ${path}\`.`);
  }
}

function requireOwn(path: string, stats: Stats): void {
  if (user === undefined) return;
  if (stats.uid !== user) {
    throw new SafetyError(`${path} belongs to another user (${stats.uid}).`, 'Look where it comes from. XDG_CACHE_HOME names another folder for the local cloud to keep its files in.');
  }
  if (bits(stats, GROUP_OR_WORLD_MAY_WRITE) !== 0) {
    throw new SafetyError(`Other users may write to ${path}: what is in it may not be yours.`, `Remove it: \`rm -r ${path}\`. It is made again.`);
  }
}

/** Whoever may rename a folder above can put another one in its place. */
function requireUnmovable(above: string, path: string): void {
  if (user === undefined) return;
  const stats = lstatSync(above);
  const foreign = stats.uid !== user && stats.uid !== 0;
  // A link's own mode says nothing; where it leads to is looked at on the other way.
  const open = bits(stats, WORLD_MAY_WRITE) !== 0 && bits(stats, STICKY) === 0 && !stats.isSymbolicLink();
  if (foreign || open) {
    throw new SafetyError(
      `${path} lies below ${above}, which ${foreign ? `belongs to another user (${stats.uid})` : 'everybody may write to'}.`,
      'Set XDG_CACHE_HOME to a folder below your home.',
    );
  }
}

function bits({ mode }: Stats, mask: number): number {
  // eslint-disable-next-line no-bitwise -- a mode is a set of bits
  return mode & mask;
}
