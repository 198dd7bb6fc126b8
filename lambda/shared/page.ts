import { createHash } from 'node:crypto';
import { invalidParameter, Problem } from './problem';

export const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 100;

/** Where to go on and how far: the query parameters `limit` and `cursor` of every list. */
export interface PageRequest {
  readonly limit: number;
  /** The sort key after which the page begins. */
  readonly after?: string;
}

/**
 * Reads `limit` and `cursor`. A cursor is the last sort key of the page before; the partition comes from the caller, so it opens
 * nothing. It names its list, too: given to another one it would look like that one's end.
 */
export function readPage(query: Readonly<Record<string, string>>, list: string): PageRequest {
  const { limit: asked = String(DEFAULT_PAGE_SIZE) } = query;
  // Digits only: Number() would also read '', ' 5', '1e1' and '0x10'.
  const limit = /^\d+$/.test(asked) ? Number(asked) : 0;
  if (limit < 1 || limit > MAX_PAGE_SIZE) {
    throw invalidParameter('limit', `must be a whole number from 1 to ${MAX_PAGE_SIZE}`);
  }
  return query.cursor === undefined ? { limit } : { limit, after: decodeCursor(query.cursor, list) };
}

/** The cursor of the page that begins after a key, in the list of that name: what is listed, and of whom. */
export function encodeCursor(list: string, lastKey: string): string {
  return `${tagOf(list)}${Buffer.from(lastKey, 'utf8').toString('base64url')}`;
}

function decodeCursor(cursor: string, list: string): string {
  const key = Buffer.from(cursor.slice(TAG_CHARACTERS), 'base64url').toString('utf8');
  if (key === '' || key.length > 256 || encodeCursor(list, key) !== cursor) throw invalidCursor();
  return key;
}

/** The cursor was not given by this list. */
export function invalidCursor(): Problem {
  return new Problem('invalid-cursor', { errors: [{ parameter: 'cursor', detail: 'was not given by this list' }] });
}

const TAG_CHARACTERS = 8;

function tagOf(list: string): string {
  return createHash('sha256').update(list).digest('base64url').slice(0, TAG_CHARACTERS);
}
