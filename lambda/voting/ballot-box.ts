import type { BallotBox, Ballots } from './ports';

/**
 * A box that puts every ballot into its place at once. One conditional write decides, so that there is nothing between a look
 * and a write that a vote of the same voter could come into; and it gives back what stood there, so that a vote whose answer
 * was lost is told from a different one.
 *
 * Where a change is allowed, the vote that was accepted last stands in the end, whichever order the ballots come in. For that
 * the same option again is written, too: it moves the moment on, which a vote of in between must not be later than.
 */
export function ballotBox(ballots: Ballots): BallotBox {
  return {
    async cast(ballot) {
      const { optionId, acceptedAt, revote } = ballot;
      const put = await ballots.put(ballot);
      if (put.written) return { outcome: put.before === undefined ? 'first' : 'standing', vote: { optionId, acceptedAt } };
      const { standing } = put;
      return { outcome: revote || standing.optionId === optionId ? 'standing' : 'refused', vote: standing };
    },
  };
}
