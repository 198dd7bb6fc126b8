import fc from 'fast-check';
import { DependencyUnavailable } from '../../../lambda/shared/problem';
import { ballotBox } from '../../../lambda/voting/ballot-box';
import { drain } from '../../../lambda/voting/drain';
import { bufferedBox, NO_BREAKER, overflowBox } from '../../../lambda/voting/ingestion';
import type { Ballot, CastOutcome, StoredBallot } from '../../../lambda/voting/ports';
import { writeQueuedBallot } from '../../../lambda/voting/queued-ballot';
import { fakeLog } from '../shared/fakes';
import { FakeBallots, FakeQueue, uuid } from './fakes';

/** How the table fares with one vote: it takes it, refuses it, or takes it and says nothing of it. */
type Table = 'takes' | 'refuses' | 'takes in silence';

/** What happens next: a vote, or the drain gets one of the messages that ever were in the queue, also one that it has had. */
interface Step {
  readonly choice: string;
  readonly acceptedAt: number;
  readonly table: Table;
  readonly drains: number[];
}

const steps: fc.Arbitrary<Step[]> = fc.uniqueArray(fc.record({
  choice: fc.constantFrom('o1', 'o2', 'o1,o2'),
  acceptedAt: fc.nat({ max: 40 }),
  table: fc.constantFrom<Table>('takes', 'refuses', 'takes in silence'),
  drains: fc.array(fc.nat(), { maxLength: 3 }),
}), { maxLength: 12, selector: ({ acceptedAt }) => acceptedAt });

interface Told extends CastOutcome {
  readonly cast: StoredBallot;
}

/** One voter's votes, each of which takes its way; in the end the queue is drained, in an order of its own. */
async function play(plan: readonly Step[], revote: boolean, order: readonly number[]) {
  const ballots = new FakeBallots();
  const queue = new FakeQueue();
  const write = drain({ ballots, log: fakeLog() });
  let table: Table = 'takes';
  const silent = ballotBox({
    put: async (ballot) => {
      if (table === 'refuses') throw new DependencyUnavailable('The voting table');
      const put = await ballots.put(ballot);
      if (table === 'takes in silence') throw new DependencyUnavailable('The voting table');
      return put;
    },
  });
  const box = overflowBox({ direct: silent, buffered: bufferedBox(queue), breaker: NO_BREAKER, log: fakeLog() });
  const drainOne = (index: number) => write([{ id: 'm', body: writeQueuedBallot(queue.sent[index % queue.sent.length]) }]);

  const told: Told[] = [];
  for (const { choice, acceptedAt, table: fares, drains } of plan) {
    table = fares;
    const ballot: Ballot = { pollId: uuid(1), lane: 0, voter: 'user-1', choice, acceptedAt, revote };
    told.push({ ...await box.cast(ballot), cast: { choice, acceptedAt } });
    for (const index of queue.sent.length > 0 ? drains : []) await drainOne(index);
  }
  const late = queue.sent.map((_, index) => index).sort((a, b) => (order[a] ?? 0) - (order[b] ?? 0));
  for (const index of late) await drainOne(index);
  const [standing] = ballots.ballots.values();
  return { told, queue, ballots, standing };
}

const scenario = fc.record({ plan: steps, order: fc.array(fc.nat(), { minLength: 12, maxLength: 12 }) });

test('with revoting the ballot that was accepted last stands, by whichever way and in whichever order they come, also twice', async () => {
  await fc.assert(fc.asyncProperty(scenario, async ({ plan, order }) => {
    const { standing } = await play(plan, true, order);
    const last = [...plan].sort((a, b) => b.acceptedAt - a.acceptedAt).at(0);
    expect(standing === undefined ? undefined : { choice: standing.choice, acceptedAt: standing.acceptedAt })
      .toEqual(last === undefined ? undefined : { choice: last.choice, acceptedAt: last.acceptedAt });
  }), { numRuns: 500 });
});

test('without revoting nobody is overturned who was told that their ballot stands', async () => {
  await fc.assert(fc.asyncProperty(scenario, async ({ plan, order }) => {
    const { told, standing } = await play(plan, false, order);
    for (const { outcome, vote } of told) {
      if (outcome === 'first' || outcome === 'standing') expect(standing).toMatchObject(vote);
    }
    expect(told.filter(({ outcome }) => outcome === 'first').length).toBeLessThanOrEqual(1);
    expect(standing === undefined).toBe(plan.length === 0);
  }), { numRuns: 500 });
});

test('without revoting the earliest stands where all came by the queue alone', async () => {
  const queued = steps.map((plan) => plan.map((step): Step => ({ ...step, table: 'refuses' })));
  await fc.assert(fc.asyncProperty(queued, fc.array(fc.nat(), { minLength: 12, maxLength: 12 }), async (plan, order) => {
    const { standing } = await play(plan, false, order);
    const first = [...plan].sort((a, b) => a.acceptedAt - b.acceptedAt).at(0);
    if (first !== undefined) expect(standing).toMatchObject({ choice: first.choice, acceptedAt: first.acceptedAt, queued: true });
  }), { numRuns: 300 });
});

test('a ballot that stands by the queue is what a late earlier one of the queue still overturns', async () => {
  const plan: Step[] = [
    { choice: 'o1', acceptedAt: 1, table: 'refuses', drains: [] },
    { choice: 'o2', acceptedAt: 2, table: 'refuses', drains: [1] },
  ];
  expect((await play(plan, false, [])).standing).toMatchObject({ choice: 'o1', acceptedAt: 1 });
  const confirmed: Step[] = [...plan, { choice: 'o2', acceptedAt: 3, table: 'takes', drains: [] }];
  const { told, standing } = await play(confirmed, false, []);
  expect(told.map(({ outcome }) => outcome)).toEqual(['queued', 'queued', 'standing']);
  expect(standing).toMatchObject({ choice: 'o2', acceptedAt: 3, queued: false });
});
