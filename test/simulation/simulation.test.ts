import { FAULT_KINDS } from './engine/faults';
import { mutants } from './mutants';
import { run } from './run';
import { adding, NOTHING } from './totals';

/** Every mistake must show itself within that many histories. */
const SEARCHED = 100;

test('200 histories full of faults: no vote is lost, counted twice or counted wrong', async () => {
  let totals = NOTHING;
  for (let seed = 1; seed <= 200; seed += 1) {
    const verdict = await run({ seed });
    totals = adding(totals, verdict);
    expect({ seed, violations: verdict.violations }).toEqual({ seed, violations: [] });
  }
  expect(totals).toMatchObject({ seeds: 200, lost: 0, double: 0, wrong: 0, broken: 0 });
  expect(totals.votes).toBeGreaterThan(2_000);
  // A fault that never happens proves nothing.
  expect(FAULT_KINDS.filter((kind) => totals.faults[kind] === undefined)).toEqual([]);
}, 60_000);

describe('a mistake in the algorithm is found', () => {
  test.each(Object.entries(mutants))('%s', async (_, { wiring }) => {
    for (let seed = 1; seed <= SEARCHED; seed += 1) {
      const { violations } = await run({ seed, wiring });
      if (violations.length === 0) continue;
      // The history is to blame the mistake for: without it nothing is wrong.
      expect((await run({ seed })).violations).toEqual([]);
      return;
    }
    throw new Error(`Not found in ${SEARCHED} histories`);
  }, 60_000);
});

test('a seed is one history, event by event', async () => {
  for (const seed of [3, 14, 159]) {
    const first = await run({ seed, trace: true });
    const second = await run({ seed, trace: true });
    expect(first.trace.length).toBeGreaterThan(50);
    expect(second.trace).toEqual(first.trace);
    expect(second).toEqual(first);
    // Whether somebody reads along changes nothing.
    expect(await run({ seed })).toEqual({ ...first, trace: [] });
  }
});

test('seeds are different histories', async () => {
  const traces = new Set<string>();
  for (const seed of [1, 2, 3]) traces.add((await run({ seed, trace: true })).trace.slice(1).join('\n'));
  expect(traces.size).toBe(3);
});

test('a failing seed fails again in the same way, and its trace says what happened', async () => {
  const { wiring } = mutants['put-without-condition'];
  const failing = await run({ seed: 1, wiring, trace: true });
  expect(failing.violations.length).toBeGreaterThan(0);
  expect((await run({ seed: 1, wiring })).violations).toEqual(failing.violations);
  const text = failing.trace.join('\n');
  expect(text).toContain('VIOLATION');
  expect(text).toContain(failing.violations[0].text);
  expect(text).toMatch(/^ +\d+\.\d{3} {2}(cast-vote|drain)-\d+ +PutItem ballot#\S+.* => done$/m);
});
