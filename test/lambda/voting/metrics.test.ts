import { batchMetrics } from '../../../lambda/voting/metrics';

const CONTEXT = { now: 1, tableName: 'Votes' };
const of = (counted: number, uncounted: number, violations: number) => {
  const metrics = batchMetrics({ counted, uncounted, violations }, CONTEXT) as Record<string, any>;
  const { BallotsCounted, BallotsAwaitingRecount, CheckpointViolations, _aws } = metrics;
  const names = _aws.CloudWatchMetrics[0].Metrics.map(({ Name }: { Name: string }) => Name);
  return { BallotsCounted, BallotsAwaitingRecount, CheckpointViolations, names: names.length };
};

test('of a batch in which all is well name what was counted, and nothing else', () => {
  expect(of(7, 0, 0)).toEqual({ BallotsCounted: 7, BallotsAwaitingRecount: undefined, CheckpointViolations: undefined, names: 1 });
});

test('of a batch with ballots that wait for a recount name them', () => {
  expect(of(7, 2, 0)).toMatchObject({ BallotsAwaitingRecount: 2, CheckpointViolations: undefined, names: 2 });
});

test('a marker that breaks the order leaves no ballot uncounted, and rings the alarm all the same', () => {
  expect(of(0, 0, 1)).toMatchObject({ BallotsAwaitingRecount: 1, CheckpointViolations: 1, names: 3 });
});
