import { type BallotChange, fold, NO_MARK } from './fold';
import type { LaneKey, Tallies } from './ports';

/** Every refusal means that another invocation has counted some of the same changes meanwhile: few do at once. */
const ATTEMPTS = 10;

/**
 * Counts the changes of one lane that are not counted yet, and says how many those were. All of them are counted by one
 * write or none is, so that a failure at any point leaves nothing half done; who does not know the end of it (a lost answer,
 * a killed process) counts again, and the mark tells what was counted.
 */
export async function countLane(tallies: Pick<Tallies, 'add'>, lane: LaneKey, changes: readonly BallotChange[]): Promise<number> {
  // Mostly nothing is counted yet: a write that finds out costs less than a read before every write.
  let mark = NO_MARK;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const uncounted = fold(changes, mark);
    if (uncounted === undefined) return 0;
    const standing = await tallies.add(lane, uncounted);
    if (standing === undefined) return uncounted.changes;
    mark = standing;
  }
  throw new Error(`Lane ${lane.lane} of poll ${lane.pollId} was counted by others ${ATTEMPTS} times in between`);
}
