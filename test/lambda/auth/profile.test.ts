import { deleteMe } from '../../../lambda/auth/delete-me';
import { me } from '../../../lambda/auth/me';
import { Refusal } from '../../../lambda/auth/refusal';
import { updateMe } from '../../../lambda/auth/update-me';
import type { ProfileChange } from '../../../src/auth/contract';
import { callerRequest } from '../shared/fakes';
import { FakePool } from './fakes';

const caller = { userId: 'user-1', accessToken: 'access of user of ada@example.com' };

function setUp() {
  const pool = new FakePool();
  pool.add('ada@example.com', { displayName: 'Ada' });
  const [read, update, remove] = [me({ profiles: pool }), updateMe({ profiles: pool }), deleteMe({ profiles: pool })];
  return {
    pool,
    read: () => read(callerRequest(undefined, { caller })),
    update: (displayName: string) => update(callerRequest<ProfileChange>({ displayName }, { caller })),
    remove: () => remove(callerRequest(undefined, { caller })),
  };
}

test('the profile is read by the caller\'s own token', async () => {
  await expect(setUp().read()).resolves.toEqual({ status: 200, body: { userId: 'user-1', email: 'ada@example.com', displayName: 'Ada' } });
});

test.each([
  ['as it is if it is a text', 'Ada ❤️ 👩‍🚀', 'Ada ❤️ 👩‍🚀'],
  ['without what a terminal would obey', '\u001b[2J\u009b1mAda\u202e\r\n', '[2J1mAda'],
  ['without spaces at its ends', ' Ada ', 'Ada'],
  ['cut to the length that this API takes', 'x'.repeat(2_000), 'x'.repeat(64)],
])('a name that Cognito took from elsewhere is answered %s', async (_, displayName, answered) => {
  const { pool, read } = setUp();
  pool.of('ada@example.com').displayName = displayName;
  await expect(read()).resolves.toMatchObject({ body: { displayName: answered } });
});

test.each(['\u200b', ' \u3164', '\u0000'])('a name of which nothing can be seen (%j) is left out of the answer', async (displayName) => {
  const { pool, read } = setUp();
  pool.of('ada@example.com').displayName = displayName;
  await expect(read()).resolves.toEqual({ status: 200, body: { userId: 'user-1', email: 'ada@example.com' } });
});

test('the name is changed as it was sent, and answered', async () => {
  const { pool, update } = setUp();
  await expect(update('Ādà 👩‍🚀')).resolves.toMatchObject({ status: 200, body: { userId: 'user-1', displayName: 'Ādà 👩‍🚀' } });
  expect(pool.of('ada@example.com')).toMatchObject({ displayName: 'Ādà 👩‍🚀' });
});

test('the answer to a change has the new name, also where a read does not see it yet', async () => {
  const { pool, update } = setUp();
  pool.rename = async () => undefined;
  await expect(update('Grace')).resolves.toMatchObject({ body: { displayName: 'Grace' } });
});

test('the account is deleted, and that may be repeated', async () => {
  const { pool, remove } = setUp();
  await expect(remove()).resolves.toEqual({ status: 204 });
  await expect(remove()).resolves.toEqual({ status: 204 });
  expect(pool.users.size).toBe(0);
});

test('a deleted account has no profile any more', async () => {
  const { read, remove, update } = setUp();
  await remove();
  await expect(read()).rejects.toMatchObject({ key: 'not-authenticated' });
  await expect(update('Ada')).rejects.toMatchObject({ key: 'not-authenticated' });
});

test.each(['read', 'rename', 'remove'] as const)('a revoked token is no permission to %s', async (call) => {
  const { pool, read, update, remove } = setUp();
  pool.failures[call] = new Refusal('not-authorized');
  const answer = { read, rename: () => update('x'), remove }[call]();
  await expect(answer).rejects.toMatchObject({ key: 'not-authenticated' });
});
