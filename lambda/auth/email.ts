import { domainToASCII } from 'node:url';

/** Host names in Unicode: letters, marks, digits, dots and hyphens. Everything else stays for the user pool to refuse. */
const UNICODE_DOMAIN = /^(?=.*[^\u0000-\u007f])[\p{L}\p{M}\p{N}.-]+$/u;

/**
 * The one form of an address, however it was typed: lower case, composed (NFC), and the domain as DNS has it. Two forms of
 * one address must never be two accounts, because an account has one ballot per poll.
 */
export function normaliseEmail(email: string): string {
  const at = email.lastIndexOf('@');
  const local = email.slice(0, at).toLowerCase().normalize('NFC');
  const domain = email.slice(at + 1).toLowerCase().normalize('NFC');
  const ascii = UNICODE_DOMAIN.test(domain) ? domainToASCII(domain) : domain;
  return `${local}@${ascii === '' ? domain : ascii}`;
}
