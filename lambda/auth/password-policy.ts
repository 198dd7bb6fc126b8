import type { PasswordPolicy } from '../../src/auth/contract';
import { Problem } from '../shared/problem';

/** What Cognito counts as a symbol; a space counts within a password, not at its ends. */
const SYMBOL = /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+-]|(?<=.) (?=.)/s;

/**
 * Refuses a password that the policy does not allow, before the user pool is asked anything: so that a weak password gets
 * the same answer whether the address has an account or not.
 */
export function checkPassword(password: string, policy: PasswordPolicy): void {
  const violation = policyViolation(password, policy);
  if (violation !== undefined) throw weakPassword(violation);
}

export function weakPassword(detail = 'does not satisfy the password policy'): Problem {
  return new Problem('weak-password', { errors: [{ pointer: '/password', detail }] });
}

/** What a password lacks, in the words for its owner; undefined if it satisfies the policy. */
export function policyViolation(password: string, policy: PasswordPolicy): string | undefined {
  const rules: Array<[boolean, string]> = [
    // Characters, not UTF-16 units: the stricter count, so that the user pool never refuses what passed here.
    [[...password].length < (policy.minLength ?? 0), `at least ${policy.minLength} characters`],
    [policy.requireLowercase === true && !/[a-z]/.test(password), 'a lower-case letter'],
    [policy.requireUppercase === true && !/[A-Z]/.test(password), 'an upper-case letter'],
    [policy.requireDigits === true && !/[0-9]/.test(password), 'a digit'],
    [policy.requireSymbols === true && !SYMBOL.test(password), 'a symbol'],
    [/^\s|\s$/.test(password), 'no space at its beginning or end'],
  ];
  const missing = rules.filter(([broken]) => broken).map(([, rule]) => rule);
  return missing.length === 0 ? undefined : `needs ${missing.join(', ')}`;
}
