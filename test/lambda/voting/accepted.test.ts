import { reportingBox } from '../../../lambda/voting/accepted';
import type { Ballot, CastOutcome } from '../../../lambda/voting/ports';
import { fakeLog } from '../shared/fakes';
import { uuid } from './fakes';

const BALLOT: Ballot = { pollId: uuid(1), lane: 2, voter: 'user-1', choice: 'o1', acceptedAt: 1000, revote: false };

function setUp(outcome: CastOutcome['outcome'] = 'first') {
  const log = fakeLog();
  const time = { now: 1_000 };
  const box = reportingBox({ cast: async () => ({ outcome, vote: { choice: 'o1', acceptedAt: 1000 } }) }, { log, clock: () => time.now, tableName: 'Votes' });
  const reported = () => log.lines.map(({ extra }) => extra.BallotsAccepted);
  return { box, log, time, reported };
}

test('reports an accepted ballot as a metric of its table, without the voter or the choice', async () => {
  const { box, log } = setUp();
  expect(await box.cast(BALLOT)).toMatchObject({ outcome: 'first' });
  expect(log.lines).toMatchObject([{
    level: 'info',
    extra: {
      _aws: { Timestamp: 1_000, CloudWatchMetrics: [{ Namespace: 'TrinityConstructs/Voting', Dimensions: [['Table']], Metrics: [{ Name: 'BallotsAccepted', Unit: 'Count' }] }] },
      Table: 'Votes',
      BallotsAccepted: 1,
    },
  }]);
  expect(JSON.stringify(log.lines)).not.toMatch(/user-1|o1/);
});

test('reports at most once per ten seconds, and then everything accepted since', async () => {
  const { box, time, reported } = setUp();
  for (let vote = 0; vote < 5; vote += 1) await box.cast(BALLOT);
  expect(reported()).toEqual([1]);
  time.now += 10_000;
  await box.cast(BALLOT);
  expect(reported()).toEqual([1, 5]);
});

test.each([
  ['queued', false, 1], ['standing', true, 1], ['standing', false, 0], ['refused', false, 0], ['refused', true, 0],
] as const)('of outcome %s with revote %s reports %d: only what the counter is going to see', async (outcome, revote, lines) => {
  const { box, reported } = setUp(outcome);
  await box.cast({ ...BALLOT, revote });
  expect(reported()).toHaveLength(lines);
});

test('reports nothing of a ballot that could not be kept', async () => {
  const log = fakeLog();
  const box = reportingBox({ cast: async () => { throw new Error('Down'); } }, { log, clock: () => 0, tableName: 'Votes' });
  await expect(box.cast(BALLOT)).rejects.toThrow('Down');
  expect(log.lines).toEqual([]);
});
