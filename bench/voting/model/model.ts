import { LANES_PER_TALLY, POLL_CACHE_MS } from '../../../src/voting/contract';
import { seeded } from '../random';
import { ASSUMPTIONS, type Assumptions, QUOTAS, type Quotas } from './quotas';

/** What the pipeline is sized by: `VotingCapacity`, and the throttle of its API. */
export interface Sizing {
  readonly expectedPeak: number;
  readonly lanes: number;
  readonly warmWriteUnits?: number;
  readonly batchSize: number;
  readonly batchWindowSeconds: number;
  readonly drainConcurrency: number;
  readonly throttleRate: number;
}

/** What a limit does to votes beyond it. */
export type Beyond = 'refused with 429' | 'refused with 503' | 'queued, 202' | 'counted later';

export interface Limit {
  readonly name: string;
  /** Votes a second for as long as one likes. */
  readonly sustained: number;
  /** Votes a second from one moment to the next, out of nothing. */
  readonly step: number;
  readonly beyond: Beyond;
  /** What moves it. */
  readonly moves: string;
}

export interface ModelFigures {
  readonly sizing: Sizing;
  readonly limits: Limit[];
  /** The first one met, for votes on one poll. */
  readonly firstSustained: string;
  readonly firstStep: string;
  /** Votes a second until something is refused: the first limit beyond which nothing is queued or counted later. */
  readonly acceptedSustained: number;
  readonly acceptedStep: number;
  /** Write units a counted vote at the expected peak, and at a tenth of it. */
  readonly unitsAtPeak: number;
  readonly unitsAtTenth: number;
  /** Votes a second from which a counted vote costs at most 1.02 units. */
  readonly cheapFrom: number;
  /** The first limit that is the pipeline's own, not the account's or the API's. */
  readonly firstOwn: Limit;
  /** Seconds until what a burst of ten seconds at the API's most has queued is written, where the table takes its step alone. */
  readonly drainSeconds: number;
}

const DRAIN_WIDTH = 16;
const CHEAP_OVERHEAD = 0.02;
const TRIALS = 300;
const BURST_SECONDS = 10;

