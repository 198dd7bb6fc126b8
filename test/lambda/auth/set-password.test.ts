import { confirm } from '../../../lambda/auth/confirm';
import { forgotPassword } from '../../../lambda/auth/forgot-password';
import { Refusal } from '../../../lambda/auth/refusal';
import { resetPassword } from '../../../lambda/auth/reset-password';
import { fakeLog, request } from '../shared/fakes';
import { FakePool, type FakeUser, fakeUsernames, WRONG_CODE } from './fakes';

const EMAIL = 'ada@example.com';
const PASSWORD = 'Ada-chose-this-1';
const CODE = '123456';

function setUp(user: Partial<FakeUser> | undefined = {}, passwordPolicy = {}) {
  const pool = new FakePool();
  if (user !== undefined) pool.add(EMAIL, { password: 'nobody knows', codes: [CODE], ...user });
  const log = fakeLog();
  const dependencies = { accounts: pool, sessions: pool, usernames: fakeUsernames, passwordPolicy, log, clock: () => 7, userPoolId: 'pool-1' };
  const [confirms, resets] = [confirm(dependencies), resetPassword(dependencies)];
  const forgets = forgotPassword({ accounts: pool, usernames: fakeUsernames, clock: () => 0, log, userPoolId: 'pool-1' });
  return {
    pool,
    log,
    confirm: (more: object = {}) => confirms(request({ email: EMAIL, code: CODE, password: PASSWORD, ...more })),
    reset: (more: object = {}) => resets(request({ email: EMAIL, code: CODE, password: PASSWORD, ...more })),
    forgot: (email = EMAIL) => forgets(request({ email })),
  };
}

