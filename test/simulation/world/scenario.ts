import { CLOSE_LEAD_MS, IngestionMode, LANES_PER_TALLY, type Visibility } from '../../../src/voting/contract';
import { FAULT_KINDS, type FaultKind, type FaultPlan, type Storm } from '../engine/faults';
import type { Random } from '../engine/random';

export const OWNER = 'owner';
export const OUTSIDER = 'outsider';

/** One thing that a voter wants to do: they may repeat it, and send it twice at once. */
export interface Intent {
  readonly voter: string;
  /** Milliseconds after the poll was made. */
  readonly at: number;
  readonly optionIds: string[];
  /** How often it is sent at once. */
  readonly copies: number;
  readonly attempts: number;
  /** Whether they ask again when all they were told is that it is counted later. */
  readonly doubtful: boolean;
}

export interface Closer {
  readonly who: string;
  readonly at: number;
  /** Somebody who gives up at the first failure leaves the poll half closed. */
  readonly attempts: number;
}

export interface PollPlan {
  readonly name: string;
  readonly creator: string;
  readonly at: number;
  readonly revote: boolean;
  readonly options: string[];
  readonly maxChoices: number;
  readonly visibility: Visibility;
  /** Milliseconds after its creation was asked for. */
  readonly opensAfter?: number;
  readonly closesAfter?: number;
  readonly intents: readonly Intent[];
  readonly closers: readonly Closer[];
  /** Ballots in a form that nobody can read, as a foreign hand may write them: moments after the poll was made. */
  readonly poison: readonly number[];
  /** When an operator has the poll counted again. */
  readonly recounts: readonly number[];
}

export interface QueuePlan {
  readonly batchSize: number;
  readonly window: number;
  readonly concurrency: number;
  readonly visibility: number;
  readonly maxReceives: number;
  /** Messages that are no ballots, as a foreign hand may send them: moments. */
  readonly garbage: readonly number[];
  /** Whether somebody sends the dead letters on their way again, once nothing goes wrong any more. */
  readonly redriven: boolean;
}

/**
 * `replaced`: the stream is disabled and enabled again, `gap` milliseconds later; the old one is still read meanwhile. `restored`: the
 * table goes on as a copy of itself, with a stream of its own; the old one is gone, with what was not read yet. `reset`: sequence
 * numbers start anew within the stream.
 */
export interface StreamBreak {
  readonly at: number;
  readonly kind: 'replaced' | 'restored' | 'reset';
  readonly gap: number;
}

/** Everything about one history that is decided beforehand. What goes wrong on the way is decided as it comes. */
export interface Scenario {
  readonly ingestion: (typeof IngestionMode)[keyof typeof IngestionMode];
  readonly queue: QueuePlan;
  readonly lanes: number;
  readonly partitions: number;
  readonly polls: readonly PollPlan[];
  readonly members: readonly string[];
  readonly batchSize: number;
  readonly window: number;
  readonly reshards: ReadonlyArray<{ readonly at: number; readonly split: boolean }>;
  /** What becomes of the table's stream meanwhile. */
  readonly breaks: readonly StreamBreak[];
  /** When the function of the version before writes the checkpoints that it knows. */
  readonly upgradedAt?: number;
  readonly faults: FaultPlan;
}

/** How likely each fault is at a time when much goes wrong. */
const RATES: Partial<Record<FaultKind, number>> = {
  'throttle': 0.03,
  'server-error': 0.01,
  'drop-before': 0.02,
  'drop-after': 0.02,
  'timeout-before': 0.01,
  'timeout-after': 0.015,
  'late': 0.01,
  'slow': 0.03,
  'kill': 0.015,
  'recycle': 0.03,
  'invoke-throttle': 0.02,
  'request-lost': 0.02,
  'answer-lost': 0.04,
  'sent-twice': 0.1,
  'batch-twice': 0.12,
  'batch-again-later': 0.1,
  'checkpoint-lost': 0.08,
  'message-twice': 0.1,
  'message-not-deleted': 0.05,
  'close-cut': 0.15,
};

/** When at the latest everything that was planned has begun, with time for what went wrong. */
const CALM_AT = 45_000;
/** An outage of that length is longer than a stream tries. */
const OUTAGE_ENDS_AT = 900_000;
/** Somebody who tries that often comes through, once nothing goes wrong any more. */
const UNTIL_DONE = 40;

