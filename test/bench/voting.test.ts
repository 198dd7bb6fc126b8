import type { DynamoDBRecord } from 'aws-lambda';
import { judge, type Measured } from '../../bench/voting/figures';
import { hottestKey } from '../../bench/voting/hot-key';
import { planStep, type StepFigures } from '../../bench/voting/load/step';
import { accountsModel } from '../../bench/voting/model/accounts';
import { fullestPartition, model, type Sizing } from '../../bench/voting/model/model';
import { modelledAccounts, modelledPipelines } from '../../bench/voting/model/pipelines';
import { ASSUMPTIONS, QUOTAS } from '../../bench/voting/model/quotas';
import { seeded, uuid } from '../../bench/voting/random';
import { report } from '../../bench/voting/report';
import { quantile, tallyOf } from '../../bench/voting/statistics';
import { batchesOf } from '../../bench/voting/units/ours';
import { COGNITO_QUOTAS } from '../../src/auth/private/limits';

const SIZING: Sizing = {
  expectedPeak: 1_000, lanes: 24, batchSize: 1_000, batchWindowSeconds: 1, drainConcurrency: 2, throttleRate: 50_000,
};
const limit = (sizing: Sizing, name: string) => model(sizing).limits.find((one) => one.name.startsWith(name))!;

test('random ids are UUIDs, and the same ones for the same seed', () => {
  const [a, b] = [seeded(1), seeded(1)];
  const id = uuid(a);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(uuid(b)).toBe(id);
  expect(uuid(a)).not.toBe(id);
});

test('quantiles lie between the values around them, and statuses are counted', () => {
  expect(quantile([4, 1, 2, 9], 0.5)).toBe(3);
  expect(quantile([1, 2, 3], 1)).toBe(3);
  expect(quantile([], 0.5)).toBe(0);
  expect(tallyOf([201, 200, 201])).toEqual({ 200: 1, 201: 2 });
});

test('the hottest lane has at least its share, and less of more lanes', () => {
  const { byLanes } = hottestKey(1_000, 3);
  for (const { lanes, worst, median } of byLanes) {
    expect(worst).toBeGreaterThanOrEqual(1 / lanes);
    expect(median).toBeLessThanOrEqual(worst);
  }
  expect(byLanes.at(-1)!.worst).toBeLessThan(byLanes[0].worst);
});

test('a step needs no more voters than there are, and is ten times its base', () => {
  for (const [ceiling, voters] of [[200, 900], [30, 900], [500, 200]]) {
    const { baseRate, baseSeconds, burstRate, burstSeconds } = planStep(ceiling, voters, 4);
    expect(burstRate).toBe(baseRate * 10);
    expect(burstRate).toBeLessThanOrEqual(ceiling);
    expect(baseRate * baseSeconds + burstRate * burstSeconds).toBeLessThanOrEqual(voters);
  }
});

test('records are batched by shard, in order, and only full batches are taken', () => {
  const records = [0, 1, 2, 3, 0, 1, 2, 3, 0].map((lane, index): DynamoDBRecord => ({
    dynamodb: { SequenceNumber: String(index), Keys: { pk: { S: `ballot#00000000-0000-4000-8000-000000000000#${lane}` }, sk: { S: 'v' } } },
  }));
  const numbers = (batches: DynamoDBRecord[][]) => batches.map((batch) => batch.map(({ dynamodb }) => Number(dynamodb!.SequenceNumber)));
  expect(numbers(batchesOf(records, { batch: 4, shards: 1 }))).toEqual([[0, 1, 2, 3], [4, 5, 6, 7]]);
  expect(numbers(batchesOf(records, { batch: 2, shards: 2 }))).toEqual([[0, 2], [4, 6], [1, 3], [5, 7]]);
});

test('lanes that fall on partitions by chance fill one of them with more than its share', () => {
  expect(fullestPartition(16, 1)).toBe(16);
  expect(fullestPartition(16, 4)).toBeGreaterThan(5);
  expect(fullestPartition(16, 4)).toBeLessThan(9);
});

test('each prop moves its limit', () => {
  expect(limit(SIZING, 'Table').step).toBe(QUOTAS.initialWriteUnits);
  expect(limit({ ...SIZING, warmWriteUnits: 12_000 }, 'Table').step).toBe(12_000);
  expect(limit({ ...SIZING, warmWriteUnits: 120_000 }, 'Table').step).toBe(QUOTAS.tableWriteUnits);
  expect(limit({ ...SIZING, lanes: 48 }, 'Lanes: the hottest').step).toBeCloseTo(2 * limit(SIZING, 'Lanes: the hottest').step);
  expect(limit({ ...SIZING, throttleRate: 100 }, 'API: the stage').sustained).toBe(100);
  expect(model({ ...SIZING, throttleRate: 100 })).toMatchObject({ firstSustained: 'API: the stage\'s throttle', acceptedStep: 100 });
});

test('what is beyond the table is queued and drained, quicker by more drains', () => {
  const few = model(SIZING).drainSeconds;
  expect(few).toBeGreaterThan(0);
  expect(model({ ...SIZING, drainConcurrency: 20 }).drainSeconds).toBeLessThanOrEqual(few);
  expect(model({ ...SIZING, throttleRate: 100 }).drainSeconds).toBe(0);
});

