import type { LaneBatch } from './aggregate';
import { advance, sourceOf } from './checkpoint';
import type { BallotChange } from './fold';
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
 * Buries the changes of a lane that cannot be read, before anything moves the lane's checkpoint beyond them.
 *
 * What the checkpoint says was processed was buried before. So a batch that comes again and again, because the table takes nothing, does
 * not fill the dead letters: it costs one read, and only where there is something to bury.
 */
export async function buryUncounted(
  { tallies, bury }: BuryDependencies, { lane, stream, changes }: LaneBatch & { readonly lane: LaneKey },
): Promise<Buried> {
  if (!changes.some(({ dead }) => dead !== undefined)) return { rest: [] };
  const source = sourceOf(stream, lane.pollId);
  let at = (await tallies.ofLane(lane))?.checkpoint;
  for (const [index, change] of changes.entries()) {
    const step = advance(at, change, source);
    try {
      if (step.kind !== 'repeated' && change.dead !== undefined) await bury(change);
    } catch (error) {
      return { rest: changes.slice(index), error };
    }
    ({ at } = step);
  }
  return { rest: [] };
}