/** How often and how far apart a message comes again: as the construct sets it, and less patient, so that messages die within a history. */
const PATIENCE = [
  { visibility: 180_000, maxReceives: 20 },
  { visibility: 5_000, maxReceives: 3 },
  { visibility: 1_500, maxReceives: 2 },
  { visibility: 1_500, maxReceives: 5 },
];

export function scenarioOf(random: Random): Scenario {
  // Names are what an identity provider says: some begin like what the table's keys begin with.
  const members = Array.from({ length: random.int(5, 40) }, (_, index) => `${random.pick(['', '', '', '~', '=', '=~'])}voter-${index + 1}`);
  const spread = random.pick([300, 1_500, 6_000]);
  // A queue that is used much, by voters who change their minds: what needs several things at once would be too rare otherwise.
  const busy = random.chance(0.35);
  const broken = breaksOf(random, spread);
  const voting = { members, spread, busy, breaks: broken.breaks };
  const polls = Array.from({ length: random.pick([1, 1, 1, 2, 3]) }, (_, index) => pollOf(random, `poll-${index + 1}`, voting));
  const { OVERFLOW, DIRECT, BUFFERED } = IngestionMode;
  return {
    ingestion: busy ? OVERFLOW : random.pick([OVERFLOW, OVERFLOW, DIRECT, BUFFERED]),
    queue: queueOf(random, spread),
    // Mostly few, so that many votes meet in one; sometimes more than one tally item holds.
    lanes: random.chance(0.05) ? random.int(LANES_PER_TALLY + 1, LANES_PER_TALLY + 4) : random.int(2, 4),
    partitions: random.int(1, 3),
    polls,
    members,
    batchSize: random.pick([1, 2, 3, 5, 10, 1_000]),
    window: random.pick([0, 300, 1_000]),
    reshards: Array.from({ length: random.pick([0, 0, 1, 2, 4]) }, () => ({ at: random.int(0, spread + 4_000), split: random.chance(0.7) })),
    faults: faultsOf(random, spread, busy),
    ...broken,
  };
}

function breaksOf(random: Random, spread: number): Pick<Scenario, 'breaks' | 'upgradedAt'> {
  const breaks = Array.from({ length: random.chance(0.5) ? random.pick([1, 1, 2]) : 0 }, (): StreamBreak => ({
    at: random.int(spread / 8, spread + 1_000),
    kind: random.pick(['replaced', 'replaced', 'reset', 'reset', 'restored']),
    gap: random.chance(0.2) ? random.int(50, spread) : 0,
  }));
  // One break after the other: a stream can be replaced while it is there.
  const apart = breaks.map((one, index) => ({ ...one, at: one.at + index * (spread + 4_000) }));
  return { breaks: apart, ...(random.chance(0.1) ? { upgradedAt: random.int(spread / 4, spread) } : {}) };
}

function queueOf(random: Random, spread: number): QueuePlan {
  return {
    batchSize: random.pick([1, 3, 10, 100]),
    window: random.pick([0, 0, 500]),
    concurrency: random.int(2, 5),
    ...random.pick(PATIENCE),
    garbage: Array.from({ length: random.chance(0.1) ? random.int(1, 2) : 0 }, () => random.int(0, spread)),
    redriven: random.chance(0.7),
  };
}

function faultsOf(random: Random, spread: number, busy: boolean): FaultPlan {
  const level = random.pick([0, 0.3, 1, 1, 2, 4]);
  const rates: Partial<Record<FaultKind, number>> = {};
  // Each history has its own mixture, so that some are full of one kind and free of others.
  for (const kind of FAULT_KINDS) rates[kind] = Math.min(0.3, (RATES[kind] ?? 0) * level * random.pick([0, 1, 1, 2]));
  rates['breaker-open'] = busy ? 0.5 : random.pick([0, 0.1]);
  rates['message-delayed'] = busy ? 0.5 : random.pick([0, 0.1]);
  const storms: Storm[] = Array.from({ length: random.chance(0.4) ? random.int(1, 2) : 0 }, () => {
    const from = random.int(0, spread);
    return { on: 'ballots', from, to: from + random.pick([500, 3_000, 20_000]), rate: random.pick([0.5, 0.9, 1]) };
  });
  if (random.chance(0.06)) storms.push({ on: 'tallies', from: random.int(0, spread), to: OUTAGE_ENDS_AT, rate: 1 });
  return { rates, storms, calmAt: CALM_AT };
}

interface Surroundings {
  readonly members: readonly string[];
  readonly spread: number;
  readonly busy: boolean;
  readonly breaks: readonly StreamBreak[];
}

