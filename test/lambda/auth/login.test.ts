import { login } from '../../../lambda/auth/login';
import { Refusal } from '../../../lambda/auth/refusal';
import { request } from '../shared/fakes';
import { FakePool, type FakeUser } from './fakes';

function setUp(user: Partial<FakeUser> = {}) {
  const pool = new FakePool();
  pool.add('ada@example.com', user);
  const handle = login({ sessions: pool });
  return { pool, send: (body: object = {}) => handle(request({ email: 'ada@example.com', password: 'Passw0rd!', ...body })) };
}

const TOKENS = { accessToken: 'access.user-1', idToken: 'id.user-1', refreshToken: 'refresh.user-1', expiresIn: 3600, tokenType: 'Bearer' };

test('the right password gets tokens, however the address is typed', async () => {
  await expect(setUp().send({ email: 'ADA@example.com' })).resolves.toEqual({ status: 200, body: TOKENS });
});

test('an unknown address and a wrong password get the very same answer', async () => {
  const { send } = setUp();
  const answers = await Promise.all([send({ email: 'nobody@example.com' }), send({ password: 'wrong' })].map((answer) => answer.catch((problem) => problem.toResponse())));
  expect(answers[0]).toMatchObject({ status: 401, body: { type: 'urn:trinity-constructs:problem:invalid-credentials' } });
  expect(answers[1]).toEqual(answers[0]);
});

test.each([
  ['not-confirmed', 'not-confirmed'], ['reset-required', 'forbidden'], ['invalid-email', 'invalid-credentials'],
  ['weak-password', 'invalid-credentials'], ['forbidden', 'forbidden'], ['too-many-requests', 'too-many-requests'],
] as const)('the refusal %s is answered with %s', async (reason, key) => {
  const { pool, send } = setUp();
  pool.failures.open = new Refusal(reason);
  await expect(send()).rejects.toMatchObject({ key });
});

test('too many attempts say when to come again', async () => {
  const { pool, send } = setUp();
  pool.failures.open = new Refusal('too-many-requests', { retryAfter: 900 });
  await expect(send()).rejects.toMatchObject({ status: 429, details: { retryAfter: 900 } });
});

describe('an account with an authenticator app', () => {
  test('is asked for the code', async () => {
    await expect(setUp({ mfaCode: '111111' }).send()).rejects.toMatchObject({
      key: 'mfa-required', details: { errors: [{ pointer: '/mfaCode', detail: 'is missing' }] },
    });
  });

  test('gets tokens where the code came along', async () => {
    await expect(setUp({ mfaCode: '111111' }).send({ mfaCode: '111111' })).resolves.toEqual({ status: 200, body: TOKENS });
  });

  test('gets none for a wrong code', async () => {
    await expect(setUp({ mfaCode: '111111' }).send({ mfaCode: '222222' })).rejects.toMatchObject({
      key: 'mfa-required', details: { errors: [{ pointer: '/mfaCode', detail: 'is wrong, expired or used' }] },
    });
  });

  test('is not known to who has the wrong password', async () => {
    await expect(setUp({ mfaCode: '111111' }).send({ password: 'wrong' })).rejects.toMatchObject({ key: 'invalid-credentials' });
  });

  test('whose login ended meanwhile starts anew', async () => {
    const { pool, send } = setUp({ mfaCode: '111111' });
    pool.failures.answerMfa = new Refusal('not-authorized');
    await expect(send({ mfaCode: '111111' })).rejects.toMatchObject({ key: 'invalid-credentials' });
  });

  test('that is asked for a second code has no answer here', async () => {
    const { pool, send } = setUp({ mfaCode: '111111' });
    pool.answerMfa = async () => ({ step: 'mfa', username: 'user-1', session: 'again' });
    await expect(send({ mfaCode: '111111' })).rejects.toMatchObject({ key: 'forbidden' });
  });
});

test('a code that nobody asked for does no harm', async () => {
  await expect(setUp().send({ mfaCode: '111111' })).resolves.toMatchObject({ status: 200 });
});

test('another challenge is named', async () => {
  await expect(setUp({ challenge: 'NEW_PASSWORD_REQUIRED' }).send()).rejects.toMatchObject({
    key: 'forbidden', details: { detail: expect.stringContaining('NEW_PASSWORD_REQUIRED') },
  });
});
