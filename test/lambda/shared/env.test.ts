import { env, optionalEnv } from '../../../lambda/shared/env';

const NAME = 'TRINITY_TEST_VARIABLE';
afterEach(() => { delete process.env[NAME]; });

test('a variable is read', () => {
  process.env[NAME] = 'value';
  expect(env(NAME)).toBe('value');
  expect(optionalEnv(NAME)).toBe('value');
});

test.each([[undefined], ['']])('%p counts as missing, which a required one says by name', (value) => {
  if (value !== undefined) process.env[NAME] = value;
  expect(() => env(NAME)).toThrow(NAME);
  expect(optionalEnv(NAME)).toBeUndefined();
});
