import fc from 'fast-check';
import { readLanes } from '../../../lambda/voting/adapters/stream';
import { aggregate } from '../../../lambda/voting/aggregate';
import { ballotBox } from '../../../lambda/voting/ballot-box';
import { laneOf } from '../../../lambda/voting/lane';
import type { LaneFolds } from '../../../lambda/voting/ports';
import { sumOf } from '../../../lambda/voting/results';
import { fakeLog } from '../shared/fakes';
import { aPoll, FakeBallots, FakeDeadLetters, FakeTallies, type LaneChange } from './fakes';
import { streamRecord } from './stream-records';

const LANES = 3;
const CHOICES = ['o1', 'o2', 'o3', 'o1,o2', 'o1,o2,o3'];

interface Cast { readonly voter: number; readonly choice: string; readonly acceptedAt: number; readonly again: boolean; readonly marks: boolean }

const casts: fc.Arbitrary<Cast[]> = fc.array(fc.record({
  voter: fc.nat({ max: 9 }),
  choice: fc.constantFrom(...CHOICES),
  acceptedAt: fc.nat({ max: 30 }),
  again: fc.boolean(),
  /** Whether a recount puts a marker into the lane at this point. */
  marks: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
}), { maxLength: 60 });

/** Votes as they reach the box: in any order, some of them twice. */
async function vote(sequence: Cast[], revote: boolean): Promise<FakeBallots> {
  const ballots = new FakeBallots();
  const box = ballotBox(ballots);
  for (const { voter, choice, acceptedAt, again, marks } of sequence) {
    const lane = { pollId: aPoll().pollId, lane: laneOf(`user-${voter}`, LANES) };
    const ballot = { ...lane, voter: `user-${voter}`, choice, acceptedAt, revote };
    await box.cast(ballot);
    if (again) await box.cast(ballot);
    if (marks) await ballots.mark(lane, `marker-${ballots.stream.length}`);
  }
  return ballots;
}

type Fault = 'none' | 'refused' | 'answer lost' | 'killed';

/** Tallies that a test disturbs: every addition waits for its turn, and may fail before or after it was done. */
class DisturbedTallies extends FakeTallies {
  readonly versions: number[] = [];

  constructor(private readonly turn: () => Promise<void>, private readonly fault: () => Fault) {
    super();
  }

  override async add(pollId: string, folds: LaneFolds) {
    await this.turn();
    const fault = this.fault();
    if (fault === 'refused') throw new Error('refused');
    const standing = this.write(pollId, folds);
    this.versions.push(this.version());
    if (fault === 'answer lost') throw new Error('answer lost');
    // Nothing that this invocation would have done afterwards is done.
    if (fault === 'killed') return new Promise<never>(() => undefined);
    return standing;
  }
}

/** One way of delivering: from how far before the checkpoint, how many, and how often at the same time. */
const deliveries = fc.array(fc.record({
  back: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat({ max: 20 })),
  size: fc.integer({ min: 1, max: 30 }),
  twice: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
}), { maxLength: 15 });

const faults = fc.infiniteStream(fc.oneof<[fc.WeightedArbitrary<Fault>, fc.WeightedArbitrary<Fault>]>(
  { weight: 3, arbitrary: fc.constant('none') }, { weight: 2, arbitrary: fc.constantFrom('refused', 'answer lost', 'killed') },
));

test('whatever is repeated, split, lost or killed on the way, the tallies become the ballots', async () => {
  const scenario = fc.record({ sequence: casts, revote: fc.boolean(), plan: deliveries, faultsToCome: faults, scheduler: fc.scheduler() });
  await fc.assert(fc.asyncProperty(scenario, async ({ sequence, revote, plan, faultsToCome, scheduler }) => {
    const ballots = await vote(sequence, revote);
    const { stream } = ballots;
    let disturbed = true;
    const tallies = new DisturbedTallies(
      () => (disturbed ? scheduler.schedule(Promise.resolve()) : Promise.resolve()),
      () => (disturbed ? faultsToCome.next().value : 'none'),
    );
    const count = aggregate({ tallies, deadLetters: new FakeDeadLetters(), log: fakeLog(), clock: () => 0, tableName: 'Votes' });
    const deliver = (records: LaneChange[]) => count(readLanes(records.map((change) => streamRecord(change))));

    let checkpoint = 0;
    for (const { back, size, twice } of plan) {
      const from = Math.max(0, checkpoint - back);
      const to = Math.min(stream.length, from + size);
      const main = deliver(stream.slice(from, to)).then((failed) => {
        const next = failed === undefined ? to : stream.findIndex(({ recordId }) => recordId === failed.recordId);
        checkpoint = Math.max(checkpoint, next);
      });
      if (twice !== undefined) void deliver(stream.slice(from, from + twice));
      void main;
      // Whoever was killed never ends: nobody waits for it, and the stream delivers again from the checkpoint.
      await scheduler.waitIdle();
    }
    disturbed = false;
    expect(await deliver(stream.slice(checkpoint))).toBeUndefined();

    expect(tallies.sum()).toEqual(ballots.counts());
    const { total, version } = sumOf(aPoll(), await tallies.ofPoll(aPoll().pollId), 0);
    expect(total).toBe(ballots.ballots.size);
    expect(tallies.versions).toEqual([...tallies.versions].sort((a, b) => a - b));
    expect(version).toBe(tallies.versions.at(-1) ?? 0);
  }), { numRuns: 300 });
});

test('where a change is allowed the vote accepted last stands, whichever order votes come in', async () => {
  await fc.assert(fc.asyncProperty(casts, async (sequence) => {
    const distinct = sequence.filter(({ voter, acceptedAt }, index) =>
      sequence.findIndex((other) => other.voter === voter && other.acceptedAt === acceptedAt) === index);
    const { ballots } = await vote(distinct, true);
    for (const voter of new Set(distinct.map((cast) => cast.voter))) {
      const [last] = distinct.filter((cast) => cast.voter === voter).sort((a, b) => b.acceptedAt - a.acceptedAt);
      const key = `${aPoll().pollId} ${laneOf(`user-${voter}`, LANES)} user-${voter}`;
      expect(ballots.get(key)).toMatchObject({ choice: last.choice, acceptedAt: last.acceptedAt });
    }
  }));
});

test('where no change is allowed the vote that came first stands', async () => {
  await fc.assert(fc.asyncProperty(casts, async (sequence) => {
    const { ballots } = await vote(sequence, false);
    for (const voter of new Set(sequence.map((cast) => cast.voter))) {
      const first = sequence.find((cast) => cast.voter === voter)!;
      const key = `${aPoll().pollId} ${laneOf(`user-${voter}`, LANES)} user-${voter}`;
      expect(ballots.get(key)).toMatchObject({ choice: first.choice, acceptedAt: first.acceptedAt });
    }
  }));
});
