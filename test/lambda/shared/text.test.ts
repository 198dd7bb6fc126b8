import fc from 'fast-check';
import { fieldErrors } from '../../../lambda/shared/validate';
import { TEXT_PATTERN } from '../../../src/api/schemas';
import { updateMe } from '../../../src/auth/schemas';
import { createRoom } from '../../../src/rooms/schemas';
import { createPoll } from '../../../src/voting/schemas';
import { compiled } from './validator';

/** The flag of a region, by its tags. */
function flag(region: string): string {
  return `🏴${[...region].map((letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join('')}\u{e007f}`;
}

/** Every text field of the API: how a body has it, and its JSON pointer. */
const FIELDS = [
  ['the name of a room', compiled(createRoom), (text: string): any => ({ name: text }), '/name'],
  ['a display name', compiled(updateMe), (text: string): any => ({ displayName: text }), '/displayName'],
  ['the question of a poll', compiled(createPoll), (text: string): any => ({ question: text, options: ['This', 'That'] }), '/question'],
  ['an option of a poll', compiled(createPoll), (text: string): any => ({ question: 'Which?', options: ['This', text] }), '/options/1'],
] as const;

const polls = compiled(createPoll);

function errorsOf(validate: typeof polls, body: unknown) {
  return validate(body) ? [] : fieldErrors(validate.errors ?? []);
}

describe.each(FIELDS)('%s', (_, validate, bodyOf, pointer) => {
  test.each([
    'Friday', '金曜日', 'שבת שלום', 'می‌خواهم', 'क्‍ष', '👩‍🚀', '❤️', flag('gbeng'), '葛\u{e0100}', 'a b', 'e\u0301', 'x²',
  ])('may be %p', (text) => {
    expect(errorsOf(validate, bodyOf(text))).toEqual([]);
  });

  test.each([
    ['zero width', '\u200b'], ['word joiners', '\u2060\u2060'], ['a Hangul filler', '\u3164'], ['a Braille blank', '\u2800'], ['a joiner alone', '\u200d'],
    ['a selector alone', '\ufe0f'], ['a space alone', ' '], ['an ideographic space alone', '\u3000'], ['a combining mark alone', '\u0301'], ['tags alone', '\u{e0067}'],
    ['a zero width within', 'a\u200bb'], ['a soft hyphen', 'a\u00adb'], ['a byte order mark', '\ufeffa'], ['a joiner at its end', 'a\u200d'], ['a joiner at its beginning', '\u200ca'],
    ['two joiners', 'a\u200d\u200db'], ['a joiner after a space', 'a \u200db'], ['an override of the direction', 'abc\u202etxt.exe'], ['an isolate', '\u2066a\u2069'], ['a mark of direction', 'a\u200f'],
    ['a line separator', 'a\u2028b'], ['a line separator first', '\u2028ab'], ['a paragraph separator', 'a\u2029b'], ['a line feed', 'a\nb'], ['a line feed last', 'a\n'], ['NEL', 'a\u0085b'],
    ['CSI', 'a\u009bb'], ['DEL', 'a\u007fb'], ['NUL', 'a\u0000'], ['a space first', ' a'], ['a space last', 'a '], ['a non-breaking space last', 'a\u00a0'], ['an invisible plus', 'a\u2064b'],
    ['a musical control', 'a\u{1d173}b'], ['an unassigned ignorable', 'a\u{e0fff}'], ['tags without a flag', 'a\u{e0067}'], ['a flag that nobody shows', flag('ustx')], ['a flag without its end', flag('gbeng').slice(0, -2)],
    ['two selectors', '❤\ufe0f\ufe0e'],
  ])('may not have %s', (__, text) => {
    expect(errorsOf(validate, bodyOf(text))).toEqual([{ pointer, detail: expect.stringMatching(/^must (not )?\w/) }]);
  });

  test('is stored in one form, however its letters were written', () => {
    const body = bodyOf('Zoe\u0308 \u212bngstro\u0308m');
    expect(errorsOf(validate, body)).toEqual([]);
    expect(body).toEqual(bodyOf('Zo\u00eb \u00c5ngstr\u00f6m'));
  });

  test('names the character that nobody can see', () => {
    expect(errorsOf(validate, bodyOf('a\u202eb'))).toEqual([{ pointer, detail: 'must not have a U+202E there, which cannot be seen' }]);
  });
});

