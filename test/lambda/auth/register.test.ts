import { forgotPassword } from '../../../lambda/auth/forgot-password';
import type { AccountState } from '../../../lambda/auth/ports';
import { Refusal } from '../../../lambda/auth/refusal';
import { register } from '../../../lambda/auth/register';
import { DependencyUnavailable } from '../../../lambda/shared/problem';
import type { PasswordPolicy, Registration } from '../../../src/auth/contract';
import { fakeClock, fakeLog, request } from '../shared/fakes';
import { FakePool, fakeUsernames } from './fakes';

const EMAIL = 'ada@example.com';

function setUp(passwordPolicy?: PasswordPolicy) {
  const pool = new FakePool();
  const [log, clock] = [fakeLog(), fakeClock()];
  pool.now = clock.now;
  const waits: number[] = [];
  const wait = async (ms: number) => { waits.push(ms); };
  const handle = register({ accounts: pool, usernames: fakeUsernames, passwordPolicy, clock: () => clock.read(), log, wait, userPoolId: 'pool-1' });
  return { pool, log, clock, waits, handle, send: (body: Partial<Registration> = {}) => handle(request({ email: EMAIL, password: 'Passw0rd!', ...body })) };
}

const REGISTERED = { status: 201, body: { confirmationRequired: true } };

test('a new address gets an account and a code, and nothing of what the request carried', async () => {
  const { pool, send } = setUp();
  await expect(send({ displayName: 'Ada' })).resolves.toEqual(REGISTERED);
  expect(pool.of(EMAIL)).toMatchObject({ password: expect.stringContaining('nobody knows'), email: EMAIL });
  expect(pool.of(EMAIL)).not.toHaveProperty('displayName');
  expect(pool.mails.map(({ email }) => email)).toEqual([EMAIL]);
});

test('the address alone is enough', async () => {
  const { pool, send } = setUp();
  await expect(send({ password: undefined })).resolves.toEqual(REGISTERED);
  expect(pool.mails).toHaveLength(1);
});

test('an address is the same however it is typed', async () => {
  const { pool, send } = setUp();
  for (const email of ['ADA@Example.com', 'ada@BÜCHER.example', 'ada@xn--bcher-kva.example', 'zoe\u0308@example.com', 'zoë@example.com']) await send({ email });
  expect([...pool.users.keys()]).toEqual(['user of ada@example.com', 'user of ada@xn--bcher-kva.example', 'user of zoë@example.com']);
});

describe('an address with an account', () => {
  test('gets the very answer of a new one, after as many calls, and a code', async () => {
    const { pool, send } = setUp();
    await expect(send()).resolves.toEqual(REGISTERED);
    const calls = pool.calls.splice(0).length;
    for (const change of [{}, { status: 'RESET_REQUIRED' }, { enabled: false }] as const) {
      Object.assign(pool.of(EMAIL), change);
      await expect(send()).resolves.toEqual(REGISTERED);
      expect(pool.calls.splice(0)).toHaveLength(calls);
    }
    expect(pool.mails).toHaveLength(3);
  });

  test('keeps its password, its name and its sessions', async () => {
    const { pool, send } = setUp();
    pool.add(EMAIL, { password: 'Owner-1!', displayName: 'Ada', sessions: ['s'] });
    await send({ password: 'An0ther-one', displayName: 'Mallory' });
    expect(pool.of(EMAIL)).toMatchObject({ password: 'Owner-1!', displayName: 'Ada', sessions: ['s'] });
  });

  test('gets the same answer if it was mailed too many codes', async () => {
    const { pool, log, send } = setUp();
    pool.failures.sendCode = new Refusal('too-many-attempts');
    await expect(send()).resolves.toEqual(REGISTERED);
    expect(log.lines).toEqual([{ level: 'warn', message: 'No code was mailed', extra: { reason: 'too-many-attempts' } }]);
  });
});

