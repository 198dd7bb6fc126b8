import fc from 'fast-check';
import { recountWorld } from './recount-world';

/** Votes of some voters, some changed, at any times around a recount; the tally may be wrong from the beginning. */
const scenario = fc.record({
  before: fc.array(fc.record({ voter: fc.nat({ max: 5 }), choice: fc.constantFrom('o1', 'o2', 'o1,o2') }), { maxLength: 10 }),
  wrongBy: fc.integer({ min: -2, max: 2 }),
  during: fc.array(fc.record({ after: fc.nat({ max: 2500 }), voter: fc.nat({ max: 9 }), choice: fc.constantFrom('o1', 'o2', 'o3') }), { maxLength: 25 }),
  lag: fc.integer({ min: 1, max: 1500 }),
});

test('what a recount says is so, and what it mends stays right, whatever votes arrive meanwhile', async () => {
  const states = new Map<string, number>();
  await fc.assert(fc.asyncProperty(scenario, async ({ before, wrongBy, during, lag }) => {
    const { world, ballots, tallies, vote, flush, run } = recountWorld({}, lag);
    for (const [moment, { voter, choice }] of before.entries()) await vote(voter, choice, moment);
    await flush();
    const [item] = tallies.items.values();
    if (item !== undefined) {
      item.counts.o1 = (item.counts.o1 ?? 0) + wrongBy;
      item.ballots += wrongBy;
    }
    const wrong = item !== undefined && wrongBy !== 0;

    world.now = 1_000;
    const { lanes: [{ state, before: said, after: found }], equal } = await run({ mend: true }, [async () => {
      for (const { after, voter, choice } of during) {
        await world.sleep(after);
        await vote(voter, choice);
      }
    }]);
    await flush();
    states.set(state, (states.get(state) ?? 0) + 1);
    expect(equal).toBe(state !== 'busy');
    if (state !== 'busy') {
      expect(state).toBe(wrong ? 'mended' : 'equal');
      expect([tallies.sum(), tallies.ballots()]).toEqual([ballots.counts(), ballots.ballots.size]);
    }
    if (state === 'mended') expect(found!.ballots - said!.ballots).toBe(-wrongBy);
  }), { numRuns: 200 });
  expect(states.get('mended')).toBeGreaterThan(20);
  expect(states.get('equal')).toBeGreaterThan(20);
});
