import type { BallotBox, Ballots } from './ports';

/**
 * A box that puts every ballot into its place at once. One conditional write decides, so that there is nothing between a look
 * and a write that a vote of the same voter could come into; and it gives back what stood there, so that a vote whose answer
 * was lost is told from a different one. The client of the table repeats a write whose answer was lost: a ballot keeps which request
 * made it first, so that a first vote is known as one by its repetition, too.
 *
 * Which of a voter's ballots stands in the end, some of which may come late and in any order by the queue (ingestion.ts):
 * - Where a change is allowed, the one that was accepted last, whichever way each came. For that the same choice again is
 *   written, too: it moves the moment on, which a vote of in between must not be later than.
 * - Where it is not, one whose voter was told that it stands (201 or 200) is never overturned. If all came by the queue, the one
 *   that was accepted first stands, whatever order they were written in.
 */
export function ballotBox(ballots: Pick<Ballots, 'put'>): BallotBox {
  return {
    async cast(ballot) {
      const { choice, acceptedAt, revote } = ballot;
      const put = await ballots.put(ballot);
      if (put.written) return { outcome: put.before === undefined ? 'first' : 'standing', vote: { choice, acceptedAt } };
      const { standing, own = false } = put;
      if (own) return { outcome: 'first', vote: standing };
      return { outcome: revote || standing.choice === choice ? 'standing' : 'refused', vote: standing };
    },
  };
}