test('a vote costs a share of its tallies: little at the peak, more where votes are few', () => {
  const { unitsAtPeak, unitsAtTenth, cheapFrom } = model(SIZING);
  // Two items hold the 24 lanes; each of the four partitions has some lanes of both.
  expect(unitsAtPeak).toBeCloseTo(1.008, 3);
  expect(unitsAtTenth).toBeCloseTo(1.079, 3);
  expect(cheapFrom).toBeGreaterThan(380);
  expect(cheapFrom).toBeLessThan(410);
  expect(model({ ...SIZING, expectedPeak: 1 }).unitsAtPeak).toBe(2);
});

test('people log in and register as fast as the route and Cognito\'s quota let them, and refresh in a wider span', () => {
  const { limits, refreshesPerSecond, refreshesUnspread } = accountsModel(1_000);
  expect(limits.map(({ action, throttle, quota }) => [action, throttle, quota])).toEqual([
    ['log in', 144, 120], ['refresh', 144, 120], ['register', 10, 10], ['reset a password', 5, 15],
  ]);
  expect(limits[0].secondsForCrowd).toBeCloseTo(83.3, 1);
  expect([Math.round(refreshesPerSecond), refreshesUnspread]).toEqual([56, 120]);
  // A raised quota moves the limit to the route.
  expect(accountsModel(1_000, { ...COGNITO_QUOTAS, userAuthentication: 5_000 }).limits[0].secondsForCrowd).toBeCloseTo(8.3, 1);
});

const STEP: StepFigures = {
  baseRate: 4,
  baseSeconds: 2,
  burstRate: 40,
  burstSeconds: 4,
  offered: 168,
  sentTwice: 9,
  statuses: { 201: 168 },
  accepted: 168,
  lost: 0,
  double: 0,
  exact: true,
  drainedIn: 1.1,
  answeredIn: 1,
  latencyMs: { base: { p50: 1, p95: 2, p99: 3 }, burst: { p50: 1, p95: 2, p99: 3 } },
};
const measured = (step: Partial<StepFigures> = {}, growth = 2): Measured => ({
  hotKey: hottestKey(1_000, 1),
  logic: {
    batch: 1_000,
    fold: { votesPerSecond: 1, bytesPerVote: 1 },
    aggregate: { votesPerSecond: 1, bytesPerVote: 1 },
    growth: [{ countedBefore: 0, usPerVote: 1, writes: 2, bytesSent: 9 }, { countedBefore: 1_000, usPerVote: 1, writes: growth, bytesSent: 9 }],
  },
  units: {
    ours: {
      votes: 2_400,
      lanes: 24,
      putUnitsPerVote: 1,
      firstBatchUnits: 2,
      lastBatchUnits: 2,
      countedAfterRepeats: 2_400,
      deliveries: [[1_000, 1, 1.002], [100, 24, 1.01], [100, 1, 1.02]].map(([batch, shards, unitsPerVote]) =>
        ({ batch, shards, unitsPerVote, votes: 2_400, tallyWrites: 2 })),
    },
    peers: [{ name: 'A peer', unitsPerVote: 2, votes: 100, repeated: 10, counted: 110 }],
  },
  load: {
    throughput: {
      rounds: 1,
      requestsPerRound: 1,
      connections: 1,
      plainPerSecond: 100,
      votesPerSecond: 50,
      withReadPerSecond: 60,
      ratio: 0.5,
      ratioToRead: 0.83,
      ratioUntilCounted: 0.4,
      countedAfterMs: 700,
      p50Ms: { plain: 1, votes: 2 },
      ratios: [0.5],
      statuses: { 201: 1 },
    },
    step: { ...STEP, ...step },
  },
  model: modelledPipelines(),
  accounts: modelledAccounts(),
});

test('only a firm promise that is not held breaks the check', () => {
  const figures = judge(measured());
  expect(figures.broken).toEqual([]);
  expect(figures.promises.filter(({ held }) => !held).map(({ kind }) => kind).sort()).toEqual(['known']);
  expect(judge(measured({ lost: 1, exact: false })).broken).toEqual(['lost in the step', 'options that differ from what was accepted']);
  expect(judge(measured({}, 3)).broken).toEqual(['writes a batch after many votes, by those before']);
});

test('the report says what is not held and why, what the peers count, and what the model assumes', () => {
  const text = report(judge(measured()));
  expect(text).toMatch(/batch 100 over 24 lanes +1\.0200 <= 1\.0200 {2}held/);
  expect(text).toMatch(/by plain puts a second +0\.5000 >= 0\.8000 {2}NOT HELD \(known\)/);
  expect(text).toMatch(/counted 110, WRONG/);
  expect(text).toMatch(/log in +route +144 +Cognito's first quota +120 \(userAuthentication\) +10,000 people in 83 s/);
  for (const name of [...Object.keys(QUOTAS), ...Object.keys(ASSUMPTIONS)]) expect(text).toContain(name);
});
