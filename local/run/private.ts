import { chmodSync, closeSync, constants, fstatSync, lstatSync, mkdirSync, openSync, readFileSync, realpathSync, type Stats, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { SafetyError } from '../errors';

const OWNER_ONLY = 0o700;
const PERMISSIONS = 0o777;
const GROUP_OR_WORLD_MAY_WRITE = 0o022;
const GROUP_MAY_WRITE = 0o020;
const WORLD_MAY_WRITE = 0o002;
const STICKY = 0o1000;
/** Undefined on Windows. */
const NO_FOLLOW = (constants as { readonly O_NOFOLLOW?: number }).O_NOFOLLOW ?? 0;

/** Undefined on Windows, which has no such owners and modes. The folders are in the user's profile there. */
const user = process.getuid?.();

/**
 * Creates a folder with mode 0700. An existing one is refused if it is a link, belongs to another user, or is writable by others: its
 * content may be planted. Other permissions of group and world are removed.
 */
export function privateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: OWNER_ONLY });
  const stats = lstatSync(path);
  if (!stats.isDirectory()) throw new SafetyError(`${path} is ${stats.isSymbolicLink() ? 'a link' : 'no folder'}.`, `Find out where it comes from, and remove it: \`rm ${path}\`.`);
  requireOwn(path, stats);
  for (const way of [resolve(path), realpathSync(path)]) {
    for (let above = dirname(way); above !== dirname(above); above = dirname(above)) requireUnmovable(above, path);
  }
  if (user !== undefined && bits(stats, PERMISSIONS) !== OWNER_ONLY) chmodSync(path, OWNER_ONLY);
}

/** Creates a file with mode 0600. Fails if the path exists: a planted file is not used, and a planted link is not followed. */
export function writePrivateFile(path: string, text: string): void {
  writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
}

/** Reads a file of this user. Fails if it is a link, belongs to another user, or is writable by others. */
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
    // eslint-disable-next-line no-bitwise -- flags of an open file are a set of bits
    return openSync(path, constants.O_RDONLY | NO_FOLLOW);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ELOOP') throw error;
    throw new SafetyError(`${path} is a link.`, `Find out where it leads, and remove it: \`rm ${path}\`.`);
  }
}

function requireOwn(path: string, stats: Stats): void {
  if (user === undefined) return;
  if (stats.uid !== user) {
    throw new SafetyError(`${path} belongs to another user (${stats.uid}).`, 'Find out where it comes from, or set XDG_CACHE_HOME to a folder below your home.');
  }
  if (bits(stats, GROUP_OR_WORLD_MAY_WRITE) !== 0) {
    throw new SafetyError(`Other users may write to ${path}: what is in it may not be yours.`, `Remove it: \`rm -r ${path}\`. It is made again.`);
  }
}

/** Refuses a parent folder whose entries other users can rename: they could put another folder in the place of the checked one. */
function requireUnmovable(above: string, path: string): void {
  if (user === undefined) return;
  const stats = lstatSync(above);
  const foreign = stats.uid !== user && stats.uid !== 0;
  // The mode of a link means nothing. The real path is checked as well.
  const movable = bits(stats, STICKY) === 0 && !stats.isSymbolicLink();
  const open = movable && bits(stats, WORLD_MAY_WRITE) !== 0;
  // A group with the number of the user is the user's own: distributions with such groups create home folders with mode 0775.
  const shared = movable && bits(stats, GROUP_MAY_WRITE) !== 0 && stats.gid !== user && stats.gid !== 0;
  if (foreign || open || shared) {
    const by = foreign ? `belongs to another user (${stats.uid})` : open ? 'everybody may write to' : `the group ${stats.gid} may write to`;
    throw new SafetyError(
      `${path} lies below ${above}, which ${by}.`,
      'Set XDG_CACHE_HOME to a folder below your home.',
    );
  }
}

function bits({ mode }: Stats, mask: number): number {
  // eslint-disable-next-line no-bitwise -- a mode is a set of bits
  return mode & mask;
}
