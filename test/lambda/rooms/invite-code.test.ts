import fc from 'fast-check';
import { randomBytes } from '../../../lambda/rooms/adapters/random';
import { newInviteCode, readInviteCode } from '../../../lambda/rooms/invite-code';
import { INVITE_CODE_ALPHABET, INVITE_CODE_LENGTH } from '../../../src/rooms/contract';

const codes = fc.array(fc.constantFrom(...INVITE_CODE_ALPHABET), { minLength: INVITE_CODE_LENGTH, maxLength: INVITE_CODE_LENGTH }).map((letters) => letters.join(''));

test('a new code is read as itself', () => {
  const code = newInviteCode(randomBytes);
  expect(code).toHaveLength(INVITE_CODE_LENGTH);
  expect(readInviteCode(code)).toBe(code);
});

test('every character is as likely as any other', () => {
  const all = Array.from({ length: 256 }, (_, byte) => newInviteCode((length) => new Uint8Array(length).fill(byte))[0]);
  for (const letter of INVITE_CODE_ALPHABET) expect(all.filter((made) => made === letter)).toHaveLength(256 / 32);
});

test('two codes differ', () => {
  expect(new Set(Array.from({ length: 1000 }, () => newInviteCode(randomBytes))).size).toBe(1000);
});

test('a code is read however it was typed', () => {
  const lookalikes: Record<string, string[]> = { 0: ['0', 'O', 'o'], 1: ['1', 'I', 'i', 'L', 'l'] };
  fc.assert(fc.property(codes, fc.infiniteStream(fc.nat()), (code, choices) => {
    const pick = <T>(values: T[]): T => values[choices.next().value % values.length];
    const typed = [...code].map((letter) => `${pick(['', '-', ' ', '\t'])}${pick(lookalikes[letter] ?? [letter, letter.toLowerCase()])}`).join('');
    expect(readInviteCode(`${typed}${pick(['', ' '])}`)).toBe(code);
  }));
});

test.each([
  ['too short', 'ABCDEFGH000'], ['too long', 'ABCDEFGH00011'], ['nothing', ''], ['only separators', ' - - '], ['a U', 'UBCDEFGH0001'],
  ['another script', 'АBCDEFGH0001'], ['a letter whose upper case is one of the alphabet', 'ſBCDEFGH0001'],
  ['a letter whose upper case is two', 'ßBCDEFGH000'], ['an underscore', 'ABCD_EFGH0001'], ['a key of the table', 'invite#ABCDE'],
])('what cannot be a code is none: %s', (_, text) => {
  expect(readInviteCode(text)).toBeUndefined();
});

test('whatever is typed, what is read is a code or nothing', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
    const code = readInviteCode(text);
    expect(code === undefined || new RegExp(`^[${INVITE_CODE_ALPHABET}]{${INVITE_CODE_LENGTH}}$`).test(code)).toBe(true);
  }));
});