describe('the options of a poll', () => {
  const of = (...options: unknown[]) => errorsOf(polls, { question: 'Which?', options });

  test.each([
    ['the same twice', 'a', 'a'],
    ['one in NFC and one in NFD', 'é', 'e\u0301'],
    ['a joiner apart', 'ab', 'a\u200db'],
    ['a variation selector apart', '❤', '❤️'],
    ['a Cyrillic letter apart', 'a', 'а'],
    ['Cyrillic letters apart', 'СОРА', 'COPA'],
    ['a Greek letter apart', 'Beta', 'Βeta'],
    ['a Cyrillic letter with an accent apart', 'é', 'е\u0301'],
    ['an Ångström sign apart', '\u00c5', '\u212b'],
    ['a Kelvin sign apart', 'K', '\u212a'],
    ['a kind of space apart', 'a b', 'a\u00a0b'],
    ['a number of spaces apart', 'a b', 'a  b'],
    ['a ligature apart', 'fi', '\ufb01'],
  ])('may not be two that look the same: %s', (_, first, second) => {
    expect(of('Other', first, second)).toEqual([{ pointer: '/options/2', detail: 'looks the same as number 2' }]);
  });

  test.each([['A', 'a'], ['x²', 'x2'], ['Ａ', 'A'], ['é', 'e'], ['да', 'нет'], [flag('gbeng'), flag('gbwls')], [flag('gbsct'), '🏴'], ['0', 'O']])('may be %p and %p', (first, second) => {
    expect(of(first, second)).toEqual([]);
  });

  test('are texts before they are compared', () => {
    expect(of(1, 1).map(({ pointer }) => pointer)).toEqual(['/options/0', '/options/1']);
  });
});

test('any text is taken exactly if it matches the published pattern, and stays as it is when it is sent again', () => {
  const room = compiled(createRoom);
  const pattern = new RegExp(TEXT_PATTERN, 'u');
  const strange = fc.constantFrom(...' \u00a0\u200b\u200c\u200d\ufe0f\u202e\u2800\u3164\u0301\u0085aбé', '🏴', '\u{e0067}', '\u{e007f}');
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }), fc.string({ unit: strange, minLength: 1, maxLength: 8 })), (name) => {
    const body = { name };
    expect(room(body)).toBe(pattern.test(name.normalize('NFC')));
    const [once, again] = [body.name, { name: body.name }];
    room(again);
    expect(again.name).toBe(once);
  }), { numRuns: 2_000 });
});

test('no character that Unicode calls invisible, blank or a control is a text, alone or at the end of one', () => {
  const pattern = new RegExp(TEXT_PATTERN, 'u');
  const unseen = /[\p{Cc}\p{Zs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/u;
  // A selector chooses a form of the character before it: at the end it is where it belongs.
  const mayEnd = /\p{Variation_Selector}/u;
  const taken: string[] = [];
  for (let code = 0; code <= 0x10ffff; code += 1) {
    const character = String.fromCodePoint(code);
    if (unseen.test(character) && (pattern.test(character) || (!mayEnd.test(character) && pattern.test(`a${character}`)))) taken.push(code.toString(16));
  }
  expect(taken).toEqual([]);
});

test('the longest text is looked at in no time', () => {
  const room = compiled(createRoom);
  const started = performance.now();
  for (const unit of ['a\u200d', 'a ', flag('gbeng'), '\ufe0f', ' ']) room({ name: `a${unit.repeat(33)}\u200b` });
  expect(performance.now() - started).toBeLessThan(500);
});
