/** Control and format characters, line separators and halves of pairs: a terminal obeys some of them, and a reader sees none of them. */
const UNPRINTABLE = '[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]';
/** The colours of `Style`. */
const COLOUR = `${String.fromCharCode(27)}\\[(?:1|2|22|31|32|33|36|39)m`;
const IN_A_LINE = new RegExp(UNPRINTABLE, 'gu');
const ON_A_SCREEN = new RegExp(`${COLOUR}|${UNPRINTABLE}`, 'gu');

/**
 * A text of somebody else, such as a field of a log or a message, on one line. Characters that a terminal could obey are shown as `\uXXXX`: they
 * could move the cursor, forge lines, or write to the clipboard.
 */
export function printable(text: string): string {
  return text.replace(IN_A_LINE, (character) => (character === '\t' ? character : escaped(character)));
}

/**
 * What may go to a terminal: line breaks, tabs, the colours of `Style`, and nothing else that a terminal obeys. Everything that is printed passes
 * through here. In JSON, the escapes mean the same characters.
 */
export function onScreen(text: string): string {
  return text.replace(ON_A_SCREEN, (found) => (found === '\n' || found === '\t' || found.endsWith('m') ? found : escaped(found)));
}

/** Prints to the standard output. */
export function say(text: string): void {
  console.log(onScreen(text));
}

/** Prints to the standard error output. */
export function complain(text: string): void {
  console.error(onScreen(text));
}

function escaped(character: string): string {
  return character.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
}
