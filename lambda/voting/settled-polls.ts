import { CLOCK_SKEW_MS } from '../../src/voting/contract';
import type { Clock, Log } from '../shared/api';
import { settleEnd } from './closing';
import type { PollReader, PollRecord, Polls } from './ports';

export interface SettleDependencies {
  readonly polls: Pick<Polls, 'find' | 'announceClose' | 'settleClose'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Gives a poll with its settled end if its announced one is past. */
export type Settle = (poll: PollRecord) => Promise<PollRecord>;

/**
 * Settles the end of a poll whose announced end is past, whoever meets it. Whoever announced it was killed in between, or is slow:
 * without this nobody could vote, and the poll would read open, until somebody closes it again. Whether it may be closed was decided
 * when it was announced, and each step of settling is repeatable by anybody (see closing.ts).
 *
 * If it cannot be settled now, the poll is given as it was found: a reader sees it open, a vote is asked to come again.
 */
export function settler({ polls, clock, log }: SettleDependencies): Settle {
  return async (poll) => {
    if (!isOverdue(poll, clock())) return poll;
    try {
      const seenAt = clock();
      // What was found may come from memory, or from a read that need not be consistent.
      const fresh = await polls.find(poll);
      return fresh === undefined ? poll : await settleEnd(polls, clock, { poll: fresh, seenAt });
    } catch (error) {
      log.warn('The announced end of a poll is past, and could not be settled', { pollId: poll.pollId, error });
      return poll;
    }
  };
}

/** As soon as a request can have been stamped at the announced end by any clock. */
function isOverdue({ closedAt, closingAt = Infinity, closesAt = Infinity }: PollRecord, now: number): boolean {
  return closedAt === undefined && now + CLOCK_SKEW_MS >= closingAt && now < closesAt;
}

/** Finds polls, with their ends settled. */
export function settledPolls(polls: PollReader, settle: Settle): PollReader {
  return {
    async find(key) {
      const poll = await polls.find(key);
      return poll === undefined ? undefined : settle(poll);
    },
  };
}
