import { randomUUID } from 'node:crypto';
import {
  CognitoIdentityProviderClient, ConfirmForgotPasswordCommand, ForgotPasswordCommand, InitiateAuthCommand, ResendConfirmationCodeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { ApiClient, PASSWORD, userIdOf } from '../support/client';

const api = new ApiClient();
const address = () => `somebody.${randomUUID()}@people.example`;

const post = (path: string, body: object) => api.call('POST', path, { body });
const login = async (email: string, password: string) => (await post('/auth/login', { email, password })).status;
const [MALLORY, VICTIM] = ['Mallory-knows-this-1', 'Victim-own-secret-1'];

describe('accounts, from registration to deletion', () => {
  it('registers, confirms, logs in, refreshes, changes and shows the profile, logs out', async () => {
    const email = address();
    expect(await post('/auth/register', { email: email.toUpperCase(), password: PASSWORD })).toMatchObject({ status: 201, body: { confirmationRequired: true } });
    expect(await login(email, PASSWORD)).toBe(401);
    expect((await post('/auth/confirm', { email, code: '000000', password: PASSWORD })).status).toBe(400);
    const confirmation = { email, code: await api.code(email), password: PASSWORD, displayName: 'Žofie 🌿' };
    expect((await post('/auth/confirm', confirmation)).status).toBe(204);
    expect((await post('/auth/confirm', confirmation)).status).toBe(204);

    const opened = await post('/auth/login', { email, password: PASSWORD });
    expect(opened).toMatchObject({ status: 200, body: { tokenType: 'Bearer' } });
    // Spread over a fifth of the 15 minutes, so that a crowd does not refresh together.
    expect(opened.body.expiresIn).toBeGreaterThanOrEqual(720);
    expect(opened.body.expiresIn).toBeLessThanOrEqual(900);
    expect(opened.headers.get('cache-control')).toBe('no-store');
    const token = opened.body.accessToken;
    expect(await api.call('GET', '/me', { token })).toMatchObject({ status: 200, body: { userId: userIdOf(token), email, displayName: 'Žofie 🌿' } });
    expect(await api.call('PATCH', '/me', { token, body: { displayName: 'Žofie' } })).toMatchObject({ status: 200, body: { userId: userIdOf(token), displayName: 'Žofie' } });
    expect((await api.call('GET', '/me', { token })).body.displayName).toBe('Žofie');

    const refreshed = await post('/auth/refresh', { refreshToken: opened.body.refreshToken });
    expect(refreshed).toMatchObject({ status: 200, body: { accessToken: expect.any(String) } });
    expect((await api.call('GET', '/me', { token: refreshed.body.accessToken })).status).toBe(200);

    const refreshToken = refreshed.body.refreshToken ?? opened.body.refreshToken;
    expect((await post('/auth/logout', { refreshToken })).status).toBe(204);
    expect((await post('/auth/logout', { refreshToken })).status).toBe(204);
    expect((await post('/auth/refresh', { refreshToken })).status).toBe(401);
  });

  it('deletes an account: its login is worth nothing afterwards', async () => {
    const user = await api.user();
    expect((await api.call('DELETE', '/me', { token: user.accessToken })).status).toBe(204);
    expect(await login(user.email, PASSWORD)).toBe(401);
    expect((await api.call('GET', '/me', { token: user.accessToken })).status).toBe(401);
  });

  it('resets a password, and ends the sessions of before', async () => {
    const user = await api.user();
    expect((await post('/auth/forgot-password', { email: user.email })).status).toBe(204);
    const reset = { email: user.email, code: await api.code(user.email), password: 'A-new-horse-battery-2' };
    expect((await post('/auth/reset-password', { ...reset, code: '000000' })).status).toBe(400);
    expect(await login(user.email, PASSWORD)).toBe(200);
    expect((await post('/auth/reset-password', reset)).status).toBe(204);
    expect((await post('/auth/reset-password', reset)).status).toBe(204);
    expect(await login(user.email, PASSWORD)).toBe(401);
    expect(await login(user.email, reset.password)).toBe(200);
    expect((await post('/auth/refresh', { refreshToken: user.refreshToken })).status).toBe(401);
    expect((await api.call('GET', '/me', { token: user.accessToken })).status).toBe(401);
  });
});

describe('an address that somebody else registers', () => {
  it.each([
    ['before its owner', async (email: string) => {
      await post('/auth/register', { email, password: MALLORY, displayName: 'Mallory' });
      await post('/auth/register', { email, password: VICTIM });
    }],
    ['after its owner', async (email: string) => {
      await post('/auth/register', { email, password: VICTIM });
      await post('/auth/register', { email, password: MALLORY, displayName: 'Mallory' });
    }],
    ['at the same time', async (email: string) => {
      const answers = await Promise.all([MALLORY, VICTIM].map((password) => post('/auth/register', { email, password })));
      expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    }],
  ])('belongs to whoever has the mailbox: %s', async (_, register) => {
    const email = address();
    await register(email);
    expect((await post('/auth/confirm', { email, code: '000000', password: MALLORY })).status).toBe(400);
    expect(await login(email, MALLORY)).toBe(401);
    expect((await post('/auth/confirm', { email, code: await api.code(email), password: VICTIM })).status).toBe(204);
    expect(await login(email, MALLORY)).toBe(401);
    const { status, body: { accessToken: token } } = await post('/auth/login', { email, password: VICTIM });
    expect(status).toBe(200);
    expect((await api.call('GET', '/me', { token })).body).toEqual({ userId: userIdOf(token), email });
  });

  it('keeps its password and its sessions when it has long been somebody\'s', async () => {
    const user = await api.user();
    expect((await post('/auth/register', { email: user.email, password: MALLORY, displayName: 'Mallory' })).status).toBe(201);
    expect((await post('/auth/confirm', { email: user.email, code: '000000', password: MALLORY })).status).toBe(400);
    expect(await login(user.email, MALLORY)).toBe(401);
    expect(await login(user.email, PASSWORD)).toBe(200);
    expect((await api.call('GET', '/me', { token: user.accessToken })).body.displayName).toBe('Somebody');
  });
});

describe('what the answers tell of an address', () => {
  it('is the same whether it has an account, an unconfirmed one, or none', async () => {
    const [known, unconfirmed, unknown] = [(await api.user()).email, address(), address()];
    await post('/auth/register', { email: unconfirmed });
    const answersTo = async (email: string) => {
      const requests: Array<[string, object]> = [
        ['/auth/login', { email, password: MALLORY }],
        ['/auth/register', { email, password: 'short' }],
        ['/auth/forgot-password', { email }],
        ['/auth/confirm', { email, code: '000000', password: MALLORY }],
        ['/auth/reset-password', { email, code: '000000', password: MALLORY }],
        ['/auth/confirm', { email, code: '000000', password: 'short' }],
        ['/auth/register', { email, password: MALLORY }],
        ['/auth/login', { email, password: MALLORY }],
      ];
      const answers = [];
      for (const [path, body] of requests) {
        const { status, body: answer, headers } = await post(path, body);
        answers.push({ path, status, answer, retryAfter: headers.get('retry-after') });
      }
      return answers;
    };
    const expected = await answersTo(known);
    expect(expected.map(({ status }) => status)).toEqual([401, 400, 204, 400, 400, 400, 201, 401]);
    expect(await answersTo(unconfirmed)).toEqual(expected);
    expect(await answersTo(unknown)).toEqual(expected);
  });

  it('cannot be had from the user pool either, by its public API and the client id that is in every token', async () => {
    const user = await api.user();
    const clientId = JSON.parse(Buffer.from(user.accessToken.split('.')[1], 'base64url').toString()).client_id;
    const { endpoint, region } = api.target;
    // Nobody's credentials: what a browser can send.
    const cognito = new CognitoIdentityProviderClient({ endpoint, region, signer: { sign: async (request) => request }, credentials: { accessKeyId: 'x', secretAccessKey: 'x' } });
    const ask = async (username: string) => {
      const answers = [];
      for (const command of [
        new InitiateAuthCommand({ ClientId: clientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: username, PASSWORD: MALLORY } }),
        new ForgotPasswordCommand({ ClientId: clientId, Username: username }),
        new ConfirmForgotPasswordCommand({ ClientId: clientId, Username: username, ConfirmationCode: '000000', Password: MALLORY }),
        new ResendConfirmationCodeCommand({ ClientId: clientId, Username: username }),
      ]) {
        answers.push(await cognito.send(command as never).then(({ CodeDeliveryDetails: sent }: any) => sent?.DeliveryMedium, ({ name, message }: Error) => `${name}: ${message}`));
      }
      return answers;
    };
    try {
      expect(await ask(user.email)).toEqual(await ask(address()));
    } finally {
      cognito.destroy();
    }
  });
});

