import { mutants } from './mutants';
import { run } from './run';

/** Every mistake must show itself within that many histories. */
const SEARCHED = 100;

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
  }, 240_000);
});

test('a failing seed fails again in the same way, and its trace says what happened', async () => {
  const { wiring } = mutants['put-without-condition'];
  const failing = await run({ seed: 1, wiring, trace: true });
  expect(failing.violations.length).toBeGreaterThan(0);
  expect((await run({ seed: 1, wiring })).violations).toEqual(failing.violations);
  const text = failing.trace.join('\n');
  expect(text).toContain('VIOLATION');
  expect(text).toContain(failing.violations[0].text);
  expect(text).toMatch(/^ +\d+\.\d{3} {2}(cast-vote|drain)-\d+ +(PutItem|UpdateItem) ballot#\S+.* => done$/m);
});
