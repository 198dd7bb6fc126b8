import { cachedPolls } from '../../../lambda/voting/poll-cache';
import type { PollRecord } from '../../../lambda/voting/ports';
import { POLL_CACHE_MS } from '../../../src/voting/contract';
import { fakeClock } from '../shared/fakes';
import { aPoll, FakePolls, uuid } from './fakes';

function setUp(entries?: number) {
  const clock = fakeClock(10_000);
  const polls = new FakePolls();
  const poll = polls.add(aPoll());
  return { clock, polls, poll, cached: cachedPolls(polls, () => clock.read(), entries) };
}

test('a poll is read once for as long as it may be trusted', async () => {
  const { clock, polls, poll, cached } = setUp();
  await cached.find(poll);
  clock.now += POLL_CACHE_MS;
  expect(await cached.find(poll)).toBe(poll);
  expect(polls.reads).toBe(1);
  clock.now += 1;
  await cached.find(poll);
  expect(polls.reads).toBe(2);
});

test('the age counts from before the read was sent', async () => {
  const { clock, polls, poll } = setUp();
  const slow = { find: async (key: PollRecord) => { const found = await polls.find(key); clock.now += 400; return found; } };
  const cached = cachedPolls({ find: (key) => slow.find(key as PollRecord) }, () => clock.read());
  await cached.find(poll);
  clock.now += POLL_CACHE_MS - 400;
  await cached.find(poll);
  expect(polls.reads).toBe(1);
  clock.now += 1;
  await cached.find(poll);
  expect(polls.reads).toBe(2);
});

test('a clock that was set back makes no poll young', async () => {
  const { clock, polls, poll, cached } = setUp();
  await cached.find(poll);
  clock.now -= 1;
  await cached.find(poll);
  expect(polls.reads).toBe(2);
});

test('of overlapping reads the one that was sent later stays', async () => {
  const { clock, poll } = setUp();
  const answers: Array<(found: PollRecord) => void> = [];
  const cached = cachedPolls({ find: () => new Promise((resolve) => { answers.push(resolve); }) }, () => clock.read());
  const early = cached.find(poll);
  clock.now += 10;
  const late = cached.find(poll);
  const closing = { ...poll, closingAt: 1 };
  answers[1](closing);
  await late;
  answers[0](poll);
  await early;
  expect(await cached.find(poll)).toBe(closing);
});

test('that there is no poll is not remembered', async () => {
  const { polls, cached } = setUp();
  const key = aPoll({ pollId: uuid(2) });
  expect(await cached.find(key)).toBeUndefined();
  polls.add(key);
  expect(await cached.find(key)).toBe(key);
});

test('a poll is found by its room only', async () => {
  const { poll, cached } = setUp();
  await cached.find(poll);
  expect(await cached.find({ roomId: uuid(9), pollId: poll.pollId })).toBeUndefined();
});

test('it remembers a bounded number, and forgets the oldest first', async () => {
  const { polls, cached } = setUp(2);
  const some = [1, 2, 3].map((id) => polls.add(aPoll({ pollId: uuid(id) })));
  for (const poll of some) await cached.find(poll);
  await cached.find(some[1]);
  await cached.find(some[2]);
  expect(polls.reads).toBe(3);
  await cached.find(some[0]);
  expect(polls.reads).toBe(4);
});

test('a poll whose end is settled can change no more, and is kept longer; one whose end is announced is not', async () => {
  const { clock, polls, poll, cached } = setUp();
  polls.add({ ...poll, closingAt: 1 });
  await cached.find(poll);
  clock.now += POLL_CACHE_MS + 1;
  polls.add({ ...poll, closingAt: 1, closedAt: 1 });
  await cached.find(poll);
  expect(polls.reads).toBe(2);
  clock.now += 60_000;
  await cached.find(poll);
  expect(polls.reads).toBe(2);
  clock.now += 1;
  await cached.find(poll);
  expect(polls.reads).toBe(3);
});
