import { logout } from '../../../lambda/auth/logout';
import { refresh } from '../../../lambda/auth/refresh';
import { Refusal } from '../../../lambda/auth/refusal';
import { request } from '../shared/fakes';
import { FakePool } from './fakes';

function setUp() {
  const pool = new FakePool();
  pool.add('ada@example.com', { sessions: ['refresh.user-1'] });
  const [renew, end] = [refresh({ sessions: pool, random: () => 0 }), logout({ sessions: pool })];
  return {
    pool,
    renew: (refreshToken = 'refresh.user-1') => renew(request({ refreshToken })),
    end: (refreshToken = 'refresh.user-1') => end(request({ refreshToken })),
  };
}

describe('refresh', () => {
  test('gives new tokens, without a refresh token where it was not rotated', async () => {
    await expect(setUp().renew()).resolves.toEqual({
      status: 200, body: { accessToken: 'access of user of ada@example.com', idToken: 'id of user of ada@example.com', expiresIn: 900, tokenType: 'Bearer' },
    });
  });

  test('gives the new refresh token where it was', async () => {
    const { pool, renew } = setUp();
    const tokens = { accessToken: 'a', idToken: 'i', refreshToken: 'next', expiresIn: 1, tokenType: 'Bearer' };
    pool.refresh = async () => tokens;
    await expect(renew()).resolves.toEqual({ status: 200, body: tokens });
  });

  test('refuses a token that was revoked', async () => {
    const { renew, end } = setUp();
    await end();
    await expect(renew()).rejects.toMatchObject({ key: 'invalid-refresh-token' });
  });

  test.each(['not-authorized', 'unknown-account', 'not-confirmed', 'reset-required', 'not-a-refresh-token'] as const)(
    'does not tell why: %s', async (reason) => {
      const { pool, renew } = setUp();
      pool.failures.refresh = new Refusal(reason);
      await expect(renew()).rejects.toEqual(expect.objectContaining({ key: 'invalid-refresh-token', details: {} }));
    },
  );
});

describe('logout', () => {
  test('ends the session, and may be repeated', async () => {
    const { pool, end } = setUp();
    await expect(end()).resolves.toEqual({ status: 204 });
    await expect(end()).resolves.toEqual({ status: 204 });
    expect(pool.of('ada@example.com').sessions).toEqual([]);
  });

  test.each(['not-authorized', 'unknown-account'] as const)('has nothing to end where the token is not accepted: %s', async (reason) => {
    const { pool, end } = setUp();
    pool.failures.revoke = new Refusal(reason);
    await expect(end()).resolves.toEqual({ status: 204 });
  });

  test('does not pretend to have ended a session by another kind of token', async () => {
    const { pool, end } = setUp();
    pool.failures.revoke = new Refusal('not-a-refresh-token');
    await expect(end()).rejects.toMatchObject({ key: 'invalid-request', details: { errors: [{ pointer: '/refreshToken' }] } });
  });

  test('does not pretend to have ended a session where the pool failed', async () => {
    const { pool, end } = setUp();
    pool.failures.revoke = new Error('broken');
    await expect(end()).rejects.toBe(pool.failures.revoke);
  });
});
