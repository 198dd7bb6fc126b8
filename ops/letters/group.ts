import type { Letter } from '../ports';
import { type Decoded, decode } from './decode';

export interface DecodedLetter {
  readonly letter: Letter;
  readonly content: Decoded;
}

/** The letters of one reason. */
export interface Group {
  readonly reason: string;
  readonly letters: readonly DecodedLetter[];
  /** When the oldest and the newest came to be. */
  readonly oldest: number;
  readonly newest: number;
}

export function decoded(letter: Letter): DecodedLetter {
  return { letter, content: decode(letter.body) };
}

/** The letters by their reasons: the most frequent first, and within one the oldest first. */
export function groupByReason(letters: readonly DecodedLetter[]): Group[] {
  const groups = new Map<string, DecodedLetter[]>();
  for (const item of letters) groups.set(item.content.reason, [...groups.get(item.content.reason) ?? [], item]);
  return [...groups].map(([reason, items]) => {
    const sorted = items.sort((a, b) => a.letter.sentAt - b.letter.sentAt);
    return { reason, letters: sorted, oldest: sorted[0].letter.sentAt, newest: sorted[sorted.length - 1].letter.sentAt };
  }).sort((a, b) => b.letters.length - a.letters.length || a.oldest - b.oldest);
}
