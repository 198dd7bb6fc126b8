import type { PasswordPolicy } from '../../src/auth/contract';

/** What Cognito counts as a symbol; a space counts within a password, not at its ends. */
const SYMBOL = /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+-]|(?<=.) (?=.)/;

/** What a password lacks, in the words for its owner; undefined where it satisfies the policy. */
export function weakness(password: string, policy: PasswordPolicy): string | undefined {
  const rules: Array<[boolean, string]> = [
    [password.length < (policy.minLength ?? 0), `at least ${policy.minLength} characters`],
    [policy.requireLowercase === true && !/[a-z]/.test(password), 'a lower-case letter'],
    [policy.requireUppercase === true && !/[A-Z]/.test(password), 'an upper-case letter'],
    [policy.requireDigits === true && !/[0-9]/.test(password), 'a digit'],
    [policy.requireSymbols === true && !SYMBOL.test(password), 'a symbol'],
    [/^\s|\s$/.test(password), 'no space at its beginning or end'],
  ];
  const missing = rules.filter(([broken]) => broken).map(([, rule]) => rule);
  return missing.length === 0 ? undefined : `needs ${missing.join(', ')}`;
}
