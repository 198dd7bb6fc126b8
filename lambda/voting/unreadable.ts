import { type BallotChange, NO_MARK } from './fold';
import type { LaneKey, Tallies } from './ports';

export interface BuryDependencies {
  readonly tallies: Pick<Tallies, 'ofLane'>;
  /** It is kept elsewhere when this has ended. */
  readonly bury: (change: BallotChange) => Promise<void>;
}

export interface Buried {
  /** The changes from the first one on that could not be buried: those must not be counted yet. */
  readonly rest: readonly BallotChange[];
  readonly error?: unknown;
}

/**
 * Buries the changes of a lane that cannot be read, before anything moves the lane's mark beyond them.
 *
 * What the mark says was counted was buried before. So a batch that comes again and again, because the table takes nothing, does
 * not fill the dead letters: it costs one read, and only where there is something to bury.
 */
export async function buryUncounted({ tallies, bury }: BuryDependencies, lane: LaneKey, changes: readonly BallotChange[]): Promise<Buried> {
  if (!changes.some(({ dead }) => dead !== undefined)) return { rest: [] };
  const tally = await tallies.ofLane(lane);
  let last = tally?.mark ?? NO_MARK;
  for (const [index, change] of changes.entries()) {
    // As in the fold: what is not above the one before it is a repetition.
    if (change.sequence <= last) continue;
    try {
      if (change.dead !== undefined) await bury(change);
    } catch (error) {
      return { rest: changes.slice(index), error };
    }
    last = change.sequence;
  }
  return { rest: [] };
}
