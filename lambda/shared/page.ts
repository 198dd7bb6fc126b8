import { Problem } from './problem';

export const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 100;

/** Where to go on and how far: the query parameters `limit` and `cursor` of every list. */
export interface PageRequest {
  readonly limit: number;
  /** The sort key after which the page begins. */
  readonly after?: string;
}

/** Reads `limit` and `cursor`. A cursor is the last sort key of the page before; the partition comes from the caller, so it opens nothing. */
export function readPage(query: Readonly<Record<string, string>>): PageRequest {
  const { limit: asked = String(DEFAULT_PAGE_SIZE) } = query;
  // Digits only: Number() would also read '', ' 5', '1e1' and '0x10'.
  const limit = /^\d+$/.test(asked) ? Number(asked) : 0;
  if (limit < 1 || limit > MAX_PAGE_SIZE) {
    throw new Problem('invalid-request', { detail: `limit must be a whole number from 1 to ${MAX_PAGE_SIZE}` });
  }
  return query.cursor === undefined ? { limit } : { limit, after: decodeCursor(query.cursor) };
}

export function encodeCursor(lastKey: string): string {
  return Buffer.from(lastKey, 'utf8').toString('base64url');
}

function decodeCursor(cursor: string): string {
  const key = Buffer.from(cursor, 'base64url').toString('utf8');
  if (key === '' || key.length > 256 || encodeCursor(key) !== cursor) throw new Problem('invalid-cursor');
  return key;
}