/** What AWS's quotas allow a pipeline of that size: arithmetic, nothing was measured. */
export function model(sizing: Sizing, quotas: Quotas = QUOTAS, assumed: Assumptions = ASSUMPTIONS): ModelFigures {
  const { lanes, batchSize, batchWindowSeconds: window } = sizing;
  const units = Math.max(sizing.warmWriteUnits ?? 0, quotas.initialWriteUnits);
  const partitions = Math.ceil(units / quotas.partitionWriteUnits);
  const fullest = fullestPartition(lanes, partitions);
  const perBatch = (assumed.batchMs + Math.ceil(tallyWrites(lanes, lanes / partitions) / 16) * assumed.sixteenWritesMs) / 1_000;
  const perShard = Math.min(batchSize / perBatch, quotas.streamReadsPerSecond * quotas.streamRecordsPerRead);
  const instanceRate = 1_000 / assumed.voteMs;
  const invocations = quotas.concurrency * quotas.invocationsPerConcurrency;
  const drainEach = DRAIN_WIDTH * 1_000 / assumed.drainWriteMs;

  const lane = quotas.partitionWriteUnits * lanes / assumed.hottestLane;
  const poll = quotas.partitionReadUnits / (assumed.pollReadUnits * 1_000 / POLL_CACHE_MS) * instanceRate;
  // A shard's batches come as they fill, at least one a window; each writes the items of its lanes once.
  const tallyUnitsAt = (rate: number) => {
    const votes = Math.min(batchSize, Math.max(1, rate * window / partitions));
    return assumed.tallyUnits * tallyWrites(lanes, Math.min(votes, lanes / partitions)) / votes;
  };
  const tallies = quotas.partitionWriteUnits / tallyUnitsAt(sizing.expectedPeak);

  const limits: Limit[] = [
    { name: 'API: the stage\'s throttle', sustained: sizing.throttleRate, step: sizing.throttleRate, beyond: 'refused with 429', moves: 'api.throttle, voteThrottle, StagePreset' },
    { name: 'API: the account\'s throttle', sustained: quotas.apiRate, step: quotas.apiRate, beyond: 'refused with 429', moves: 'a quota request to AWS' },
    { name: 'Lambda: invocations a second', sustained: invocations, step: invocations, beyond: 'refused with 429', moves: 'a quota request (concurrency)' },
    {
      name: 'Lambda: instances',
      sustained: quotas.concurrency * instanceRate,
      // Who comes while an instance starts waits in it: in the first second each has time for so many.
      step: Math.min(quotas.concurrency, quotas.instancesPerTenSeconds) * Math.max(1, (1_000 - assumed.coldVoteMs) / assumed.voteMs),
      beyond: 'refused with 429',
      moves: 'a quota request; warmInstances for the first second',
    },
    {
      name: 'Table: write units',
      sustained: quotas.tableWriteUnits,
      step: Math.min(units, quotas.tableWriteUnits),
      beyond: 'queued, 202',
      moves: 'trinity-ops warm, maximumWriteUnits; a quota request above 40,000',
    },
    { name: 'Lanes: the hottest one', sustained: lane, step: lane, beyond: 'queued, 202', moves: 'lanes, expectedPeakVotesPerSecond' },
    {
      // In time DynamoDB splits a partition that is hot, between lanes and never within one.
      name: 'Lanes: how they fall on partitions',
      sustained: lane,
      step: Math.min(units, quotas.partitionWriteUnits * lanes / fullest),
      beyond: 'queued, 202',
      moves: 'lanes, expectedPeakVotesPerSecond; a table that has been under such a load has split',
    },
    {
      name: 'Poll: its item, read by every instance',
      sustained: poll,
      step: poll,
      beyond: 'refused with 503',
      moves: 'nothing (POLL_CACHE_MS, and the poll\'s size)',
    },
    { name: 'Tallies: one partition key', sustained: tallies, step: tallies, beyond: 'counted later', moves: 'fewer lanes, a larger batch' },
    { name: 'Stream: counting, all shards', sustained: perShard * partitions, step: perShard * partitions, beyond: 'counted later', moves: 'expectedPeakVotesPerSecond (batch), more partitions' },
  ];
  const first = (of: 'sustained' | 'step') => limits.reduce((least, limit) => (limit[of] < least[of] ? limit : least));
  const accepted = (of: 'sustained' | 'step') => Math.min(...limits.filter(({ beyond }) => beyond.startsWith('refused')).map((limit) => limit[of]));
  const unitsAt = (rate: number) => 1 + tallyUnitsAt(rate);
  const table = Math.min(...limits.filter(({ beyond }) => beyond === 'queued, 202').map(({ step }) => step));
  const queued = Math.max(0, accepted('step') - table) * BURST_SECONDS;
  const drains = Math.min(sizing.drainConcurrency, quotas.sqsMostBatches);
  return {
    sizing,
    limits,
    firstSustained: first('sustained').name,
    firstStep: first('step').name,
    firstOwn: limits.filter(({ name }) => !/^(API|Lambda):/.test(name)).reduce((least, limit) => (limit.step < least.step ? limit : least)),
    acceptedSustained: accepted('sustained'),
    acceptedStep: accepted('step'),
    unitsAtPeak: unitsAt(sizing.expectedPeak),
    unitsAtTenth: unitsAt(sizing.expectedPeak / 10),
    cheapFrom: leastRate((rate) => tallyUnitsAt(rate) <= CHEAP_OVERHEAD),
    drainSeconds: queued === 0 ? 0 : secondsToDrain(queued, { drains, each: drainEach, table, quotas }),
  };
}

/** Items that a batch of so many lanes writes: the lanes of a shard are any of the poll's. */
function tallyWrites(lanes: number, inBatch: number): number {
  const items = Math.ceil(lanes / LANES_PER_TALLY);
  return items * (1 - (1 - 1 / items) ** inBatch);
}

/** To a percent, the least rate for which something holds that holds for every higher one. */
function leastRate(holds: (rate: number) => boolean): number {
  let rate = 1;
  while (!holds(rate)) rate *= 1.01;
  return rate;
}

/** How many lanes the fullest of the partitions has: lanes fall on them by chance, like balls into bins. */
export function fullestPartition(lanes: number, partitions: number): number {
  const random = seeded(lanes * 1_000 + partitions);
  let sum = 0;
  for (let trial = 0; trial < TRIALS; trial += 1) {
    const bins = new Uint32Array(partitions);
    for (let lane = 0; lane < lanes; lane += 1) bins[Math.floor(random() * partitions)] += 1;
    sum += Math.max(...bins);
  }
  return sum / TRIALS;
}

function secondsToDrain(messages: number, { drains, each, table, quotas }: { drains: number; each: number; table: number; quotas: Quotas }): number {
  let left = messages;
  let second = 0;
  for (; left > 0; second += 1) {
    const running = Math.min(drains, quotas.sqsFirstBatches + quotas.sqsBatchesPerMinute / 60 * second);
    left -= Math.min(running * each, table);
  }
  return second;
}
