import type { MarkedTally } from '../ports';
import { toCheckpoint } from './checkpoints';
import type { Item } from './items';

/**
 * How lanes stand beside each other in one item: every attribute's name begins with the number of its lane. Lane 7 has `7m` (its
 * checkpoint), `7v` (version), `7b` (ballots), `7k` (the last marker), and `7#<optionId>` for each option's count. Each number is an
 * attribute of its own, because adding to one needs nothing to be there before; names are short, because they are billed.
 */
export const attributes = (lane: number) => ({
  checkpoint: `${lane}m`,
  version: `${lane}v`,
  ballots: `${lane}b`,
  marker: `${lane}k`,
  count: (optionId: string) => `${lane}#${optionId}`,
});

/** The tallies of an item by lane. Whatever one lacks, nothing was added to yet: a recount must be able to mend it. */
export function toTallies(item: Item): Map<number, MarkedTally> {
  const tallies = new Map<number, MarkedTally & { counts: Record<string, number> }>();
  for (const [name, value] of Object.entries(item)) {
    const [, digits, optionId] = /^(\d{1,3})(?:[mvbk]|#(.+))$/.exec(name) ?? [];
    if (digits === undefined) continue;
    const lane = Number(digits);
    const tally = tallies.get(lane) ?? { ...emptyTally(item, lane), counts: {} };
    tallies.set(lane, tally);
    if (optionId !== undefined) tally.counts[optionId] = Number(value.N ?? 0);
  }
  return tallies;
}

function emptyTally(item: Item, lane: number): MarkedTally {
  const { checkpoint, version, ballots, marker } = attributes(lane);
  const markerOf = item[marker]?.S;
  const standing = toCheckpoint(item[checkpoint]);
  return {
    counts: {},
    ballots: Number(item[ballots]?.N ?? 0),
    version: Number(item[version]?.N ?? 0),
    ...(standing === undefined ? {} : { checkpoint: standing }),
    ...(markerOf === undefined ? {} : { marker: markerOf }),
  };
}
