import { login } from '../../../lambda/auth/login';
import { Refusal } from '../../../lambda/auth/refusal';
import { request } from '../shared/fakes';
import { FakePool, type FakeUser, fakeUsernames } from './fakes';

function setUp(user: Partial<FakeUser> = {}, random = 0) {
  const pool = new FakePool();
  pool.add('ada@example.com', user);
  const handle = login({ sessions: pool, usernames: fakeUsernames, random: () => random });
  return { pool, send: (body: object = {}) => handle(request({ email: 'ada@example.com', password: 'Passw0rd!', ...body })) };
}

const TOKENS = {
  accessToken: 'access of user of ada@example.com', idToken: 'id of user of ada@example.com', refreshToken: 'refresh 1 of user of ada@example.com', expiresIn: 900, tokenType: 'Bearer',
};

test('the right password gets tokens, however the address is typed', async () => {
  await expect(setUp().send({ email: 'ADA@example.com' })).resolves.toEqual({ status: 200, body: TOKENS });
});

test('an unknown address, a wrong password and every account that cannot be opened get the very same answer', async () => {
  const answers = await Promise.all([
    setUp().send({ email: 'nobody@example.com' }),
    setUp().send({ password: 'wrong' }),
    setUp({ status: 'UNCONFIRMED' }).send(),
    setUp({ status: 'UNCONFIRMED' }).send({ password: 'wrong' }),
    setUp({ status: 'RESET_REQUIRED' }).send(),
    setUp({ enabled: false }).send(),
    setUp({ status: 'FORCE_CHANGE_PASSWORD' }).send({ password: 'wrong' }),
  ].map((answer) => answer.catch((problem) => problem.toResponse())));
  expect(answers[0]).toMatchObject({ status: 401, body: { type: 'urn:trinity-constructs:problem:invalid-credentials' } });
  for (const answer of answers) expect(answer).toEqual(answers[0]);
});

test('the end of the token is announced up to a fifth early, so that a crowd does not come back together', async () => {
  const announced = async (random: number) => ((await setUp({}, random).send()).body as { expiresIn: number }).expiresIn;
  expect([await announced(0), await announced(0.5), await announced(0.999_999)]).toEqual([900, 810, 721]);
});

test.each([
  ['not-confirmed', 'invalid-credentials'], ['reset-required', 'invalid-credentials'], ['invalid-email', 'invalid-credentials'], ['too-many-attempts', 'invalid-credentials'],
  ['weak-password', 'invalid-credentials'], ['forbidden', 'forbidden'], ['too-many-requests', 'too-many-requests'],
] as const)('the refusal %s is answered with %s', async (reason, key) => {
  const { pool, send } = setUp();
  pool.failures.open = new Refusal(reason);
  await expect(send()).rejects.toMatchObject({ key });
});

test('a throttled pool says when to come again', async () => {
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
    pool.answerMfa = async () => ({ step: 'mfa', username: 'user of ada@example.com', session: 'again' });
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