/** How long after a break of the stream many still vote: it is noticed, and recounted, meanwhile. */
const AFTER_A_BREAK = [3_000, 10_000, 25_000];

function pollOf(random: Random, name: string, { members, spread, busy, breaks }: Surroundings): PollPlan {
  const options = ['North', 'South', 'Stay', 'West'].slice(0, random.int(2, 4));
  const creator = random.pick(members);
  const closers = closersOf(random, creator, members, spread);
  const intents: Intent[] = [];
  const maxChoices = random.chance(0.7) ? 1 : random.int(2, options.length);
  const closesAfter = random.chance(0.2) ? random.int(spread / 4, spread * 2) : undefined;
  const opensAfter = random.chance(0.15) ? random.int(0, spread / 4) : undefined;
  const kind = { options: options.length, maxChoices, indecisive: busy ? 0.9 : 0.15 };
  const ends = [...closers.map(({ at }) => at + CLOSE_LEAD_MS), ...(closesAfter === undefined ? [] : [closesAfter])];
  for (const voter of members) {
    if (random.chance(0.85)) intents.push(...intentsOf(random, voter, kind, momentOf(random, spread, ends)));
  }
  for (const { at } of breaks) {
    const votedFor = random.pick(AFTER_A_BREAK);
    for (const voter of members) {
      if (random.chance(0.5)) intents.push(...intentsOf(random, voter, kind, () => at + random.int(0, votedFor)));
    }
  }
  if (random.chance(0.3)) intents.push(...intentsOf(random, OUTSIDER, kind, momentOf(random, spread, ends)));
  const poison = Array.from({ length: random.chance(0.15) ? random.int(1, 2) : 0 }, () => random.int(0, spread));
  const recounts = random.chance(0.15) ? [random.int(0, spread + 3_000)] : [];
  const revote = random.chance(0.5);
  const visibility = random.pick<Visibility>(['always', 'always', 'always', 'after-vote', 'after-close']);
  const poll = { name, creator, revote, options, maxChoices, visibility, opensAfter, closesAfter };
  return { ...poll, at: random.int(0, 400), intents, closers, poison, recounts };
}

/** Some moment; where the poll has an end, often one around it. */
function momentOf(random: Random, spread: number, ends: readonly number[]): () => number {
  const rush = ends.length > 0 && random.chance(0.4) ? random.pick(ends) : undefined;
  return () => (rush === undefined ? random.int(0, spread) : Math.max(0, rush + random.int(-700, 900)));
}

interface Voting {
  readonly options: number;
  readonly maxChoices: number;
  /** How many of its voters change their mind at once. */
  readonly indecisive: number;
}

function intentsOf(random: Random, voter: string, { options, maxChoices, indecisive }: Voting, moment: () => number): Intent[] {
  // Now and then an option that the poll does not have.
  const choose = () => `o${random.int(1, random.chance(0.02) ? options + 1 : options)}`;
  const intent = (at: number): Intent => ({
    voter,
    at,
    optionIds: [...new Set(Array.from({ length: random.int(1, maxChoices) }, choose))],
    copies: random.chance(0.15) ? 2 : 1,
    attempts: random.pick([1, 3, UNTIL_DONE]),
    doubtful: random.chance(0.3),
  });
  const insists = random.chance(indecisive);
  const intents = Array.from({ length: insists ? 1 : random.pick([1, 1, 1, 2, 3]) }, () => intent(moment()));
  if (!insists) return intents;
  // One who changes their mind at once, and insists some time later.
  const [{ at }] = intents;
  const changed = intent(at + random.int(20, 600));
  return [...intents, changed, ...[2_000, 4_000].map((later) => ({ ...changed, at: changed.at + random.int(later / 2, later) }))];
}

function closersOf(random: Random, creator: string, members: readonly string[], spread: number): Closer[] {
  if (random.chance(0.4)) return [];
  const at = random.int(0, spread);
  const closer = (who: string, moment: number) => ({ who, at: Math.max(0, moment), attempts: random.pick([1, 2, UNTIL_DONE]) });
  const closers = [closer(random.pick([OWNER, creator]), at)];
  if (random.chance(0.5)) closers.push(closer(random.pick([OWNER, creator]), at + random.int(-100, 1_500)));
  if (random.chance(0.2)) closers.push(closer(random.pick([OUTSIDER, random.pick(members)]), at + random.int(-500, 500)));
  return closers;
}
