import { laneOf } from '../../lambda/voting/lane';
import { seeded, uuid } from './random';

/** The most of a burst on one poll that one partition key may take. */
export const HOTTEST_SHARE_LIMIT = 1 / 16;
const LANES = [16, 17, 18, 19, 20, 24, 32, 64, 128, 256];
/** A multiple of all of them: a number modulo this, modulo one of them, is that number modulo that one. So each voter is hashed once. */
const COMMON_MULTIPLE = LANES.reduce((multiple, lanes) => multiple * lanes / greatestDivisor(multiple, lanes), 1);
const SEED = 20_260_101;

export interface HotKeyFigures {
  readonly voters: number;
  readonly polls: number;
  readonly limit: number;
  /** The share of the votes that the hottest lane took: of the worst poll, and of the poll in the middle. */
  readonly byLanes: Array<{ readonly lanes: number; readonly worst: number; readonly median: number }>;
  /** The least of the numbers tried with which the worst poll keeps the limit. */
  readonly lanesThatHold: number | undefined;
}

/**
 * How much of a poll's votes the hottest lane takes. A lane depends on the voter alone, so each poll has voters of its own:
 * the same ones would be the same poll again.
 */
export function hottestKey(voters: number, polls: number): HotKeyFigures {
  const random = seeded(SEED);
  const shares = LANES.map(() => [] as number[]);
  for (let poll = 0; poll < polls; poll += 1) {
    const counts = LANES.map((lanes) => new Uint32Array(lanes));
    for (let voter = 0; voter < voters; voter += 1) {
      const hash = laneOf(uuid(random), COMMON_MULTIPLE);
      for (const [index, lanes] of LANES.entries()) counts[index][hash % lanes] += 1;
    }
    for (const [index, lane] of counts.entries()) shares[index].push(Math.max(...lane) / voters);
  }
  const byLanes = LANES.map((lanes, index) => {
    const sorted = [...shares[index]].sort((a, b) => a - b);
    return { lanes, worst: sorted.at(-1)!, median: sorted[Math.floor(sorted.length / 2)] };
  });
  return { voters, polls, limit: HOTTEST_SHARE_LIMIT, byLanes, lanesThatHold: byLanes.find(({ worst }) => worst <= HOTTEST_SHARE_LIMIT)?.lanes };
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
