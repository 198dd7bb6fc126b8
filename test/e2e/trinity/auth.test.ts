import { randomUUID } from 'node:crypto';
import { ApiClient, PASSWORD } from '../support/client';

const api = new ApiClient();
const address = () => `somebody.${randomUUID()}@people.example`;

describe('accounts, from registration to deletion', () => {
  it('registers, confirms, logs in, refreshes, changes and shows the profile, logs out', async () => {
    const email = address();
    const registered = await api.call('POST', '/auth/register', { body: { email: email.toUpperCase(), password: PASSWORD, displayName: 'Žofie 🌿' } });
    expect(registered).toMatchObject({ status: 201, body: { confirmationRequired: true, userId: expect.any(String) } });
    expect((await api.call('POST', '/auth/login', { body: { email, password: PASSWORD } })).status).toBe(403);
    expect((await api.call('POST', '/auth/confirm', { body: { email, code: '000000' } })).status).toBe(400);
    expect((await api.call('POST', '/auth/confirm', { body: { email, code: await api.code(email) } })).status).toBe(204);

    const login = await api.call('POST', '/auth/login', { body: { email, password: PASSWORD } });
    expect(login).toMatchObject({ status: 200, body: { tokenType: 'Bearer', expiresIn: 900 } });
    expect(login.headers.get('cache-control')).toBe('no-store');
    const token = login.body.accessToken;
    expect(await api.call('GET', '/me', { token })).toMatchObject({ status: 200, body: { userId: registered.body.userId, email, displayName: 'Žofie 🌿' } });
    expect(await api.call('PATCH', '/me', { token, body: { displayName: 'Žofie' } })).toMatchObject({ status: 200, body: { displayName: 'Žofie' } });
    expect((await api.call('GET', '/me', { token })).body.displayName).toBe('Žofie');

    const refreshed = await api.call('POST', '/auth/refresh', { body: { refreshToken: login.body.refreshToken } });
    expect(refreshed).toMatchObject({ status: 200, body: { accessToken: expect.any(String) } });
    expect((await api.call('GET', '/me', { token: refreshed.body.accessToken })).status).toBe(200);

    const refreshToken = refreshed.body.refreshToken ?? login.body.refreshToken;
    expect((await api.call('POST', '/auth/logout', { body: { refreshToken } })).status).toBe(204);
    expect((await api.call('POST', '/auth/logout', { body: { refreshToken } })).status).toBe(204);
    expect((await api.call('POST', '/auth/refresh', { body: { refreshToken } })).status).toBe(401);
  });

  it('does not tell whether an address has an account', async () => {
    const user = await api.user();
    const again = await api.call('POST', '/auth/register', { body: { email: user.email, password: PASSWORD } });
    const fresh = await api.call('POST', '/auth/register', { body: { email: address(), password: PASSWORD } });
    expect(again.status).toBe(201);
    expect(Object.keys(again.body).sort()).toEqual(Object.keys(fresh.body).sort());
    expect(again.body.confirmationRequired).toBe(fresh.body.confirmationRequired);

    const wrong = await api.call('POST', '/auth/login', { body: { email: user.email, password: 'Wrong-password-1!' } });
    const unknown = await api.call('POST', '/auth/login', { body: { email: address(), password: 'Wrong-password-1!' } });
    expect(wrong.status).toBe(401);
    expect(unknown).toMatchObject({ status: 401, body: wrong.body });

    for (const email of [user.email, address()]) {
      expect(await api.call('POST', '/auth/register', { body: { email, password: 'short' } })).toMatchObject({
        status: 400, body: { type: 'urn:trinity-constructs:problem:weak-password', errors: [{ pointer: '/password' }] },
      });
    }
  });

  it('keeps the first password of an account that somebody registers again', async () => {
    const user = await api.user();
    await api.call('POST', '/auth/register', { body: { email: user.email, password: 'Another-horse-battery-2' } });
    expect((await api.call('POST', '/auth/login', { body: { email: user.email, password: 'Another-horse-battery-2' } })).status).toBe(401);
    expect((await api.call('POST', '/auth/login', { body: { email: user.email, password: PASSWORD } })).status).toBe(200);
  });

  it('deletes an account: its login is worth nothing afterwards', async () => {
    const user = await api.user();
    expect((await api.call('DELETE', '/me', { token: user.accessToken })).status).toBe(204);
    expect((await api.call('POST', '/auth/login', { body: { email: user.email, password: PASSWORD } })).status).toBe(401);
    expect((await api.call('GET', '/me', { token: user.accessToken })).status).toBe(401);
  });
});

describe('tokens', () => {
  const tampered = (token: string) => {
    const [header, payload, signature] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return [header, Buffer.from(JSON.stringify({ ...claims, sub: randomUUID() })).toString('base64url'), signature].join('.');
  };
  const unsigned = (token: string) => [Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url'), token.split('.')[1], ''].join('.');

  it.each([
    ['no token', () => undefined],
    ['no token at all', () => 'nonsense'],
    ['a tampered one', tampered],
    ['one without a signature', unsigned],
  ])('answers 401 to %s', async (_, change) => {
    const user = await api.user();
    expect((await api.call('GET', '/rooms', { token: change(user.accessToken) })).status).toBe(401);
  });

  it('takes access tokens alone: an identity token says who somebody is, it is no permission', async () => {
    const user = await api.user();
    expect((await api.call('GET', '/rooms', { token: user.idToken })).status).toBe(401);
    expect((await api.call('GET', '/rooms', { token: user.accessToken })).status).toBe(200);
  });
});