describe('an account that a registration has made and not sealed', () => {
  const unfinished = { status: 'FORCE_CHANGE_PASSWORD' } as const;

  test('is left to that registration, as long as it can still be at work, and the answer says when it is over', async () => {
    const { pool, send, clock, waits } = setUp();
    pool.add(EMAIL, unfinished);
    clock.now += 13_000;
    await expect(send()).rejects.toMatchObject({ key: 'too-many-requests', details: { retryAfter: 7.001 } });
    expect(waits).toEqual([250, 500, 1_000]);
    expect(pool.calls).toEqual(['create', 'status', 'status', 'status', 'status']);
    clock.now += 7_001;
    await expect(send()).resolves.toEqual(REGISTERED);
    expect(pool.mails).toHaveLength(1);
  });

  test('is waited for, and then mailed a code, when that registration seals it', async () => {
    const { pool, send } = setUp();
    pool.add(EMAIL, unfinished);
    const status = pool.status.bind(pool);
    pool.status = async (username) => {
      const answer = await status(username);
      if (pool.calls.filter((call) => call === 'status').length === 2) await pool.seal(username);
      return answer;
    };
    await expect(send()).resolves.toEqual(REGISTERED);
    expect(pool.calls).toEqual(['create', 'status', 'status', 'seal', 'status', 'sendCode']);
    expect(pool.mails).toHaveLength(1);
  });

  test('is sealed and mailed a code by the next registration, when the first one is over', async () => {
    const { pool, send, clock } = setUp();
    pool.add(EMAIL, unfinished);
    clock.now += 20_001;
    await expect(send()).resolves.toEqual(REGISTERED);
    expect(pool.of(EMAIL).status).toBe('CONFIRMED');
    expect(pool.mails).toHaveLength(1);
  });

  test('is sealed at once if this very request may have made it', async () => {
    const { pool, send } = setUp();
    pool.add(EMAIL, unfinished);
    pool.create = async () => 'unclear' as never;
    await send();
    expect(pool.mails).toHaveLength(1);
  });

  test('is sealed by a second try if the first one had no effect, and by none if it had', async () => {
    for (const had of [false, true]) {
      const { pool, send } = setUp();
      const seal = pool.seal.bind(pool);
      pool.seal = async (username) => {
        pool.seal = seal;
        if (had) await seal(username);
        throw new DependencyUnavailable('The user pool');
      };
      await expect(send()).resolves.toEqual(REGISTERED);
      expect(pool.calls.filter((call) => call === 'seal')).toHaveLength(1);
      expect(pool.mails).toHaveLength(1);
    }
  });

  test('says when to try again if the sealing failed', async () => {
    const { pool, send } = setUp();
    pool.failures.seal = new DependencyUnavailable('The user pool');
    await expect(send()).rejects.toMatchObject({ dependency: 'The user pool', retryAfter: 20 });
  });

  test.each([
    ['the sealing is throttled', (pool: FakePool) => { pool.failures.seal = new Refusal('too-many-requests', { retryAfter: 5 }); }],
    ['the sealing does not answer and the question whether it was done is throttled', (pool: FakePool) => {
      pool.failures.seal = new DependencyUnavailable('The user pool');
      pool.failures.status = new Refusal('too-many-requests', { retryAfter: 5 });
    }],
  ])('a client that obeys the Retry-After of the answer gets a code when %s', async (_, fail) => {
    const { pool, send, clock } = setUp();
    fail(pool);
    const problem = await send().catch((error) => error);
    expect(problem).toMatchObject({ key: 'too-many-requests', details: { retryAfter: 20 } });
    delete pool.failures.seal;
    delete pool.failures.status;
    clock.now += problem.details.retryAfter * 1_000 + 1;
    await expect(send()).resolves.toEqual(REGISTERED);
    expect(pool.mails).toHaveLength(1);
  });
});

test('an account that somebody made by another way, and never confirmed, loses its password and its name', async () => {
  const { pool, send } = setUp();
  pool.add(EMAIL, { status: 'UNCONFIRMED', emailVerified: false, password: 'Mallory-1!', displayName: 'Mallory' });
  await expect(send()).resolves.toEqual(REGISTERED);
  expect(pool.of(EMAIL)).toMatchObject({ status: 'CONFIRMED', displayName: undefined, password: expect.stringContaining('nobody knows') });
  expect(pool.mails).toHaveLength(1);
});

