import { Refusal } from '../../../lambda/auth/refusal';
import { register } from '../../../lambda/auth/register';
import { DependencyUnavailable } from '../../../lambda/shared/problem';
import type { PasswordPolicy, Registration } from '../../../src/auth/contract';
import { fakeLog, request } from '../shared/fakes';
import { FakePool } from './fakes';

function setUp(passwordPolicy?: PasswordPolicy) {
  const pool = new FakePool();
  const log = fakeLog();
  const handle = register({ accounts: pool, passwordPolicy, log });
  return { pool, log, send: (body: Partial<Registration> = {}) => handle(request({ email: 'ada@example.com', password: 'Passw0rd!', ...body })) };
}

test('a new address gets an account and a code', async () => {
  const { pool, send } = setUp();
  await expect(send({ displayName: 'Ada ❤️' })).resolves.toEqual({ status: 201, body: { userId: 'user-1', confirmationRequired: true } });
  expect(pool.users.get('ada@example.com')).toMatchObject({ displayName: 'Ada ❤️', confirmed: false });
  expect(pool.codesSent).toEqual(['ada@example.com']);
});

test('a pool that confirms by itself says so', async () => {
  const { pool, send } = setUp();
  pool.create = async () => ({ userId: 'user-9', confirmed: true });
  await expect(send()).resolves.toMatchObject({ body: { userId: 'user-9', confirmationRequired: false } });
});

test('an address is the same in any case', async () => {
  const { pool, send } = setUp();
  await send({ email: 'ADA@Example.com' });
  await send();
  expect([...pool.users.keys()]).toEqual(['ada@example.com']);
});

describe('an address with an account', () => {
  test('gets the very answer of a new one, whether it is confirmed or not', async () => {
    const { pool, send } = setUp();
    const first = await send();
    const unconfirmed = await send({ password: 'An0ther-one' });
    pool.users.get('ada@example.com')!.confirmed = true;
    const confirmed = await send();
    expect(unconfirmed).toEqual(first);
    expect(confirmed).toEqual(first);
  });

  test('keeps its password', async () => {
    const { pool, send } = setUp();
    await send();
    await send({ password: 'An0ther-one' });
    expect(pool.users.get('ada@example.com')).toMatchObject({ password: 'Passw0rd!' });
  });

  test('gets its code again while it is not confirmed, afterwards no mail at all', async () => {
    const { pool, send } = setUp();
    pool.add('ada@example.com', { confirmed: false });
    await send();
    expect(pool.codesSent).toEqual(['ada@example.com']);
    pool.users.get('ada@example.com')!.confirmed = true;
    await send();
    expect(pool.codesSent).toHaveLength(1);
  });

  test('gets the same answer where its code cannot be sent again now', async () => {
    const { pool, log, send } = setUp();
    pool.add('ada@example.com', { confirmed: false });
    pool.failures.sendCodeAgain = new Refusal('too-many-requests');
    await expect(send()).resolves.toEqual({ status: 201, body: { userId: 'user-1', confirmationRequired: true } });
    expect(log.lines).toEqual([{ level: 'warn', message: 'Confirmation code not sent again', extra: { reason: 'too-many-requests' } }]);
  });

  test('that was deleted in between is a matter of trying again', async () => {
    const { pool, send } = setUp();
    pool.create = async () => undefined;
    await expect(send()).rejects.toThrow(DependencyUnavailable);
  });
});

test('two registrations of one address at once make one account', async () => {
  const { pool, send } = setUp();
  const answers = await Promise.all([send(), send()]);
  expect(answers[0]).toEqual(answers[1]);
  expect(pool.users.size).toBe(1);
});

describe('a weak password', () => {
  const policy = { minLength: 10, requireDigits: true };

  test('is refused alike for a new and for a known address, before the pool is asked', async () => {
    const { pool, send } = setUp(policy);
    pool.add('ada@example.com');
    const known = await send({ password: 'short' }).catch((problem) => problem);
    const unknown = await send({ password: 'short', email: 'new@example.com' }).catch((problem) => problem);
    expect(known).toMatchObject({ key: 'weak-password', details: { errors: [{ pointer: '/password', detail: 'needs at least 10 characters, a digit' }] } });
    expect(unknown).toEqual(known);
    expect(pool.codesSent).toEqual([]);
  });

  test('is refused where only the pool knows why', async () => {
    const { pool, send } = setUp();
    pool.failures.create = new Refusal('weak-password');
    await expect(send()).rejects.toMatchObject({ key: 'weak-password', details: { errors: [{ pointer: '/password' }] } });
  });
});

test.each([
  ['invalid-email', 'invalid-request'], ['not-authorized', 'forbidden'], ['forbidden', 'forbidden'], ['too-many-requests', 'too-many-requests'],
] as const)('the refusal %s is answered with %s', async (reason, key) => {
  const { pool, send } = setUp();
  pool.failures.create = new Refusal(reason, { retryAfter: 9 });
  await expect(send()).rejects.toMatchObject({ key });
});

test('what nobody expected stays an error, not an answer', async () => {
  const { pool, send } = setUp();
  pool.failures.create = new Refusal('wrong-code');
  await expect(send()).rejects.toBe(pool.failures.create);
  pool.failures.create = new Error('broken');
  await expect(send()).rejects.toBe(pool.failures.create);
});