describe('one mailbox', () => {
  it('is the same user after its account was deleted and registered again, with one ballot in each poll', async () => {
    const [owner, voter] = [await api.user('Owner'), await api.user('Voter')];
    const room = await api.roomOf(owner, [voter]);
    const poll = await api.poll(owner, room.roomId);
    const votes = `/rooms/${room.roomId}/polls/${poll.pollId}/votes`;
    const [{ optionId: first }, { optionId: second }] = poll.options;
    expect((await api.call('POST', votes, { token: voter.accessToken, body: { optionId: first } })).status).toBe(201);

    expect((await api.call('DELETE', '/me', { token: voter.accessToken })).status).toBe(204);
    await post('/auth/register', { email: voter.email });
    expect((await post('/auth/confirm', { email: voter.email, code: await api.code(voter.email), password: VICTIM })).status).toBe(204);
    const { body: { accessToken: token } } = await post('/auth/login', { email: voter.email, password: VICTIM });
    expect(userIdOf(token)).toBe(voter.userId);
    await api.call('POST', '/rooms/join', { token, body: { inviteCode: room.inviteCode } });
    expect((await api.call('POST', votes, { token, body: { optionId: second } })).status).toBe(409);
    const results = await api.resultsWhen(owner, `/rooms/${room.roomId}/polls/${poll.pollId}`, ({ total }) => total >= 1);
    expect(results).toMatchObject({ total: 1, counts: { [first]: 1 } });
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