test.each(['ready', 'unfinished'] as AccountState[])('an account that is %s is not disowned', async (state) => {
  const { pool, send, clock } = setUp();
  pool.add(EMAIL, { status: state === 'ready' ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD', displayName: 'Ada' });
  clock.now += 60_000;
  await send();
  expect(pool.of(EMAIL).displayName).toBe('Ada');
});

describe('while no e-mail can be sent', () => {
  const metric = expect.objectContaining({
    UserPool: 'pool-1',
    CodesNotMailed: 1,
    _aws: { Timestamp: expect.any(Number), CloudWatchMetrics: [{ Namespace: 'TrinityConstructs/Auth', Dimensions: [['UserPool']], Metrics: [{ Name: 'CodesNotMailed', Unit: 'Count' }] }] },
  });

  test.each([
    ['mail-quota', 'too-many-requests', 3_600], ['mail-undelivered', 'unavailable', 60],
  ] as const)('registration does not say that a code is on its way, to new and to known addresses alike (%s)', async (reason, key, retryAfter) => {
    const { pool, log, send } = setUp();
    pool.failures.sendCode = new Refusal(reason, { retryAfter });
    const unknown = await send().catch((problem) => problem);
    expect(unknown).toMatchObject({ key, details: { retryAfter } });
    expect(log.lines).toEqual([{ level: 'warn', message: 'No code was mailed', extra: metric }]);
    pool.add(EMAIL, { password: 'Owner-1!' });
    expect(await send().catch((problem) => problem)).toEqual(unknown);
  });

  test('registration sends the code when the client comes back', async () => {
    const { pool, send } = setUp();
    pool.failures.sendCode = new Refusal('mail-quota', { retryAfter: 3_600 });
    await expect(send()).rejects.toMatchObject({ key: 'too-many-requests' });
    delete pool.failures.sendCode;
    await expect(send()).resolves.toEqual(REGISTERED);
    expect(pool.mails).toHaveLength(1);
  });

  test.each(['mail-quota', 'mail-undelivered'] as const)('a forgotten password gets its one answer, since Cognito mails to known addresses only, and the metric counts it (%s)', async (reason) => {
    const { pool, log } = setUp();
    pool.failures.sendCode = new Refusal(reason);
    const forgot = forgotPassword({ accounts: pool, usernames: fakeUsernames, clock: () => 5, log, userPoolId: 'pool-1' });
    await expect(forgot(request({ email: EMAIL }))).resolves.toEqual({ status: 204 });
    expect(log.lines).toEqual([{ level: 'warn', message: 'No code was mailed', extra: metric }]);
  });
});

test('a weak password is refused alike for a new and for a known address, before the pool is asked', async () => {
  const { pool, send } = setUp({ minLength: 10, requireDigits: true });
  pool.add(EMAIL);
  const known = await send({ password: 'short' }).catch((problem) => problem);
  const unknown = await send({ password: 'short', email: 'new@example.com' }).catch((problem) => problem);
  expect(known).toMatchObject({ key: 'weak-password', details: { errors: [{ pointer: '/password', detail: 'needs at least 10 characters, a digit' }] } });
  expect(unknown).toEqual(known);
  expect(pool.calls).toEqual([]);
});

test.each([
  ['create', 'invalid-email', 'invalid-request'], ['create', 'forbidden', 'forbidden'], ['create', 'too-many-requests', 'too-many-requests'],
  ['sendCode', 'too-many-requests', 'too-many-requests'],
] as const)('when %s is refused with %s, the answer is %s', async (call, reason, key) => {
  const { pool, send } = setUp();
  pool.failures[call] = new Refusal(reason, { retryAfter: 9 });
  await expect(send()).rejects.toMatchObject({ key });
});

test('what nobody expected stays an error, not an answer', async () => {
  const { pool, send } = setUp();
  pool.failures.create = new Refusal('wrong-code');
  await expect(send()).rejects.toBe(pool.failures.create);
  pool.failures.create = new Error('broken');
  await expect(send()).rejects.toBe(pool.failures.create);
});
