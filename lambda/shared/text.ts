import { TEXT_PATTERN } from '../../src/api/schemas';

/**
 * What the schema keywords `x-text` and `x-distinct-texts` do: the bundler compiles calls of these functions into the validators
 * (projenrc/bundle/validators.ts), so that every text field of every area is held to the same rules.
 */

const TEXT = new RegExp(TEXT_PATTERN, 'u');
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2800\ufff0-\ufffc]/u;
const MAY_BE_INVISIBLE = /[\u200c\u200d\p{Variation_Selector}\u{e0020}-\u{e007f}]/u;
const SPACE_AT_AN_END = /^\p{Zs}|\p{Zs}$/u;

/** One form of writing for what is the same text to everybody: a letter with its accent as one character (NFC). */
export function normalizeText(text: string): string {
  return text.normalize('NFC');
}

/** What is wrong with a text, in words for who wrote it; undefined if nothing is. */
export function textViolation(text: string): string | undefined {
  if (TEXT.test(text) || text === '') return undefined;
  if (SPACE_AT_AN_END.test(text)) return 'must not begin or end with a space';
  const invisible = [...text].filter((character) => INVISIBLE.test(character));
  const refused = invisible.find((character) => !MAY_BE_INVISIBLE.test(character)) ?? invisible[0];
  return refused === undefined ? 'must begin with a character that can stand alone' : `must not have a ${named(refused)} there, which cannot be seen`;
}

/**
 * A string that was not validated, as a text: as it is if it is one, else without what cannot be seen and cut to `maxLength` characters.
 * Undefined if nothing is left that can be seen.
 */
export function toText(value: string, maxLength: number): string | undefined {
  const characters = [...normalizeText(value)];
  const whole = characters.join('');
  if (characters.length <= maxLength && TEXT.test(whole)) return whole;
  const visible = characters.filter((character) => !INVISIBLE.test(character)).join('').trim();
  const cut = [...visible].slice(0, maxLength).join('').trim();
  return TEXT.test(cut) ? cut : undefined;
}

/** The first text that looks like an earlier one; undefined if they all differ. Skips items that are no text, or longer than `maxUnits` (UTF-16). */
export function lookalike(texts: readonly unknown[], maxUnits: number): { readonly index: number; readonly message: string } | undefined {
  const seen = new Map<string, number>();
  for (const [index, text] of texts.entries()) {
    if (typeof text !== 'string' || text.length > maxUnits) continue;
    const skeleton = skeletonOf(text);
    const earlier = seen.get(skeleton);
    if (earlier !== undefined) return { index, message: `looks the same as number ${earlier + 1}` };
    seen.set(skeleton, index);
  }
  return undefined;
}

function named(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Joiners and selectors, which `textViolation` lets pass, and runs of spaces: two texts that differ in nothing else look the same. */
const UNSEEN = /[\u200c\u200d\p{Variation_Selector}]/gu;
const SPACES = /\p{Zs}+/gu;

/**
 * Letters of the Greek and the Cyrillic script, and ligatures, that look like Latin letters in nearly every typeface. A selection of
 * https://www.unicode.org/Public/security/latest/confusables.txt (Unicode TR39); docs/adr/0007 says what it leaves out.
 */
const LOOKS_LIKE: ReadonlyMap<string, string> = new Map([
  ...pairs('АВЕЅІЈКМНОРСТУХҮԌԚԜ', 'ABESIJKMHOPCTYXYGQW'),
  ...pairs('аеѕіјорсухһԁԛԝӏ', 'aesijopcyxhdqwl'),
  ...pairs('ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϳοϲ', 'ABEZHIKMNOPTYXCjoc'),
  ['ﬀ', 'ff'], ['ﬁ', 'fi'], ['ﬂ', 'fl'], ['ﬃ', 'ffi'], ['ﬄ', 'ffl'], ['ﬆ', 'st'], ['…', '...'], ['‐', '-'], ['‑', '-'], ['‘', '\''], ['’', '\''],
]);

function pairs(from: string, to: string): Array<[string, string]> {
  return [...from].map((character, index) => [character, to[index]]);
}

/** What is left of a text if everything goes that readers do not see. Case stays: «A» and «a» can be told apart. */
function skeletonOf(text: string): string {
  // Decomposed, so that a letter with an accent is its base letter's lookalike with that accent.
  const bare = text.normalize('NFD').replace(UNSEEN, '').replace(SPACES, ' ').trim();
  return [...bare].map((character) => LOOKS_LIKE.get(character) ?? character).join('');
}
