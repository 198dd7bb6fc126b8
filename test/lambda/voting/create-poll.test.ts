import { FakeMemberships, FakePolls, ROOM, uuid } from './fakes';
import type { CallerRequest } from '../../../lambda/shared/api';
import { createPoll } from '../../../lambda/voting/create-poll';
import { IDEMPOTENCY_SECONDS } from '../../../src/api/contract';
import type { NewPoll, Poll } from '../../../src/voting/contract';
import { createPoll as schema } from '../../../src/voting/schemas';
import { callerRequest, fakeClock } from '../shared/fakes';
import { compiled } from '../shared/validator';

const BODY: NewPoll = { question: 'Where to?', options: ['North', 'South'] };

function setUp() {
  const clock = fakeClock();
  const polls = new FakePolls(() => clock.read());
  const memberships = new FakeMemberships().add('user-1').add('user-2', 'owner').add('user-1', 'member', uuid(2_000_000));
  let ids = 0;
  const dependencies = { memberships, polls, newId: () => uuid(ids += 1), clock: () => clock.read() };
  const create = createPoll({ ...dependencies, lanes: 16 });
  const ask = (body: NewPoll = BODY, more: Partial<CallerRequest<NewPoll>> = {}) => create(callerRequest(body, { path: { roomId: ROOM }, ...more }));
  return { clock, polls, dependencies, ask };
}

test('a member opens a poll, and is told where it is', async () => {
  const { ask } = setUp();
  expect(await ask()).toEqual({
    status: 201,
    headers: { location: `/rooms/${ROOM}/polls/${uuid(1)}` },
    body: {
      pollId: uuid(1),
      roomId: ROOM,
      question: 'Where to?',
      options: [{ optionId: 'o1', text: 'North' }, { optionId: 'o2', text: 'South' }],
      revote: false,
      status: 'open',
      createdBy: 'user-1',
      createdAt: '2026-01-01T00:00:00.000Z',
    },
  });
});

test('a poll may allow a change of vote', async () => {
  const { ask } = setUp();
  expect((await ask({ ...BODY, revote: true })).body).toMatchObject({ revote: true });
});

test('a poll keeps the number of lanes of its creation', async () => {
  const { ask, polls, dependencies } = setUp();
  await ask();
  await createPoll({ ...dependencies, lanes: 32 })(callerRequest(BODY, { path: { roomId: ROOM } }));
  expect([1, 2].map((id) => polls.get({ roomId: ROOM, pollId: uuid(id) }).lanes)).toEqual([16, 32]);
});

test('to somebody outside the room it does not exist', async () => {
  const { ask, polls } = setUp();
  await expect(ask(BODY, { caller: { userId: 'stranger', accessToken: 't' } })).rejects.toMatchObject({ key: 'not-found' });
  expect(polls.polls.size).toBe(0);
});

describe('with an Idempotency-Key', () => {
  const idempotencyKey = 'key-1';

  test('the same request gives the same poll', async () => {
    const { ask, polls } = setUp();
    const first = await ask(BODY, { idempotencyKey });
    expect(await ask({ ...BODY, revote: false }, { idempotencyKey })).toEqual(first);
    expect(polls.polls.size).toBe(1);
  });

  test('the poll is given as it is now', async () => {
    const { ask, polls, clock } = setUp();
    await ask(BODY, { idempotencyKey });
    const [poll] = polls.polls.values();
    polls.add({ ...poll, closingAt: clock.now, closedAt: clock.now });
    expect((await ask(BODY, { idempotencyKey })).body).toMatchObject({ status: 'closed' });
  });

  test.each<[string, NewPoll, Partial<CallerRequest<NewPoll>>]>([
    ['question', { ...BODY, question: 'Where from?' }, {}],
    ['options', { ...BODY, options: ['North', 'East'] }, {}],
    ['number of options', { ...BODY, options: ['North', 'South', 'East'] }, {}],
    ['rule of revoting', { ...BODY, revote: true }, {}],
    ['room', BODY, { path: { roomId: uuid(2_000_000) } }],
  ])('another %s is another request', async (_, body, more) => {
    const { ask, polls } = setUp();
    await ask(BODY, { idempotencyKey });
    await expect(ask(body, { idempotencyKey, ...more })).rejects.toMatchObject({ key: 'idempotency-key-reused', status: 409 });
    expect(polls.polls.size).toBe(1);
  });

  test('another user\'s same key is another key', async () => {
    const { ask, polls } = setUp();
    await ask(BODY, { idempotencyKey });
    await ask(BODY, { idempotencyKey, caller: { userId: 'user-2', accessToken: 't' } });
    expect(polls.polls.size).toBe(2);
  });

  test('a key is forgotten after a day', async () => {
    const { ask, polls, clock } = setUp();
    await ask(BODY, { idempotencyKey });
    clock.now += IDEMPOTENCY_SECONDS * 1000 - 1;
    await ask(BODY, { idempotencyKey });
    expect(polls.polls.size).toBe(1);
    clock.now += 1;
    await ask(BODY, { idempotencyKey });
    expect(polls.polls.size).toBe(2);
  });
});

test('every poll has an id and a place of its own', async () => {
  const { ask } = setUp();
  const ids = [await ask(), await ask()].map(({ body }) => (body as Poll).pollId);
  expect(new Set(ids).size).toBe(2);
});

describe('the body', () => {
  const validate = compiled(schema);
  const many = (count: number) => Array.from({ length: count }, (_, index) => `Option ${index}`);

  test.each<[string, object]>([
    ['two options', BODY],
    ['twenty options', { ...BODY, options: many(20) }],
    ['a rule of revoting', { ...BODY, revote: true }],
    ['letters of any script', { question: '¿Adónde? 🚲', options: ['北', 'שם'] }],
  ])('may have %s', (_, body) => {
    expect(validate(body)).toBe(true);
  });

  test.each<[string, object]>([
    ['no question', { options: BODY.options }],
    ['a blank question', { ...BODY, question: ' ' }],
    ['one option', { ...BODY, options: many(1) }],
    ['21 options', { ...BODY, options: many(21) }],
    ['the same option twice', { ...BODY, options: ['North', 'North'] }],
    ['an empty option', { ...BODY, options: ['North', ''] }],
    ['a word for the rule of revoting', { ...BODY, revote: 'yes' }],
    ['unknown fields', { ...BODY, lanes: 1 }],
  ])('may not have %s', (_, body) => {
    expect(validate(body)).toBe(false);
  });
});
