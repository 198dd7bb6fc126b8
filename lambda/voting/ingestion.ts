import type { Log } from '../shared/api';
import { DependencyUnavailable } from '../shared/problem';
import type { BallotBox, Breaker, OverflowQueue } from './ports';

/** A breaker that never opens: every instance finds out by itself, by the patience of its client. */
export const NO_BREAKER: Breaker = {
  allow: async () => true,
  failed: async () => undefined,
  succeeded: async () => undefined,
};

/** A box that only keeps ballots; the drain puts them into their places. */
export function bufferedBox(queue: OverflowQueue): BallotBox {
  return {
    async cast(ballot) {
      await queue.send(ballot);
      return { outcome: 'queued', vote: { choice: ballot.choice, acceptedAt: ballot.acceptedAt } };
    },
  };
}

export interface OverflowOptions {
  readonly direct: BallotBox;
  readonly buffered: BallotBox;
  readonly breaker: Breaker;
  readonly log: Log;
}

/**
 * A box that puts ballots into their places, and keeps those for which the table has no time.
 *
 * A table that does not answer in time may have written the ballot all the same. Then it comes twice, once by each way; that is
 * like any vote that comes twice, and the conditions of the writes see to it.
 */
export function overflowBox({ direct, buffered, breaker, log }: OverflowOptions): BallotBox {
  return {
    async cast(ballot) {
      if (await breaker.allow()) {
        try {
          const outcome = await direct.cast(ballot);
          await breaker.succeeded();
          return outcome;
        } catch (error) {
          if (!(error instanceof DependencyUnavailable)) throw error;
          await breaker.failed();
          log.warn('The table takes no ballots, the queue does', { pollId: ballot.pollId, lane: ballot.lane, error });
        }
      }
      return buffered.cast(ballot);
    },
  };
}
