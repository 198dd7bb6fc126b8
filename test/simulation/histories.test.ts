import { FAULT_KINDS } from './engine/faults';
import { run } from './run';
import { adding, NOTHING } from './totals';

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
}, 240_000);

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
