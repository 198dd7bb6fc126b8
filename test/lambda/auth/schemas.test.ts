import fc from 'fast-check';
import { publicEndpoint } from '../../../lambda/shared/http';
import * as schemas from '../../../src/auth/schemas';
import { httpEvent } from '../shared/event';
import { fakeLog } from '../shared/fakes';
import { compiled } from '../shared/validator';

const BODIES = {
  register: { email: 'ada@example.com' },
  confirm: { email: 'ada@example.com', code: '123456', password: 'Passw0rd!' },
  forgotPassword: { email: 'ada@example.com' },
  resetPassword: { email: 'ada@example.com', code: '123456', password: 'Passw0rd!' },
  login: { email: 'ada@example.com', password: 'x' },
  refresh: { refreshToken: 'eyJ.a_b-c=' },
  logout: { refreshToken: 'eyJ.a_b-c=' },
  updateMe: { displayName: 'Ada' },
};
type Endpoint = keyof typeof BODIES;
const ENDPOINTS = Object.keys(BODIES) as Endpoint[];

const endpoints = new Map(ENDPOINTS.map((name) => [name, publicEndpoint(
  { log: fakeLog(), maxBodyBytes: 1e6, validate: compiled(schemas[name]) }, async () => ({ status: 204 }),
)]));

async function send(name: Endpoint, body: unknown) {
  const { statusCode, body: answer } = await endpoints.get(name)!(httpEvent({ body: JSON.stringify(body) }));
  return { statusCode, pointers: ((answer === undefined ? {} : JSON.parse(answer)).errors ?? []).map(({ pointer }: { pointer: string }) => pointer) };
}

test.each(ENDPOINTS)('%s takes its body, and no other field', async (name) => {
  expect((await send(name, BODIES[name])).statusCode).toBe(204);
  expect(await send(name, { ...BODIES[name], admin: true })).toEqual({ statusCode: 400, pointers: ['/admin'] });
});

test.each(ENDPOINTS)('%s names every missing field', async (name) => {
  expect(await send(name, {})).toEqual({ statusCode: 400, pointers: Object.keys(BODIES[name]).map((field) => `/${field}`) });
});

test.each([
  ['register', { email: ' ada@example.com' }, '/email'],
  ['register', { email: 'ada@example' }, '/email'],
  ['register', { email: 'ada@ex@ample.com' }, '/email'],
  ['register', { password: '' }, '/password'],
  ['register', { password: 'x'.repeat(257) }, '/password'],
  ['register', { displayName: '   ' }, '/displayName'],
  ['register', { displayName: 'a\nb' }, '/displayName'],
  ['confirm', { code: '12345' }, '/code'],
  ['confirm', { code: 123456 }, '/code'],
  ['confirm', { displayName: '   ' }, '/displayName'],
  ['forgotPassword', { email: 'ada' }, '/email'],
  ['resetPassword', { code: 'abcdef' }, '/code'],
  ['resetPassword', { displayName: 'Ada' }, '/displayName'],
  ['login', { mfaCode: '12 345' }, '/mfaCode'],
  ['refresh', { refreshToken: 'with space' }, '/refreshToken'],
] as Array<[Endpoint, object, string]>)('%s refuses %p', async (name, change, pointer) => {
  expect(await send(name, { ...BODIES[name], ...change })).toEqual({ statusCode: 400, pointers: [pointer] });
});

const EMAIL = new RegExp(schemas.login.properties.email.pattern, 'u');

test.each(['"ada"@example.com', 'ada(1)@example.com', '(ada)@example.com', '<ada@example.com>', 'ada,@example.com', 'a;b@example.com', 'a:b@example.com', 'a\\b@example.com', 'ada@[192.0.2.1]', 'ada@example.com(1)'])(
  '%s is another way to write an address that could have an account, and is refused', async (email) => {
    for (const name of ['register', 'confirm', 'forgotPassword', 'resetPassword', 'login'] as const) {
      expect(await send(name, { ...BODIES[name], email })).toEqual({ statusCode: 400, pointers: ['/email'] });
    }
  },
);

test('no address has a character that terminals obey or that cannot be seen, in any of its parts', () => {
  const unseen = /[\p{Cc}\p{Zs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2800]/u;
  const taken: string[] = [];
  for (let code = 0; code <= 0x10ffff; code += 1) {
    const character = String.fromCodePoint(code);
    if (!unseen.test(character)) continue;
    if ([`a${character}@example.com`, `a@ex${character}ample.com`, `a@example.co${character}m`].some((address) => EMAIL.test(address))) taken.push(code.toString(16));
  }
  expect(taken).toEqual([]);
});

test.each(['ada@example.com', "o'hara+tag@example.com", 'ada.l_v-1%2!#$&*/=?^`{|}~@example.com', 'zoë@bücher.example', '用户@例子.广告'])('%s is an address', (email) => {
  expect(EMAIL.test(email)).toBe(true);
});

test.each(['Ada ❤️', '日本語', 'Zoë', 'x'.repeat(64), '👩‍🚀'])('the display name %p is taken', async (displayName) => {
  expect((await send('updateMe', { displayName })).statusCode).toBe(204);
});

test.each(ENDPOINTS)('%s answers any JSON with 2xx or 4xx', async (name) => {
  const keys = Object.keys(BODIES[name]);
  const shaped = fc.dictionary(fc.constantFrom(...keys, 'displayName', '__proto__'), fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()));
  await fc.assert(fc.asyncProperty(fc.oneof(fc.jsonValue(), shaped), async (body) => {
    expect([204, 400]).toContain((await send(name, body)).statusCode);
  }));
});
