import { DependencyUnavailable } from '../../../lambda/shared/problem';
import { sourceOf } from '../../../lambda/voting/checkpoint';
import { fold } from '../../../lambda/voting/fold';
import type { RecountResult } from '../../../src/voting/contract';
import { ROOM, uuid } from './fakes';
import { LANE, recountWorld } from './recount-world';

test('a tally that says what the ballots say is equal, and is left as it is', async () => {
  const { tallies, vote, flush, run } = recountWorld();
  await vote(1);
  await vote(2, 'o1,o2');
  await flush();
  expect(await run({ mend: true })).toEqual({ pollId: uuid(1), lanes: [{ lane: 0, ballots: 2, state: 'equal' }], equal: true });
  expect(tallies.version()).toBe(2);
  expect(tallies.items.get(`${uuid(1)} 0`)!.marker).toBeUndefined();
});

test('a poll without a vote is equal in every lane, in their order', async () => {
  const { run } = recountWorld({ lanes: 40 });
  const { lanes, equal } = await run();
  expect(equal).toBe(true);
  expect(lanes).toEqual(Array.from({ length: 40 }, (_, lane) => ({ lane, ballots: 0, state: 'equal' })));
});

describe('a tally that lacks ballots, because they were given up', () => {
  async function damaged() {
    const all = recountWorld();
    for (const voter of [1, 2, 3]) await all.vote(voter, voter === 3 ? 'o2' : 'o1');
    await all.flush();
    const item = all.tallies.items.get(`${uuid(1)} 0`)!;
    item.counts = { o1: 1, o3: 0 };
    item.ballots = 1;
    return { ...all, item };
  }
  const LANES = [{ lane: 0, ballots: 3, before: { ballots: 1, counts: { o1: 1 } }, after: { ballots: 3, counts: { o1: 2, o2: 1 } } }];

  test('is only reported, where that is asked for', async () => {
    const { item, log, run } = await damaged();
    expect(await run({ reveal: true })).toEqual({ pollId: uuid(1), lanes: [{ ...LANES[0], state: 'differs' }], equal: false });
    expect(item.counts).toEqual({ o1: 1, o3: 0 });
    expect(log.lines).toContainEqual(expect.objectContaining({ level: 'warn', message: 'A tally differs from its ballots' }));
  });

  test('is reported by numbers of ballots alone unless counts by option are asked for, and logged so in any case', async () => {
    const { log, run } = await damaged();
    const { lanes } = await run();
    expect(lanes).toEqual([{ lane: 0, ballots: 3, state: 'differs', before: { ballots: 1, counts: {} }, after: { ballots: 3, counts: {} } }]);
    const revealing = await damaged();
    await revealing.run({ reveal: true });
    for (const { lines } of [log, revealing.log]) {
      expect(lines.find(({ message }) => message === 'A tally differs from its ballots')!.extra).toEqual({ ...LANE, said: 1, found: 3, mend: false });
      expect(JSON.stringify(lines)).not.toMatch(/"o\d"/);
    }
  });

  test('is mended, and its version rises by one', async () => {
    const { item, run } = await damaged();
    const { version } = item;
    expect(await run({ mend: true, reveal: true })).toEqual({ pollId: uuid(1), lanes: [{ ...LANES[0], state: 'mended' }], equal: true });
    expect(item).toMatchObject({ counts: { o1: 2, o2: 1, o3: 0 }, ballots: 3, version: version + 1 });
  });

  test('and is mended twice at once is mended once for all', async () => {
    const { item, run, again } = await damaged();
    let other: RecountResult | undefined;
    await run({ mend: true }, [async () => { other = await again({ roomId: ROOM, pollId: uuid(1), mend: true }); }]);
    expect(item).toMatchObject({ counts: { o1: 2, o2: 1, o3: 0 }, ballots: 3 });
    expect(other!.lanes.map(({ state }) => state)).not.toContain('differs');
  });
});

describe('while votes arrive', () => {
  test('the lane is tried again until they leave it time', async () => {
    const { world, vote, run, ballots } = recountWorld();
    const burst = async () => {
      for (let voter = 0; voter < 40; voter += 1) {
        await world.sleep(100);
        await vote(voter);
      }
    };
    expect(await run({ mend: true }, [burst])).toEqual({ pollId: uuid(1), lanes: [{ lane: 0, ballots: 40, state: 'equal' }], equal: true });
    expect(ballots.stream.filter(({ marker }) => marker !== undefined).length).toBeGreaterThan(2);
  });

  test('a lane that never rests is busy, and nothing is said of it', async () => {
    const { world, vote, run } = recountWorld();
    const endless = async () => {
      for (let voter = 0; voter < 3000; voter += 1) {
        await world.sleep(50);
        await vote(voter);
      }
    };
    expect(await run({ mend: true }, [endless])).toMatchObject({ lanes: [{ lane: 0, state: 'busy' }], equal: false });
  });
});

test('a vote that is counted between the look and the mend is not overwritten', async () => {
  const { tallies, vote, flush, run, ballots } = recountWorld();
  await vote(1);
  await flush();
  tallies.items.get(`${uuid(1)} 0`)!.counts = {};
  const mend = tallies.mend.bind(tallies);
  let first = true;
  tallies.mend = async (...args) => {
    if (first) {
      first = false;
      await vote(2, 'o2');
      const [change] = ballots.stream.slice(-1);
      const { checkpoint } = (await tallies.ofLane(LANE))!;
      const one = fold([{ ...change, index: 0 }], checkpoint, sourceOf(checkpoint!.stream!, LANE.pollId))!;
      await tallies.add(LANE.pollId, new Map([[LANE.lane, one]]));
    }
    return mend(...args);
  };
  expect(await run({ mend: true })).toMatchObject({ lanes: [{ state: 'mended', ballots: 2 }], equal: true });
  expect(tallies.sum()).toEqual({ o1: 1, o2: 1 });
});

test('where nobody counts, every lane is busy, and that within the time of the function', async () => {
  const { world, run, stall } = recountWorld({ lanes: 256 });
  stall();
  const { lanes, equal } = await run();
  expect(equal).toBe(false);
  expect(new Set(lanes.map(({ state }) => state))).toEqual(new Set(['busy']));
  expect(world.now).toBeLessThan(14 * 60_000);
});

test('a lane that the table does not answer for is busy, and the others have their result', async () => {
  const { run, ballots, log } = recountWorld({ lanes: 3 });
  const count = ballots.count.bind(ballots);
  ballots.count = async (lane) => {
    if (lane.lane === 1) throw new DependencyUnavailable('The voting table');
    return count(lane);
  };
  expect(await run()).toMatchObject({ lanes: [{ state: 'equal' }, { lane: 1, state: 'busy' }, { state: 'equal' }], equal: false });
  expect(log.lines).toContainEqual(expect.objectContaining({ level: 'warn', extra: expect.objectContaining({ lane: 1 }) }));
});

test('an unknown poll, and what is no request, are refused', async () => {
  const { again } = recountWorld();
  await expect(again({ roomId: ROOM, pollId: uuid(9), mend: false })).rejects.toThrow('There is no poll');
  for (const request of [undefined, {}, { roomId: ROOM, pollId: uuid(1) }, { roomId: ROOM, pollId: 'x', mend: true }, { roomId: 1, pollId: uuid(1), mend: true }, { roomId: ROOM, pollId: uuid(1), mend: true, reveal: 'yes' }]) {
    await expect(again(request)).rejects.toThrow('A recount is asked for with');
  }
});
