import { Ingestion, VotingCapacity } from '../../src';

const at = (votesPerSecond: number) => {
  const { lanes, warmWriteUnits, warmReadUnits, batchSize, drainConcurrency } = VotingCapacity.forPeak(votesPerSecond);
  return { lanes, warmWriteUnits, warmReadUnits, batchSize, drainConcurrency };
};

test.each([
  [1, { lanes: 24, warmWriteUnits: undefined, warmReadUnits: undefined, batchSize: 1_000, drainConcurrency: 2 }],
  [1_000, { lanes: 24, warmWriteUnits: undefined, warmReadUnits: undefined, batchSize: 1_000, drainConcurrency: 2 }],
  [10_000, { lanes: 128, warmWriteUnits: 12_000, warmReadUnits: undefined, batchSize: 2_000, drainConcurrency: 20 }],
  [100_000, { lanes: 256, warmWriteUnits: 120_000, warmReadUnits: 120_000, batchSize: 5_000, drainConcurrency: 200 }],
  [1_000_000, { lanes: 256, warmWriteUnits: 1_200_000, warmReadUnits: 1_200_000, batchSize: 5_000, drainConcurrency: 1_000 }],
])('for %d votes a second', (votesPerSecond, expected) => {
  expect(at(votesPerSecond)).toEqual(expected);
});

test('whatever the peak, the lanes are as many as a poll may have, and one batch of a shard is counted at a time', () => {
  for (let peak = 1; peak <= 1_000_000; peak = Math.ceil(peak * 1.7)) {
    const capacity = VotingCapacity.forPeak(peak);
    expect(capacity.lanes).toBeGreaterThanOrEqual(24);
    expect(capacity.lanes).toBeLessThanOrEqual(256);
    expect(capacity.parallelizationFactor).toBe(1);
    expect(capacity.batchWindow.toSeconds()).toBe(1);
    expect(capacity.expectedPeakVotesPerSecond).toBe(peak);
  }
});

test.each([
  ['overflow', Ingestion.overflow(), true, true],
  ['direct', Ingestion.direct(), true, false],
  ['buffered', Ingestion.buffered(), false, true],
])('ingestion %s', (mode, ingestion, writes, queues) => {
  expect({ mode: ingestion.mode, writes: ingestion.writes, queues: ingestion.queues, drains: ingestion.drainConcurrency })
    .toEqual({ mode, writes, queues, drains: undefined });
});

test('drainConcurrency: of an ingestion that has a queue', () => {
  expect(Ingestion.overflow({ drainConcurrency: 4 }).drainConcurrency).toBe(4);
  expect(Ingestion.buffered({ drainConcurrency: 5 }).drainConcurrency).toBe(5);
});
