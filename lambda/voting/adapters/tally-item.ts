import { SEQUENCE_DIGITS } from '../../../src/voting/contract';
import { NO_MARK } from '../fold';
import type { MarkedTally } from '../ports';
import type { Item } from './items';

/**
 * How lanes stand beside each other in one item: every attribute's name begins with the number of its lane. Lane 7 has `7m` (its
 * mark), `7v` (version), `7b` (ballots), `7k` (the last marker), and `7#<optionId>` for each option's count. Each number is an
 * attribute of its own, because adding to one needs nothing to be there before; names are short, because they are billed.
 */
export const attributes = (lane: number) => ({
  mark: `${lane}m`,
  version: `${lane}v`,
  ballots: `${lane}b`,
  marker: `${lane}k`,
  count: (optionId: string) => `${lane}#${optionId}`,
});

const RADIX = 36;
/** As many characters at once as a number holds exactly: results read a mark for every lane. */
const SAFE_DIGITS = /.{1,10}/g;
/** What `SEQUENCE_DIGITS` decimal digits need. */
const MARK_CHARACTERS = Math.ceil(SEQUENCE_DIGITS / Math.log10(RADIX));

/** A sequence number in two thirds of its length. It sorts as the number does: every mark is as long. */
export function toMark(sequence: string): string {
  return BigInt(sequence).toString(RADIX).padStart(MARK_CHARACTERS, '0');
}

/** The sequence number of a mark, as `BallotChange` has it. */
export function toSequence(mark: string | undefined): string {
  if (mark === undefined) return NO_MARK;
  let value = 0n;
  for (const digits of mark.match(SAFE_DIGITS) ?? []) value = value * BigInt(RADIX ** digits.length) + BigInt(parseInt(digits, RADIX));
  return value.toString().padStart(SEQUENCE_DIGITS, '0');
}

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
  const { mark, version, ballots, marker } = attributes(lane);
  const markerOf = item[marker]?.S;
  return {
    counts: {},
    ballots: Number(item[ballots]?.N ?? 0),
    version: Number(item[version]?.N ?? 0),
    mark: toSequence(item[mark]?.S),
    ...(markerOf === undefined ? {} : { marker: markerOf }),
  };
}
