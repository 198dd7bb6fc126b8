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

export function adding(totals: Totals, verdict: Verdict): Totals {
  return sum(totals, totalsOf(verdict));
}

export function sum(one: Totals, other: Totals): Totals {
  const faults = { ...one.faults };
  for (const [kind, count] of Object.entries(other.faults) as Array<[FaultKind, number]>) faults[kind] = (faults[kind] ?? 0) + count;
  return {
    seeds: one.seeds + other.seeds,
    votes: one.votes + other.votes,
    lost: one.lost + other.lost,
    double: one.double + other.double,
    wrong: one.wrong + other.wrong,
    broken: one.broken + other.broken,
    faults,
  };
}

function totalsOf({ votes, violations, faults }: Verdict): Totals {
  let { lost, double, wrong, broken } = NOTHING;
  for (const { kind, votes: about } of violations) {
    if (kind === 'lost') lost += about;
    else if (kind === 'double' || kind === 'exceeds') double += about;
    else if (kind === 'wrong' || kind === 'refused') wrong += about;
    else broken += 1;
  }
  return { seeds: 1, votes, lost, double, wrong, broken, faults };
}