describe.each(['confirm', 'reset'] as const)('%s', (endpoint) => {
  test('sets the password with the code, however the address is typed, and ends all sessions', async () => {
    const { pool, [endpoint]: send } = setUp({ sessions: ['before'] });
    await expect(send({ email: 'Ada@Example.COM' })).resolves.toEqual({ status: 204 });
    expect(pool.of(EMAIL)).toMatchObject({ password: PASSWORD, sessions: [], codes: [] });
  });

  test('answers a wrong code, a used one, an unknown address, a disabled account and too many attempts alike, after the same calls', async () => {
    const answers = await Promise.all([
      setUp(), setUp({ codes: [] }), setUp(undefined), setUp({ enabled: false }), setUp({ status: 'UNCONFIRMED', codes: [] }), setUp({ status: 'RESET_REQUIRED' }), setUp(),
    ].map(async ({ pool, [endpoint]: send }, index) => {
      if (index === 6) pool.failures.setPassword = new Refusal('too-many-attempts');
      const problem = await send({ code: WRONG_CODE }).catch((error) => error);
      return { answer: problem.toResponse(), calls: pool.calls };
    }));
    expect(answers[0]).toMatchObject({ answer: { status: 400, body: { type: 'urn:trinity-constructs:problem:invalid-code' } }, calls: ['setPassword', 'open'] });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  test('counts a code that is refused in a metric, alike for known and unknown addresses, without naming the address', async () => {
    for (const { log, [endpoint]: send } of [setUp(), setUp(undefined)]) {
      await expect(send({ code: WRONG_CODE })).rejects.toMatchObject({ key: 'invalid-code' });
      expect(log.lines).toEqual([{
        level: 'warn',
        message: 'A code was refused',
        extra: {
          _aws: { Timestamp: 7, CloudWatchMetrics: [{ Namespace: 'TrinityConstructs/Auth', Dimensions: [['UserPool']], Metrics: [{ Name: 'CodesRefused', Unit: 'Count' }] }] },
          UserPool: 'pool-1',
          CodesRefused: 1,
        },
      }]);
    }
  });

  test('counts no refused code when it is right, or repeated by whoever set the password', async () => {
    const { log, [endpoint]: send } = setUp();
    await send();
    await send();
    expect(log.lines).toEqual([]);
  });

  test('may be repeated when its answer was lost, and then ends what a cut call left open', async () => {
    const { pool, [endpoint]: send } = setUp();
    await send();
    pool.of(EMAIL).sessions.push('left');
    await expect(send()).resolves.toEqual({ status: 204 });
    expect(pool.of(EMAIL)).toMatchObject({ password: PASSWORD, sessions: [] });
  });

  test('with a used code and another password changes nothing', async () => {
    const { pool, [endpoint]: send } = setUp();
    await send();
    await expect(send({ password: 'Another-one-1' })).rejects.toMatchObject({ key: 'invalid-code' });
    expect(pool.of(EMAIL)).toMatchObject({ password: PASSWORD });
  });

  test.each([
    ['an authenticator app', { mfaCode: '111111' }],
    ['another challenge', { challenge: 'NEW_PASSWORD_REQUIRED' }],
  ])('changes nothing by the password alone if the pool asks the account for %s', async (_, second) => {
    const { pool, [endpoint]: send } = setUp(second);
    await send();
    pool.of(EMAIL).sessions.push('of the owner');
    await expect(send({ displayName: 'Mallory' })).rejects.toMatchObject({ key: 'invalid-code' });
    expect(pool.of(EMAIL)).toMatchObject({ sessions: ['of the owner'] });
    expect(pool.of(EMAIL).displayName).not.toBe('Mallory');
  });

  test('refuses a weak password before the pool is asked, so that the address does not matter', async () => {
    const { pool, [endpoint]: send } = setUp({}, { minLength: 50 });
    await expect(send()).rejects.toMatchObject({ key: 'weak-password', details: { errors: [{ pointer: '/password' }] } });
    expect(pool.calls).toEqual([]);
  });

  test.each([
    ['setPassword', 'weak-password', 'weak-password'], ['setPassword', 'too-many-requests', 'too-many-requests'], ['setPassword', 'forbidden', 'forbidden'],
    ['endSessions', 'too-many-requests', 'too-many-requests'],
  ] as const)('when %s is refused with %s, the answer is %s', async (call, reason, key) => {
    const { pool, [endpoint]: send } = setUp();
    pool.failures[call] = new Refusal(reason);
    await expect(send()).rejects.toMatchObject({ key });
  });

  test('does not take a throttled pool for a wrong password', async () => {
    const { pool, [endpoint]: send } = setUp({ codes: [] });
    pool.failures.open = new Refusal('too-many-requests');
    await expect(send()).rejects.toMatchObject({ key: 'too-many-requests' });
    pool.failures.open = new Error('broken');
    await expect(send()).rejects.toBe(pool.failures.open);
  });
});

test('a confirmation gives the account its name, and a repeat gives it again', async () => {
  const { pool, confirm: send } = setUp({ displayName: 'Mallory' });
  pool.failures.setDisplayName = new Error('cut off');
  await expect(send({ displayName: 'Ada' })).rejects.toThrow('cut off');
  pool.failures.setDisplayName = undefined;
  await expect(send({ displayName: 'Ada' })).resolves.toEqual({ status: 204 });
  expect(pool.of(EMAIL).displayName).toBe('Ada');
});

test('a reset leaves the name as it is', async () => {
  const { pool, reset } = setUp({ displayName: 'Ada' });
  await reset();
  expect(pool.of(EMAIL).displayName).toBe('Ada');
});

describe('a forgotten password', () => {
  test('gets a code, with which a new one is set', async () => {
    const { pool, forgot, reset } = setUp();
    await expect(forgot('ADA@example.com')).resolves.toEqual({ status: 204 });
    await expect(reset({ code: pool.mails[0].code })).resolves.toEqual({ status: 204 });
  });

  test('gets one answer, after one call, whatever the address has', async () => {
    for (const user of [undefined, {}, { enabled: false }, { status: 'UNCONFIRMED' as const }, { status: 'FORCE_CHANGE_PASSWORD' as const }, { emailVerified: false }]) {
      const { pool, forgot } = setUp(user);
      await expect(forgot()).resolves.toEqual({ status: 204 });
      expect(pool.calls).toEqual(['sendCode']);
    }
  });

  test('gets the same answer if too many codes were mailed, and the log says why there is no mail', async () => {
    const { pool, forgot, log } = setUp();
    pool.failures.sendCode = new Refusal('too-many-attempts', { retryAfter: 900 });
    await expect(forgot()).resolves.toEqual({ status: 204 });
    expect(log.lines).toEqual([{ level: 'warn', message: 'No code was mailed', extra: { reason: 'too-many-attempts' } }]);
  });

  test.each(['mail-quota', 'mail-undelivered', 'trigger-failed'] as const)('gets the same answer for a known and an unknown address if codes cannot be sent (%s), and the metric counts it', async (reason) => {
    const [known, unknown] = [setUp(), setUp(undefined)];
    known.pool.failures.sendCode = new Refusal(reason);
    await expect(unknown.forgot()).resolves.toEqual({ status: 204 });
    await expect(known.forgot()).resolves.toEqual({ status: 204 });
    expect(known.log.lines).toMatchObject([{ level: 'warn', message: 'No code was mailed', extra: { reason, CodesNotMailed: 1 } }]);
  });

  test('says when the pool as a whole is throttled: that is about no address', async () => {
    const { pool, forgot } = setUp(undefined);
    pool.failures.sendCode = new Refusal('too-many-requests', { retryAfter: 5 });
    await expect(forgot()).rejects.toMatchObject({ key: 'too-many-requests', details: { retryAfter: 5 } });
  });
});
