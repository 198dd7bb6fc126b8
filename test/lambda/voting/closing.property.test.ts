import fc from 'fast-check';
import { Problem } from '../../../lambda/shared/problem';
import { ballotBox } from '../../../lambda/voting/ballot-box';
import { castVote } from '../../../lambda/voting/cast-vote';
import { closePoll } from '../../../lambda/voting/close-poll';
import { endOf } from '../../../lambda/voting/closing';
import { cachedPolls } from '../../../lambda/voting/poll-cache';
import type { PollReader, Polls } from '../../../lambda/voting/ports';
import { CLOCK_SKEW_MS, type Poll, type Vote } from '../../../src/voting/contract';
import { callerRequest } from '../shared/fakes';
import { aPoll, FakeBallots, FakeMemberships, FakePolls, ROOM, uuid } from './fakes';
import { World } from './world';

const FUNCTIONS = 3;

/** What takes how long; the numbers are used one after the other, and again from the start. */
type Delays = () => number;

function delaysOf(values: number[]): Delays {
  let next = 0;
  return () => {
    next += 1;
    return values[next % values.length];
  };
}

/** A call takes some time to arrive and some to come back, and the caller may never hear of it. */
function remote(polls: Polls, world: World, delay: Delays, crashesAt = Infinity): Pick<Polls, 'find' | 'announceClose' | 'settleClose'> {
  let calls = 0;
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    await world.sleep(delay());
    const result = await work();
    calls += 1;
    if (calls > crashesAt) throw new Error('killed');
    await world.sleep(delay());
    return result;
  };
  return {
    find: (key) => call(() => polls.find(key)),
    announceClose: (key, moment, instead) => call(() => polls.announceClose(key, moment, instead)),
    settleClose: (key, moment) => call(() => polls.settleClose(key, moment)),
  };
}

const skew = fc.integer({ min: -CLOCK_SKEW_MS / 2, max: CLOCK_SKEW_MS / 2 });
const latency = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 20 }) }, fc.integer({ min: 0, max: 1500 }));
const delays = fc.array(latency, { minLength: 1, maxLength: 40 });
const scenario = fc.record({
  /** Given with the creation of some polls; most are closed by hand before. */
  closesAfter: fc.option(fc.integer({ min: 0, max: 6000 }), { nil: undefined }),
  edge: skew,
  functions: fc.array(skew, { minLength: FUNCTIONS, maxLength: FUNCTIONS }),
  tableOfFunctions: delays,
  tableOfClosers: delays,
  votes: fc.array(fc.record({
    at: fc.integer({ min: 0, max: 5000 }), on: fc.nat({ max: FUNCTIONS - 1 }), delay: latency,
  }), { minLength: 20, maxLength: 80 }),
  closers: fc.array(fc.record({
    at: fc.integer({ min: 0, max: 3000 }), skew, crashesAt: fc.oneof({ weight: 3, arbitrary: fc.constant(Infinity) }, fc.integer({ min: 1, max: 4 })),
  }), { minLength: 1, maxLength: 4 }),
});

test('votes and closing race: with clocks apart, slow tables and closers that die, the end is exact', async () => {
  let settled = 0;
  await fc.assert(fc.asyncProperty(scenario, async ({ closesAfter, edge, functions, tableOfFunctions, tableOfClosers, votes, closers }) => {
    const world = new World();
    world.now = 10_000;
    const polls = new FakePolls();
    const poll = polls.add(aPoll(closesAfter === undefined ? {} : { closesAt: world.now + closesAfter }));
    const memberships = new FakeMemberships();
    const ballots = new FakeBallots();
    const accepted: number[] = [];
    const refused: number[] = [];
    /** By the world's own time: when the first closer was answered, and which accepted votes had begun by when. */
    let closedSince = Infinity;
    const begun: number[] = [];
    const ends: Array<string | undefined> = [];
    const others: string[] = [];

    const delay = delaysOf(tableOfFunctions);
    const readers: PollReader[] = functions.map((ahead) => cachedPolls(remote(polls, world, delay), world.clock(ahead)));
    votes.forEach(({ at, on, delay: toFunction }, index) => void (async () => {
      memberships.add(`user-${index}`);
      await world.sleep(at);
      const start = world.now;
      const acceptedAt = world.clock(edge)();
      await world.sleep(toFunction);
      const cast = castVote({ memberships, polls: readers[on], ballots: ballotBox(ballots) });
      try {
        const caller = { userId: `user-${index}`, accessToken: 't' };
        const { body } = await cast(callerRequest({ optionId: 'o1' }, { caller, path: { roomId: ROOM, pollId: uuid(1) }, acceptedAt }));
        accepted.push(Date.parse((body as Vote).acceptedAt));
        begun.push(start);
      } catch (error) {
        if ((error as Problem).key === 'poll-closed') refused.push(acceptedAt);
        else others.push((error as Error).message);
      }
    })());

    const closerDelay = delaysOf(tableOfClosers);
    memberships.add('creator');
    for (const { at, skew: ahead, crashesAt } of closers) {
      void (async () => {
        await world.sleep(at);
        const close = closePoll({ memberships, polls: remote(polls, world, closerDelay, crashesAt), clock: world.clock(ahead), sleep: world.sleep });
        try {
          const { body } = await close(callerRequest(undefined, { caller: { userId: 'creator', accessToken: 't' }, path: { roomId: ROOM, pollId: uuid(1) } }));
          ends.push((body as Poll).closedAt);
          closedSince = Math.min(closedSince, world.now);
        } catch (error) {
          others.push((error as Error).message);
        }
      })();
    }

    await world.run();
    const closedAt = endOf(polls.get(poll)) ?? Infinity;
    if (closedAt < Infinity) settled += 1;
    expect(Math.max(-Infinity, ...accepted)).toBeLessThan(closedAt);
    expect(Math.min(Infinity, ...refused)).toBeGreaterThanOrEqual(closedAt === Infinity ? Infinity : closedAt);
    expect(Math.max(-Infinity, ...begun)).toBeLessThanOrEqual(closedSince);
    expect(new Set(ends).size).toBeLessThanOrEqual(1);
    if (ends.length > 0) expect(Date.parse(ends[0]!)).toBe(closedAt);
    expect(ballots.stream).toHaveLength(accepted.length);
    expect(others.filter((message) => !/killed|is being closed|not available/.test(message))).toEqual([]);
  }), { numRuns: 150 });
  expect(settled).toBeGreaterThan(50);
});
