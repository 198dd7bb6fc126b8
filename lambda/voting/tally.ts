import { DependencyUnavailable } from '../shared/problem';
import { sourceOf, type WaitReason } from './checkpoint';
import { type BallotChange, type Fold, fold, NOT_READ, type Standing } from './fold';
import type { Tallies } from './ports';

/** Every refusal means that another invocation has counted some of the same changes meanwhile: few do at once. */
const ATTEMPTS = 10;
/** Counts that one write may change. DynamoDB takes 4 KB of an update's expression, and 300 operators in it. */
const COUNTS_PER_WRITE = 150;

/** What became of the lanes: how many changes are counted now that were not, and why some lanes are not. */
export interface Counted {
  readonly changes: number;
  /** Changes that a recount has to count. */
  readonly uncounted: number;
  /** Why lanes wait for a recount since this batch. */
  readonly waits: readonly WaitReason[];
  readonly failed: ReadonlyMap<number, unknown>;
}

export interface CountDependencies {
  readonly tallies: Pick<Tallies, 'add'>;
  /** Sees to it that somebody recounts the lane's poll; when it has ended, that is kept elsewhere. */
  readonly report: (lane: number, fold: Fold) => Promise<void>;
}

/** Changes of some lanes of one tally item, all of one stream. */
export interface LanesBatch {
  readonly pollId: string;
  /** The stream that they come from: see `Source`. */
  readonly stream: number;
  readonly lanes: ReadonlyMap<number, readonly BallotChange[]>;
}

type LaneFold = readonly [lane: number, fold: Fold];

/**
 * Counts the changes that are not counted yet, of lanes of one tally item. All changes of a lane are counted by one write or none
 * is, so that a failure at any point leaves nothing half done; who does not know the end of it (a lost answer, a killed process)
 * counts again, and the checkpoints tell what was counted. Lanes share a write because it costs as much as a write for one of them.
 */
export async function countLanes({ tallies, report }: CountDependencies, { pollId, stream, lanes }: LanesBatch): Promise<Counted> {
  const source = sourceOf(stream, pollId);
  // Mostly nothing is counted yet: a write that finds out costs less than a read before every write.
  const checkpoints = new Map<number, Standing>();
  const failed = new Map<number, unknown>();
  const waits: WaitReason[] = [];
  let counted = 0;
  let uncounted = 0;
  let open: readonly number[] = [...lanes.keys()];
  let together = true;
  for (let attempt = 0; attempt < ATTEMPTS && open.length > 0; attempt += 1) {
    const refused: number[] = [];
    const foldsNow = open.flatMap((lane): LaneFold[] => {
      const unprocessed = fold(lanes.get(lane)!, checkpoints.has(lane) ? checkpoints.get(lane) : NOT_READ, source);
      return unprocessed === undefined ? [] : [[lane, unprocessed]];
    });
    for (const folds of writesOf(foldsNow, together)) {
      try {
        const standing = await tallies.add(pollId, new Map(await reported(folds, report)));
        if (standing === undefined) {
          for (const [, one] of folds) {
            counted += one.changes - one.uncounted.length;
            uncounted += one.uncounted.length;
            waits.push(...one.waits);
          }
          continue;
        }
        for (const [lane, checkpoint] of standing) checkpoints.set(lane, checkpoint);
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
  return { changes: counted, uncounted, waits, failed };
}

/**
 * Reports lanes with changes that a recount has to count, each once, before the tally says that it was done. A lane that only a
 * marker has come by in is not reported: somebody recounts it just now.
 */
async function reported(folds: readonly LaneFold[], report: CountDependencies['report']): Promise<LaneFold[]> {
  const told: LaneFold[] = [];
  for (const [lane, one] of folds) {
    const news = one.uncounted.length > 0 && one.checkpoint.state === 'waiting';
    if (news) await report(lane, one);
    told.push([lane, news ? { ...one, checkpoint: { ...one.checkpoint, state: 'reported' } } : one]);
  }
  return told;
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
