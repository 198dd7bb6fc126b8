import { INVITE_CODE_ALPHABET, INVITE_CODE_LENGTH } from '../../src/rooms/contract';
import type { RandomBytes } from './ports';

const TYPED = new RegExp(`^[0-9A-Za-z]{${INVITE_CODE_LENGTH}}$`);
const CODE = new RegExp(`^[${INVITE_CODE_ALPHABET}]{${INVITE_CODE_LENGTH}}$`);

/** A new code. The alphabet's length divides 256, so that every character is as likely as any other. */
export function newInviteCode(randomBytes: RandomBytes): string {
  return Array.from(randomBytes(INVITE_CODE_LENGTH), (byte) => INVITE_CODE_ALPHABET[byte % INVITE_CODE_ALPHABET.length]).join('');
}

/** The code that somebody read and typed: in any case, grouped as they like, O for 0, I or L for 1. Undefined where it cannot be one. */
export function readInviteCode(text: string): string | undefined {
  const typed = text.replace(/[\s-]/g, '');
  // Looked at before the case is changed: other scripts have letters whose upper case is one of the alphabet.
  if (!TYPED.test(typed)) return undefined;
  const code = typed.toUpperCase().replace(/O/g, '0').replace(/[IL]/g, '1');
  return CODE.test(code) ? code : undefined;
}
