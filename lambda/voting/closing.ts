import type { PollRecord, Polls, Sleep } from './ports';
import { CLOCK_SKEW_MS, CLOSE_LEAD_MS, CLOSE_WRITE_MS, POLL_CACHE_MS } from '../../src/voting/contract';
import type { Clock } from '../shared/api';
import { DependencyUnavailable } from '../shared/problem';

/**
 * How a poll closes exactly, although functions vote by polls that they have read a moment ago and no two clocks agree.
 *
 * What is given: a vote is decided by the moment that API Gateway stamped on it, and by a poll that was read at most
 * `POLL_CACHE_MS` before the vote came (poll-cache.ts). Two clocks are apart at most `CLOCK_SKEW_MS`.
 *
 * The end is announced for a moment ahead. Whoever has seen the announcement in the table when their own clock still was
 * `POLL_CACHE_MS + CLOCK_SKEW_MS` short of that moment knows: a vote stamped at or after it comes at least `POLL_CACHE_MS`
 * later, so it is decided by a poll that was read after the announcement was written. No such vote can have been accepted,
 * and none will be. That settles the moment, and it never changes again.
 *
 * Where the write took too long for that (which only its end tells), the end is announced again for a later moment: a vote
 * in between may have been accepted meanwhile, and still counts. As long as the end is not settled, a vote after the announced
 * moment is neither accepted nor refused but asked to come again. In the usual course nobody meets that: the end is settled
 * one round trip after it was announced, long before its moment.
 *
 * The closer is answered when the moment lies `CLOCK_SKEW_MS` in the past: every clock has passed it then, so that no request
 * that begins after the answer can be stamped before the end. Each step is repeatable, by whoever closes next, also at once.
 */
export type Verdict = 'accepted' | 'closed' | 'undecided';

export function verdictOn({ closingAt, closedAt }: PollRecord, acceptedAt: number): Verdict {
  if (closingAt === undefined || acceptedAt < closingAt) return 'accepted';
  return closedAt === undefined ? 'undecided' : 'closed';
}

/** An announcement and its settlement are two; more are for slow writes and for others who close at the same time. */
const STEPS = 10;

/** Brings about that the poll has a settled end, its first one, and gives the poll with it. */
export async function settleEnd(polls: Pick<Polls, 'announceClose' | 'settleClose'>, clock: Clock, poll: PollRecord): Promise<PollRecord> {
  let seen = poll;
  let forTheWrite = CLOSE_WRITE_MS;
  for (let step = 0; step < STEPS; step += 1) {
    if (seen.closedAt !== undefined) return seen;
    const now = clock();
    if (seen.closingAt !== undefined && now + POLL_CACHE_MS + CLOCK_SKEW_MS <= seen.closingAt) {
      seen = await polls.settleClose(seen, seen.closingAt);
    } else {
      seen = await polls.announceClose(seen, now + CLOSE_LEAD_MS - CLOSE_WRITE_MS + forTheWrite, seen.closingAt);
      // A table that was slow once is given longer the next time.
      forTheWrite *= 2;
    }
  }
  throw new DependencyUnavailable('The voting table');
}

/** Waits until every clock has passed that moment. */
export async function passed(moment: number, clock: Clock, sleep: Sleep): Promise<void> {
  for (let left = moment + CLOCK_SKEW_MS - clock(); left > 0; left = moment + CLOCK_SKEW_MS - clock()) await sleep(left);
}
