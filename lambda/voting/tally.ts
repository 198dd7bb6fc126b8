import { DependencyUnavailable } from '../shared/problem';
import { type BallotChange, type Fold, fold, NO_MARK } from './fold';
import type { Tallies } from './ports';

/** Every refusal means that another invocation has counted some of the same changes meanwhile: few do at once. */
const ATTEMPTS = 10;
/** Counts that one write may change. DynamoDB takes 4 KB of an update's expression, and 300 operators in it. */
const COUNTS_PER_WRITE = 150;

/** What became of the lanes: how many changes are counted now that were not, and why some lanes are not. */
export interface Counted {
  readonly changes: number;
  readonly failed: ReadonlyMap<number, unknown>;
}

type LaneFold = readonly [lane: number, fold: Fold];

/**
 * Counts the changes that are not counted yet, of lanes of one tally item. All changes of a lane are counted by one write or none
 * is, so that a failure at any point leaves nothing half done; who does not know the end of it (a lost answer, a killed process)
 * counts again, and the marks tell what was counted. Lanes share a write because it costs as much as a write for one of them.
 */
export async function countLanes(
  tallies: Pick<Tallies, 'add'>, pollId: string, lanes: ReadonlyMap<number, readonly BallotChange[]>,
): Promise<Counted> {
  // Mostly nothing is counted yet: a write that finds out costs less than a read before every write.
  const marks = new Map<number, string>();
  const failed = new Map<number, unknown>();
  let counted = 0;
  let open: readonly number[] = [...lanes.keys()];
  let together = true;
  for (let attempt = 0; attempt < ATTEMPTS && open.length > 0; attempt += 1) {
    const refused: number[] = [];
    for (const folds of writesOf(foldsOf(open, lanes, marks), together)) {
      try {
        const standing = await tallies.add(pollId, new Map(folds));
        if (standing === undefined) {
          counted += folds.reduce((sum, [, { changes }]) => sum + changes, 0);
          continue;
        }
        for (const [lane, mark] of standing) marks.set(lane, mark);
        refused.push(...folds.map(([lane]) => lane));
      } catch (error) {
        // It may be one lane that the table does not take: that one must not hold up the others.
        const split = folds.length > 1 && !(error instanceof DependencyUnavailable);
        for (const [lane] of folds) {
          if (split) refused.push(lane);
          else failed.set(lane, error);
        }
        if (split) together = false;
      }
    }
    open = refused;
  }
  for (const lane of open) failed.set(lane, new Error(`Lane ${lane} of poll ${pollId} was counted by others ${ATTEMPTS} times in between`));
  return { changes: counted, failed };
}

/** What is above the marks, as far as they are known. */
function foldsOf(open: readonly number[], lanes: ReadonlyMap<number, readonly BallotChange[]>, marks: ReadonlyMap<number, string>): LaneFold[] {
  return open.flatMap((lane): LaneFold[] => {
    const uncounted = fold(lanes.get(lane)!, marks.get(lane) ?? NO_MARK);
    return uncounted === undefined ? [] : [[lane, uncounted]];
  });
}

/** As few writes as hold them, or one for each. */
function writesOf(folds: readonly LaneFold[], together: boolean): LaneFold[][] {
  const writes: LaneFold[][] = [];
  let room = 0;
  for (const one of folds) {
    // The mark, the version and the number of ballots, beside the options.
    const counts = one[1].deltas.size + 3;
    if (!together || counts > room) {
      writes.push([]);
      room = COUNTS_PER_WRITE;
    }
    writes.at(-1)!.push(one);
    room -= counts;
  }
  return writes;
}
