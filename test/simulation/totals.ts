import type { FaultCounts, FaultKind } from './engine/faults';
import type { Verdict } from './run';

/** What many histories come to. */
export interface Totals {
  readonly seeds: number;
  readonly votes: number;
  readonly lost: number;
  readonly double: number;
  readonly wrong: number;
  /** Every other broken promise: a version that fell, a vote after the end, a batch given up without a reason. */
  readonly broken: number;
  readonly faults: FaultCounts;
}

export const NOTHING: Totals = { seeds: 0, votes: 0, lost: 0, double: 0, wrong: 0, broken: 0, faults: {} };

export function adding(totals: Totals, { votes, violations, faults }: Verdict): Totals {
  let { lost, double, wrong, broken } = totals;
  for (const { kind, votes: about } of violations) {
    if (kind === 'lost') lost += about;
    else if (kind === 'double' || kind === 'exceeds') double += about;
    else if (kind === 'wrong' || kind === 'refused') wrong += about;
    else broken += 1;
  }
  const sums = { ...totals.faults };
  for (const [kind, count] of Object.entries(faults) as Array<[FaultKind, number]>) sums[kind] = (sums[kind] ?? 0) + count;
  return { seeds: totals.seeds + 1, votes: totals.votes + votes, lost, double, wrong, broken, faults: sums };
}
