import { confirm } from '../../../lambda/auth/confirm';
import { Refusal } from '../../../lambda/auth/refusal';
import { request } from '../shared/fakes';
import { FakePool } from './fakes';

function setUp() {
  const pool = new FakePool();
  const handle = confirm({ accounts: pool });
  return { pool, send: (email = 'ada@example.com', code = '123456') => handle(request({ email, code })) };
}

test('the right code confirms, however the address is typed', async () => {
  const { pool, send } = setUp();
  pool.add('ada@example.com', { confirmed: false });
  await expect(send('Ada@Example.COM')).resolves.toEqual({ status: 204 });
  expect(pool.users.get('ada@example.com')).toMatchObject({ confirmed: true });
});

test('a wrong code, an unknown address and a confirmed account get the very same answer', async () => {
  const { pool, send } = setUp();
  pool.add('new@example.com', { confirmed: false });
  pool.add('old@example.com', { confirmed: true });
  const [wrong, unknown, confirmed] = await Promise.all([
    send('new@example.com', '000000'), send('nobody@example.com'), send('old@example.com'),
  ].map((answer) => answer.catch((problem) => problem.toResponse())));
  expect(wrong).toMatchObject({ status: 400, body: { type: 'urn:trinity-constructs:problem:invalid-code' } });
  expect(unknown).toEqual(wrong);
  expect(confirmed).toEqual(wrong);
});

test('the repeat of a confirmation changes nothing and says what to do', async () => {
  const { pool, send } = setUp();
  pool.add('ada@example.com', { confirmed: false });
  await send();
  await expect(send()).rejects.toMatchObject({ key: 'invalid-code', details: { detail: expect.stringContaining('log in') } });
  expect(pool.users.get('ada@example.com')).toMatchObject({ confirmed: true });
});

test.each([['address-taken', 'conflict'], ['too-many-requests', 'too-many-requests'], ['invalid-email', 'invalid-code']] as const)(
  'the refusal %s is answered with %s', async (reason, key) => {
    const { pool, send } = setUp();
    pool.failures.confirm = new Refusal(reason);
    await expect(send()).rejects.toMatchObject({ key });
  },
);
