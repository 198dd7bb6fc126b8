import { createHash } from 'node:crypto';
import { LANES_PER_TALLY } from '../../src/voting/contract';

/**
 * The lane of a voter: the same one for ever, and every lane equally likely. A cryptographic hash, because user ids are
 * much alike and one of its calls costs a microsecond; the remainder of 32 bits is even to one in ten million for 256 lanes.
 */
export function laneOf(voter: string, lanes: number): number {
  return createHash('sha256').update(voter).digest().readUInt32BE(0) % lanes;
}

/** Which of the poll's tally items has the lane: lanes of the same one can be counted by one write. */
export const tallyOf = (lane: number) => Math.floor(lane / LANES_PER_TALLY);
