import type { LaneCounts, RecountLane } from '../../src/voting/contract';
import type { Clock, Log, NewId } from '../shared/api';
import type { FoundBallots, LaneKey, LaneLog, MarkedTally, Sleep, Tallies } from './ports';

/** How often a lane is tried whose ballots change meanwhile, and how long it is left alone in between at first. */
const ATTEMPTS = 6;
const PAUSE_MS = 500;
/** How long a marker may take to come by. In the usual course that is a second or two. */
const MARKER_PATIENCE_MS = 60_000;
const MARKER_POLL_MS = 250;

export interface LaneRecountDependencies {
  readonly tallies: Pick<Tallies, 'ofLane' | 'mend' | 'unmark'>;
  readonly laneLog: LaneLog;
  readonly newId: NewId;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly log: Log;
  /** Nothing is begun afterwards. */
  readonly until: number;
}

export interface HowToRecount {
  /** Whether a tally that differs is made equal to its ballots, and one that waits for a recount is counted on from there. */
  readonly mend: boolean;
  /** Whether the answer has the counts by option. */
  readonly reveal: boolean;
}

/**
 * Counts the ballots of one lane again, exactly, although votes may arrive meanwhile.
 *
 * A marker is put into the lane's partition. When the tally shows it, every change of before the marker is counted: in the tally
 * as in the table. Then the ballots are counted, and a second marker is put. When the tally shows that one, every change of before
 * it is counted, too. If between the two the tally has counted no change of a ballot, no ballot has changed while they were
 * counted: what was found is what the tally of both moments should say.
 *
 * It is mended by one write that holds only if still nothing was processed since the tally was read, so that no vote of afterwards
 * is overwritten. If ballots changed, the lane is tried again some times.
 *
 * The same holds for a lane that waits for a recount (see `advance`): its changes raise its version and move its checkpoint, though
 * they are not counted. The mend sets its counts as of the checkpoint, and from there it is counted on.
 */
export async function recountLane(dependencies: LaneRecountDependencies, lane: LaneKey, how: HowToRecount): Promise<RecountLane> {
  const { tallies, log } = dependencies;
  let marker: string | undefined;
  const newId = () => {
    marker = dependencies.newId();
    return marker;
  };
  const result = await provenLane({ ...dependencies, newId }, lane, how);
  // A marker that stays makes every later write of the item dearer, and does no other harm.
  if (marker !== undefined) await tallies.unmark(lane, marker).catch((error) => log.warn('A marker stays in a tally', { ...lane, error }));
  return result;
}

async function provenLane(dependencies: LaneRecountDependencies, lane: LaneKey, { mend, reveal }: HowToRecount): Promise<RecountLane> {
  const { clock, sleep, log, until } = dependencies;
  let found: FoundBallots | undefined;
  for (let attempt = 0; attempt < ATTEMPTS && clock() < until; attempt += 1) {
    if (attempt > 0) await sleep(PAUSE_MS * 2 ** attempt);
    const before = await markedTally(dependencies, lane);
    if (before === undefined) continue;
    found = await dependencies.laneLog.count(lane);
    const tally = await markedTally(dependencies, lane);
    if (tally === undefined || tally.version !== before.version) continue;
    const { unreadable, ...counted } = found;
    const about = { lane: lane.lane, ballots: counted.ballots, ...(unreadable === undefined ? {} : { unreadable }) };
    const said = countsOf(tally);
    const equal = same(said, counted);
    const waits = tally.checkpoint?.state !== 'counting';
    if (equal && !waits) return { ...about, state: 'equal' };
    const difference = equal ? {} : { before: shown(said, reveal), after: shown(counted, reveal) };
    // Numbers of ballots alone: in a lane with few of them, a count by option is somebody's secret vote.
    log.warn(equal ? 'A tally waits for a recount' : 'A tally differs from its ballots', { ...lane, said: said.ballots, found: counted.ballots, mend });
    if (!mend) return { ...about, state: equal ? 'waiting' : 'differs', ...difference };
    if (await dependencies.tallies.mend(lane, tally, counted)) return { ...about, state: equal ? 'equal' : 'mended', ...difference };
  }
  return { lane: lane.lane, ballots: found?.ballots ?? 0, state: 'busy' };
}

/**
 * Puts a marker and waits until the tally shows it; undefined where it does not, or where another recount's came over it. Ids rise
 * with time: a lower one is of an earlier attempt, or of another recount, and still comes by before ours.
 */
async function markedTally(dependencies: LaneRecountDependencies, lane: LaneKey): Promise<MarkedTally | undefined> {
  const { tallies, laneLog, newId, clock, sleep, until } = dependencies;
  const marker = newId();
  const standing = await tallies.ofLane(lane);
  await laneLog.mark(lane, marker);
  const limit = Math.min(until, clock() + MARKER_PATIENCE_MS);
  do {
    await sleep(MARKER_POLL_MS);
    const tally = await tallies.ofLane(lane);
    if (tally?.marker === marker) return tally;
    if (tally?.marker !== standing?.marker && (tally?.marker ?? '') > marker) return undefined;
  } while (clock() < limit);
  return undefined;
}

function shown({ ballots, counts }: LaneCounts, reveal: boolean): LaneCounts {
  return { ballots, counts: reveal ? counts : {} };
}

/** Without what counts nothing, so that it compares. */
function countsOf({ ballots, counts }: MarkedTally): LaneCounts {
  return { ballots, counts: Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0)) };
}

function same(a: LaneCounts, b: LaneCounts): boolean {
  const options = Object.keys(a.counts);
  const sameOptions = options.length === Object.keys(b.counts).length && options.every((option) => a.counts[option] === b.counts[option]);
  return a.ballots === b.ballots && sameOptions;
}
