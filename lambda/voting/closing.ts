import { CLOCK_SKEW_MS, CLOSE_LEAD_MS, CLOSE_WRITE_MS, POLL_CACHE_MS } from '../../src/voting/contract';
import type { Clock } from '../shared/api';
import { DependencyUnavailable } from '../shared/problem';
import type { PollRecord, Polls, Sleep } from './ports';

/**
 * When a poll takes votes: those that were accepted in [opensAt, end), where the end is the earlier one of `closesAt`, which was
 * given with its creation, and of the end that somebody settled by hand. What was given with the creation is known to everybody
 * who can know the poll at all: it is exact without any timer, and nothing has to happen at that moment.
 *
 * How a poll closes by hand exactly, although functions vote by polls that they have read a moment ago and no two clocks agree.
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
 * moment is neither accepted nor refused. In the usual course nobody meets that: the end is settled one round trip after it was
 * announced, long before its moment. Whoever does meet it, by a vote or a look, settles it (settled-polls.ts), so that no poll
 * stays in between when its closer was killed.
 *
 * The closer is answered when the moment lies `CLOCK_SKEW_MS` in the past: every clock has passed it then, so that no request
 * that begins after the answer can be stamped before the end. Each step is repeatable, by whoever closes next, also at once.
 *
 * An end that is settled later than `closesAt` changes nothing. So who closes a poll need not look at `closesAt`, unless it is
 * past: then nothing is announced any more. A poll that closed by itself while an earlier end was announced by somebody who died
 * is shown with `closesAt`: votes of in between that were accepted count, the others were asked to come again, and are late then.
 */
export type Verdict = 'accepted' | 'early' | 'closed' | 'undecided';

type Times = Pick<PollRecord, 'opensAt' | 'closesAt' | 'closingAt' | 'closedAt'>;

/** The end, where one is known: no vote counts that was accepted at it or later. */
export function endOf({ closesAt = Infinity, closedAt = Infinity }: Times): number | undefined {
  const end = Math.min(closesAt, closedAt);
  return end === Infinity ? undefined : end;
}

export function verdictOn(poll: Times, acceptedAt: number): Verdict {
  if (acceptedAt >= (endOf(poll) ?? Infinity)) return 'closed';
  if (acceptedAt < (poll.opensAt ?? -Infinity)) return 'early';
  return acceptedAt >= (poll.closingAt ?? Infinity) ? 'undecided' : 'accepted';
}

/** An announcement and its settlement are two; more are for slow writes and for others who close at the same time. */
const STEPS = 10;

/**
 * Brings about that the poll has a settled end by hand, its first one, or has closed by itself, and gives the poll with it.
 * `seenAt`: a moment before the poll's read was sent. What it brings may be as old as that, however late it came back.
 */
export async function settleEnd(
  polls: Pick<Polls, 'announceClose' | 'settleClose'>, clock: Clock, { poll, seenAt }: { readonly poll: PollRecord; readonly seenAt: number },
): Promise<PollRecord> {
  let seen = poll;
  let now = seenAt;
  let forTheWrite = CLOSE_WRITE_MS;
  for (let step = 0; step < STEPS; step += 1) {
    if (seen.closedAt !== undefined) return seen;
    // When it was seen, nobody's clock let an earlier end be announced any more.
    if (seen.closingAt === undefined && now >= (seen.closesAt ?? Infinity) + CLOCK_SKEW_MS) return seen;
    now = clock();
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
