import { OpsError } from './errors';
import type { TableThroughput, WarmThroughput } from './ports';

/** The peak and a fifth on top: for the tallies' writes, and for write shards that get more than their share. As `VotingCapacity` has it. */
const HEADROOM = 1.2;
/** Units per second of one on-demand table: DynamoDB Developer Guide, "Quotas", default table-level quotas. */
export const TABLE_QUOTA = 40_000;

/** What a peak of votes needs of a table: a vote writes one ballot, and reads one membership in the table of the rooms. */
export function unitsFor(votesPerSecond: number): number {
  return Math.ceil(votesPerSecond * HEADROOM);
}

export interface WarmUp {
  readonly table: string;
  readonly kind: 'read' | 'write';
  readonly from: number;
  readonly to: number;
}

/** What has to be raised of a table to reach a target: nothing of it is ever lowered. Refuses what the table would not take anyway. */
export function warmUps(table: string, now: TableThroughput, target: WarmThroughput): WarmUp[] {
  const kinds = [
    { kind: 'write', from: now.warmWriteUnits, to: target.writeUnits, most: now.maxWriteUnits, prop: 'maximumWriteUnits' },
    { kind: 'read', from: now.warmReadUnits, to: target.readUnits, most: now.maxReadUnits, prop: 'its maximum of read units' },
  ] as const;
  return kinds.flatMap(({ kind, from, to, most, prop }) => {
    if (to === undefined || to <= from) return [];
    if (most !== undefined && to > most) {
      throw new OpsError(
        `The table ${table} takes at most ${units(most)} ${kind} units per second, and this peak needs ${units(to)}.`,
        `Raise or remove ${prop} first: units above it would be paid for and never used.`,
      );
    }
    return [{ table, kind, from, to }];
  });
}

export function units(number: number): string {
  return number.toLocaleString('en-US');
}
