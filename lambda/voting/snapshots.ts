import { RESULTS_CACHE_MS } from '../../src/voting/contract';
import type { Clock } from '../shared/api';
import { remember } from '../shared/remember';
import type { LaneTally, Tallies } from './ports';

/** Polls whose tallies one instance remembers: of 256 lanes and 20 options each some 10 MB. */
const CACHE_ENTRIES = 200;

/**
 * Reads for a version that the poll has not reached are at least this many milliseconds apart. Otherwise a client that makes versions up would
 * switch the cache off for everybody.
 */
export const UNREACHED_CACHE_MS = 100;

/** The tallies of a poll as they stood at a moment (milliseconds since the epoch) or later. */
export interface Snapshot {
  readonly lanes: readonly LaneTally[];
  readonly readAt: number;
  /** Whether it was read for a version that it does not have. */
  readonly unreached?: boolean;
}

/**
 * Every lane's version rises with every change of it, so their sum never falls from one reading to the next, and is the same
 * only where every lane is the same.
 */
export function versionOf(lanes: readonly LaneTally[]): number {
  return lanes.reduce((sum, { version }) => sum + version, 0);
}

/**
 * The tallies of polls, read at most once in `RESULTS_CACHE_MS` by an instance, whoever asks: a room of thousands that watches
 * its results costs the table a few reads a second. One that is older than what its caller has seen already is not given. The exception is
 * a tenth of a second after a read for a version that the poll had not reached.
 *
 * Their age counts from before the read was sent, because what it brings may be as old as that.
 */
export function snapshots(tallies: Pick<Tallies, 'ofPoll'>, clock: Clock, maxEntries = CACHE_ENTRIES): (pollId: string, atLeast: number) => Promise<Snapshot> {
  const cache = new Map<string, Snapshot>();

  return async (pollId, atLeast) => {
    const known = cache.get(pollId);
    const readAt = clock();
    // A clock that was set back must not make old results young.
    const ageMs = known === undefined || known.readAt > readAt ? Infinity : readAt - known.readAt;
    if (known !== undefined && ageMs < RESULTS_CACHE_MS && versionOf(known.lanes) >= atLeast) return known;
    if (known?.unreached && ageMs < UNREACHED_CACHE_MS) return known;
    const lanes = await tallies.ofPoll(pollId);
    const snapshot = { lanes, readAt, unreached: versionOf(lanes) < atLeast };
    remember(cache, maxEntries, pollId, snapshot);
    return snapshot;
  };
}
