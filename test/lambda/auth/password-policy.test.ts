import { policyViolation } from '../../../lambda/auth/password-policy';

const STRICT = { minLength: 8, requireLowercase: true, requireUppercase: true, requireDigits: true, requireSymbols: true };

test.each(['Passw0rd!', 'Pass w0rd', 'pA0-----', 'Ünïcode-P4ss', '日本語日本aA1~'])('%p satisfies a strict policy', (password) => {
  expect(policyViolation(password, STRICT)).toBeUndefined();
});

test('counts characters, not UTF-16 units, so that the user pool never refuses what passed', () => {
  expect(policyViolation('Aa1!😀😀😀😀', { ...STRICT, minLength: 12 })).toBe('needs at least 12 characters');
  expect(policyViolation('Aa1!😀😀😀😀', STRICT)).toBeUndefined();
});

test.each([
  ['Pa0!', 'needs at least 8 characters'],
  ['PASSW0RD!', 'needs a lower-case letter'],
  ['passw0rd!', 'needs an upper-case letter'],
  ['Password!', 'needs a digit'],
  ['Passw0rdd', 'needs a symbol'],
  [' Passw0rd!', 'needs no space at its beginning or end'],
  ['abc', 'needs at least 8 characters, an upper-case letter, a digit, a symbol'],
])('%p %s', (password, expected) => {
  expect(policyViolation(password, STRICT)).toBe(expected);
});

test('every symbol that a user pool counts is counted', () => {
  for (const symbol of '^$*.[]{}()?"!@#%&/\\,><\':;|_~`=+-') expect(policyViolation(`Passw0rd${symbol}`, STRICT)).toBeUndefined();
});

test('what a policy does not ask for is not asked for', () => {
  expect(policyViolation('a', {})).toBeUndefined();
  expect(policyViolation('a', { requireDigits: false, requireSymbols: false })).toBeUndefined();
});
