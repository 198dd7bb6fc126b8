import type { NewPoll } from '../../src/voting/contract';
import { type FieldError, Problem } from '../shared/problem';

export interface PollTimes {
  readonly opensAt?: number;
  readonly closesAt?: number;
}

/** The times of a new poll, whose form the schema has checked, in milliseconds since the epoch. */
export function readTimes({ opensAt: opening, closesAt: closing }: Pick<NewPoll, 'opensAt' | 'closesAt'>): PollTimes {
  const errors: FieldError[] = [];
  const read = (name: 'opensAt' | 'closesAt', text: string | undefined) => {
    const moment = text === undefined ? undefined : instantOf(text);
    if (text !== undefined && moment === undefined) errors.push({ pointer: `/${name}`, detail: 'is not a time that exists' });
    return moment;
  };
  const opensAt = read('opensAt', opening);
  const closesAt = read('closesAt', closing);
  if (opensAt !== undefined && closesAt !== undefined && closesAt <= opensAt) errors.push({ pointer: '/closesAt', detail: 'must be after opensAt' });
  if (errors.length > 0) throw new Problem('invalid-request', { errors });
  return { ...(opensAt === undefined ? {} : { opensAt }), ...(closesAt === undefined ? {} : { closesAt }) };
}

/** As `toISOString` writes years that RFC 3339 has: others it writes with a sign and six digits. */
const WRITTEN_YEAR = /^\d{4}-/;

/**
 * Undefined for what RFC 3339 does not know. `Date.parse` would take the 30th of February for the 2nd of March and 24:00 for
 * the next midnight, and zones lead out of the years 0 to 9999.
 */
function instantOf(text: string): number | undefined {
  if (text.includes('T24')) return undefined;
  const [day] = text.split('T');
  const midnight = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(day)) return undefined;
  const moment = Date.parse(text);
  return Number.isNaN(moment) || !WRITTEN_YEAR.test(new Date(moment).toISOString()) ? undefined : moment;
}
