import type { RecountLane, RecountRequest, RecountResult } from '../../src/voting/contract';
import { isId } from '../shared/ids';
import { DependencyUnavailable } from '../shared/problem';
import { eachOf } from './concurrency';
import type { PollReader } from './ports';
import { type LaneRecountDependencies, recountLane } from './recount-lane';

/** Lanes that are counted at once: each waits for the stream most of the time. */
const CONCURRENCY = 32;
/** Within the 15 minutes of its function: what is not counted by then is busy. */
const LIMIT_MS = 12 * 60 * 1000;

export interface RecountDependencies extends Omit<LaneRecountDependencies, 'until'> {
  readonly polls: PollReader;
}

/** Holds the tallies of a poll against its ballots, while votes may arrive, and makes them equal where that is asked for. */
export function recount(dependencies: RecountDependencies) {
  const { polls, clock, log } = dependencies;
  return async (request: unknown): Promise<RecountResult> => {
    const { roomId, pollId, ...how } = readRequest(request);
    const { mend } = how;
    const until = clock() + LIMIT_MS;
    const poll = await polls.find({ roomId, pollId });
    if (poll === undefined) throw new Error(`There is no poll ${pollId} in room ${roomId}`);
    const lanes: RecountLane[] = [];
    await eachOf(Array.from({ length: poll.lanes }, (_, lane) => lane), CONCURRENCY, async (lane) => {
      try {
        lanes.push(await recountLane({ ...dependencies, until }, { pollId, lane }, how));
      } catch (error) {
        // The others are worth their result. Besides, what is still running when a function ends goes on with its next invocation.
        if (!(error instanceof DependencyUnavailable)) throw error;
        log.warn('A lane could not be counted again', { pollId, lane, error });
        lanes.push({ lane, ballots: 0, state: 'busy' });
      }
    });
    lanes.sort((a, b) => a.lane - b.lane);
    const equal = lanes.every(({ state }) => state === 'equal' || state === 'mended');
    log.info('Poll recounted', { pollId, mend, equal, states: lanes.map(({ state }) => state) });
    return { pollId, lanes, equal };
  };
}

function readRequest(request: unknown): Required<RecountRequest> {
  const { roomId, pollId, mend, reveal = false } = (request ?? {}) as Partial<Record<keyof RecountRequest, unknown>>;
  if (typeof roomId !== 'string' || typeof pollId !== 'string' || !isId(pollId) || typeof mend !== 'boolean' || typeof reveal !== 'boolean') {
    throw new TypeError('A recount is asked for with { roomId, pollId, mend: true or false }');
  }
  return { roomId, pollId, mend, reveal };
}
