/**
 * Schema keywords that every area may use beside those of JSON Schema. The bundler compiles them into the validators (lambda/shared/text.ts is what
 * they call), and the OpenAPI document has what they mean in terms of JSON Schema.
 */
export const TextKeyword = {
  /** `true`: one line of text that people read. It is normalized to NFC and must match `TEXT_PATTERN`. */
  TEXT: 'x-text',
  /** `true`, of an array of texts: no two of them may look the same. */
  DISTINCT: 'x-distinct-texts',
} as const;

type Range = readonly [first: number, last?: number];

const WHITE_SPACE: readonly Range[] = [[0x20], [0xa0], [0x1680], [0x2000, 0x200a], [0x202f], [0x205f], [0x3000]];
/** Zero width joiner and non-joiner: emoji and several scripts need them between two characters. */
const JOINERS: readonly Range[] = [[0x200c, 0x200d]];
/** Variation selectors: they choose a form of the character before them. */
const SELECTORS: readonly Range[] = [[0x180b, 0x180d], [0x180f], [0xfe00, 0xfe0f], [0xe0100, 0xe01ef]];
/** Tags: they make a regional flag of the black flag. */
const TAGS: readonly Range[] = [[0xe0020, 0xe007f]];
/**
 * The flags of England, Scotland and Wales: the only ones of regions that are recommended for interchange (https://www.unicode.org/reports/tr51/#valid-emoji-tag-sequences).
 * Most fonts show any other as the black flag alone.
 */
const REGIONS = ['gbeng', 'gbsct', 'gbwls'];
/** Combining diacritical marks: alone they have nothing to stand on. */
const COMBINING: readonly Range[] = [[0x300, 0x36f], [0x1ab0, 0x1aff], [0x1dc0, 0x1dff], [0x20d0, 0x20ff], [0xfe20, 0xfe2f]];
/**
 * Never part of a text: control characters, separators of lines and paragraphs, controls of the direction of writing, the other characters that
 * are invisible (Default_Ignorable_Code_Point of Unicode, https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point), and two that are blank.
 */
const REFUSED: readonly Range[] = [
  [0x00, 0x1f], [0x7f, 0x9f], [0xad], [0x34f], [0x61c], [0x115f, 0x1160], [0x17b4, 0x17b5], [0x180e], [0x200b], [0x200e, 0x200f], [0x2028, 0x202e],
  [0x2060, 0x206f], [0x2800], [0x3164], [0xfeff], [0xffa0], [0xfff0, 0xfffc], [0x1bca0, 0x1bca3], [0x1d173, 0x1d17a], [0xe0000, 0xe001f],
  [0xe0080, 0xe00ff], [0xe01f0, 0xe0fff],
];

/** Written out, because patterns in the OpenAPI document are read by other languages, which have no `\p{…}` or `\u{…}`. */
function characters(...classes: Array<readonly Range[]>): string {
  const written = (code: number) => (code > 0xffff ? String.fromCodePoint(code) : `\\u${code.toString(16).padStart(4, '0')}`);
  return classes.flat().map(([first, last = first]) => (first === last ? written(first) : `${written(first)}-${written(last)}`)).join('');
}

const NOT_ALONE = [REFUSED, WHITE_SPACE, JOINERS, SELECTORS, TAGS];
const tagged = (text: string) => [...text].map((letter) => String.fromCodePoint(0xe0000 + letter.codePointAt(0)!)).join('');
const FLAG = `${String.fromCodePoint(0x1f3f4)}(?:${REGIONS.map(tagged).join('|')})${String.fromCodePoint(0xe007f)}`;
const SELECTED = `[${characters(SELECTORS)}]?`;
const FIRST = `(?:${FLAG}|[^${characters(...NOT_ALONE, COMBINING)}])${SELECTED}`;
const LATER = `(?:${FLAG}|[^${characters(...NOT_ALONE)}])${SELECTED}`;

/**
 * A text that people read: one line; visible at its beginning and its end; joiners only between two characters, a selector only after one;
 * nothing else that cannot be seen.
 */
export const TEXT_PATTERN = `^${FIRST}(?:(?:[${characters(JOINERS)}]|[${characters(WHITE_SPACE)}]+)?${LATER})*$`;
