import type { Random } from './random';

/** Everything that goes wrong on the way of one call to a service. */
export const CALL_FAULTS = ['throttle', 'server-error', 'drop-before', 'drop-after', 'timeout-before', 'timeout-after', 'late', 'slow'] as const;
export type CallFault = (typeof CALL_FAULTS)[number];

export const FAULT_KINDS = [
  ...CALL_FAULTS,
  'kill', 'recycle', 'invoke-throttle', 'request-lost', 'answer-lost', 'sent-twice', 'breaker-open',
  'shard-split', 'shard-roll', 'batch-twice', 'batch-again-later', 'checkpoint-lost', 'batch-retry', 'bisect', 'poison', 'given-up', 'recount',
  'message-out-of-order', 'message-delayed', 'message-twice', 'message-again', 'message-not-deleted', 'message-dead', 'redrive', 'garbage',
  'stream-replaced', 'stream-gap', 'table-restored', 'sequence-reset', 'checkpoint-of-version-before', 'close-cut',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];
export type FaultCounts = Partial<Record<FaultKind, number>>;

/** A part of a table that takes nearly nothing for a while: of ballots, what an overflow is for; of tallies, what a stream gives up after. */
export interface Storm {
  readonly on: 'ballots' | 'tallies';
  readonly from: number;
  readonly to: number;
  readonly rate: number;
}

export interface FaultPlan {
  /** How likely each kind is wherever it can happen. */
  readonly rates: Partial<Record<FaultKind, number>>;
  readonly storms: readonly Storm[];
  /** From then on nothing goes wrong any more, so that everything can come to its end. */
  readonly calmAt: number;
}

/** Decides what goes wrong, and counts it. */
export class Faults {
  readonly counts: FaultCounts = {};
  /** When nothing goes wrong any more. */
  readonly over: number;

  constructor(private readonly plan: FaultPlan, private readonly random: Random, private readonly now: () => number) {
    this.over = Math.max(plan.calmAt, ...plan.storms.map(({ to }) => to));
  }

  happens(kind: FaultKind): boolean {
    if (this.now() >= this.plan.calmAt || !this.random.chance(this.plan.rates[kind] ?? 0)) return false;
    this.count(kind);
    return true;
  }

  /** What goes wrong with one call; in a storm it is mostly a throttle. */
  ofCall(exposedTo: Storm['on'] | undefined): CallFault | undefined {
    const now = this.now();
    const storm = this.plan.storms.find(({ on, from, to }) => on === exposedTo && now >= from && now < to);
    if (storm !== undefined && this.random.chance(storm.rate)) {
      const kind = this.random.chance(0.8) ? 'throttle' : this.random.pick(CALL_FAULTS);
      this.count(kind);
      return kind;
    }
    return CALL_FAULTS.find((kind) => this.happens(kind));
  }

  count(kind: FaultKind): void {
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
  }
}
