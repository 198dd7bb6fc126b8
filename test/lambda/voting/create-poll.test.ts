import type { CallerRequest } from '../../../lambda/shared/api';
import { createPoll } from '../../../lambda/voting/create-poll';
import { IDEMPOTENCY_SECONDS } from '../../../src/api/contract';
import type { NewPoll, Poll } from '../../../src/voting/contract';
import { createPoll as schema } from '../../../src/voting/schemas';
import { callerRequest, fakeClock } from '../shared/fakes';
import { compiled } from '../shared/validator';
import { FakeMemberships, FakePolls, ROOM, uuid } from './fakes';

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
    created: uuid(1),
    body: {
      pollId: uuid(1),
      roomId: ROOM,
      question: 'Where to?',
      options: [{ optionId: 'o1', text: 'North' }, { optionId: 'o2', text: 'South' }],
      revote: false,
      maxChoices: 1,
      secret: true,
      visibility: 'always',
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

test('a poll may allow several choices, open ballots and results for some only', async () => {
  const { ask, polls } = setUp();
  const more = { maxChoices: 2, secret: false, visibility: 'after-close' as const };
  expect((await ask({ ...BODY, ...more })).body).toMatchObject(more);
  expect(polls.get({ roomId: ROOM, pollId: uuid(1) })).toMatchObject(more);
});

test('more choices than there are options are refused', async () => {
  await expect(setUp().ask({ ...BODY, maxChoices: 3 })).rejects.toMatchObject({ key: 'invalid-request', details: { errors: [{ pointer: '/maxChoices' }] } });
});

describe('times', () => {
  test('are kept as moments and shown in UTC, whatever zone they were given in', async () => {
    const { ask, polls } = setUp();
    const { body } = await ask({ ...BODY, opensAt: '2026-01-01T12:00:00+02:00', closesAt: '2026-01-01T11:00:00.5Z' });
    expect(body).toMatchObject({ status: 'scheduled', opensAt: '2026-01-01T10:00:00.000Z', closesAt: '2026-01-01T11:00:00.500Z' });
    const kept = polls.get({ roomId: ROOM, pollId: uuid(1) });
    expect(kept).toMatchObject({ opensAt: Date.UTC(2026, 0, 1, 10), closesAt: Date.UTC(2026, 0, 1, 11, 0, 0, 500) });
  });

  test('a poll may have opened before it was made', async () => {
    expect((await setUp().ask({ ...BODY, opensAt: '2025-12-31T00:00:00Z' })).body).toMatchObject({ status: 'open' });
  });

  test.each<[string, Pick<NewPoll, 'opensAt' | 'closesAt'>, string[]]>([
    ['an end that is now', { closesAt: '2026-01-01T00:00:00Z' }, ['/closesAt']],
    ['an end in the past', { closesAt: '2026-01-01T00:59:59+01:00' }, ['/closesAt']],
    ['an end when it opens', { opensAt: '2026-02-01T00:00:00Z', closesAt: '2026-02-01T00:00:00Z' }, ['/closesAt']],
    ['a day that no month has', { opensAt: '2026-02-30T00:00:00Z', closesAt: '2026-04-31T00:00:00Z' }, ['/opensAt', '/closesAt']],
    ['an hour that no day has', { closesAt: '2026-02-01T25:00:00Z' }, ['/closesAt']],
    ['the hour after the last', { closesAt: '2099-02-20T24:00:00Z' }, ['/closesAt']],
    ['years that a zone leads out of', { opensAt: '0000-01-01T00:00:00+23:59', closesAt: '9999-12-31T23:59:59-23:59' }, ['/opensAt', '/closesAt']],
    ['a minute that no zone has', { closesAt: '2026-02-01T10:00:00+01:99' }, ['/closesAt']],
  ])('%s is refused with the field', async (_, times, pointers) => {
    const { ask, polls } = setUp();
    const errors = pointers.map((pointer) => expect.objectContaining({ pointer }));
    await expect(ask({ ...BODY, ...times })).rejects.toMatchObject({ key: 'invalid-request', details: { errors } });
    expect(polls.polls.size).toBe(0);
  });
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
    ['number of choices', { ...BODY, maxChoices: 2 }, {}],
    ['secrecy', { ...BODY, secret: false }, {}],
    ['visibility', { ...BODY, visibility: 'after-vote' }, {}],
    ['opening', { ...BODY, opensAt: '2026-01-02T00:00:00Z' }, {}],
    ['end', { ...BODY, closesAt: '2026-01-02T00:00:00Z' }, {}],
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

  test('the same request after the end of its poll gives the same poll', async () => {
    const { ask, polls, clock } = setUp();
    const body = { ...BODY, closesAt: '2026-01-01T00:00:01Z' };
    const first = await ask(body, { idempotencyKey });
    clock.now += 2000;
    expect(await ask(body, { idempotencyKey })).toMatchObject({ status: 201, created: first.created, body: { pollId: uuid(1), status: 'closed' } });
    expect(polls.polls.size).toBe(1);
    await expect(ask({ ...body, question: 'Late?' }, { idempotencyKey })).rejects.toMatchObject({ key: 'idempotency-key-reused' });
    await expect(ask(body, { idempotencyKey: 'key-2' })).rejects.toMatchObject({ details: { errors: [{ pointer: '/closesAt' }] } });
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
    ['times', { ...BODY, opensAt: '2026-01-01T10:00:00Z', closesAt: '2026-12-31T23:59:59.123456789+05:30' }],
    ['rules of choices, secrecy and visibility', { ...BODY, maxChoices: 20, secret: false, visibility: 'after-vote' }],
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
    ['a time without a zone', { ...BODY, closesAt: '2026-01-01T10:00:00' }],
    ['a day for a time', { ...BODY, opensAt: '2026-01-01' }],
    ['a number for a time', { ...BODY, opensAt: 1767225600000 }],
    ['no choices', { ...BODY, maxChoices: 0 }],
    ['half a choice', { ...BODY, maxChoices: 1.5 }],
    ['a word for secrecy', { ...BODY, secret: 'no' }],
    ['an unknown visibility', { ...BODY, visibility: 'never' }],
    ['unknown fields', { ...BODY, lanes: 1 }],
  ])('may not have %s', (_, body) => {
    expect(validate(body)).toBe(false);
  });
});
