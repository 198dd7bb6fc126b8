import fc from 'fast-check';
import { laneOf } from '../../../lambda/voting/lane';
import { uuid } from './fakes';

/** Votes in every lane, the fullest first. */
function spread(voters: string[], lanes: number): number[] {
  const counts = Array.from({ length: lanes }, () => 0);
  for (const voter of voters) counts[laneOf(voter, lanes)] += 1;
  return counts.sort((a, b) => b - a);
}

test('a voter keeps their lane, which is one of the poll\'s', () => {
  fc.assert(fc.property(fc.string(), fc.integer({ min: 1, max: 256 }), (voter, lanes) => {
    const lane = laneOf(voter, lanes);
    expect(lane).toBe(laneOf(voter, lanes));
    expect(Number.isInteger(lane) && lane >= 0 && lane < lanes).toBe(true);
  }));
});

test('the lanes of known voters never change: ballots of open polls are kept by them', () => {
  expect(['user-1', 'user-2', '0190b5e4-9c1f-7d5a-8b3e-1c2d3e4f5a6b'].map((voter) => laneOf(voter, 16))).toEqual([4, 15, 14]);
});

describe.each([
  ['ids that count up', (index: number) => uuid(index)],
  ['short names', (index: number) => `user-${index}`],
  ['ids that differ at their start', (index: number) => `${index.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`],
])('%s', (_, idOf) => {
  const voters = Array.from({ length: 100_000 }, (__, index) => idOf(index));

  test('the hottest of 16 lanes has hardly more than a sixteenth', () => {
    const [hottest] = spread(voters, 16);
    expect(hottest / voters.length).toBeLessThan(1.05 / 16);
  });

  test('256 lanes are all used, none by more than a quarter above its share', () => {
    const counts = spread(voters, 256);
    expect(counts[255]).toBeGreaterThan(voters.length / 256 / 1.25);
    expect(counts[0]).toBeLessThan(voters.length / 256 * 1.25);
  });
});
