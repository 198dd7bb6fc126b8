import { Token } from 'aws-cdk-lib';
import type { BundledEndpoint } from '../../private/bundled-endpoint';
import type { PasswordPolicy } from '../contract';

/** As lambda/auth/password-policy.ts has them: what Cognito counts as a symbol; a space counts within a password. */
const SYMBOL = '[\\^$*.\\[\\]{}()?"!@#%&/\\\\,><\':;|_~`=+-]';

/**
 * The definition of an endpoint that sets a password, with the policy in its document: what the schema allows, the endpoint takes. The
 * handler is given the policy by its environment, because the schema that it has compiled in is the same for every pool.
 */
export function withPasswordPolicy(definition: BundledEndpoint, policy: PasswordPolicy): BundledEndpoint {
  const request = definition.request as { readonly properties: Readonly<Record<string, object>> };
  const password = { ...request.properties.password, ...passwordSchema(policy) };
  return { ...definition, request: { ...request, properties: { ...request.properties, password } } };
}

function passwordSchema({ minLength = 1, requireLowercase, requireUppercase, requireDigits, requireSymbols }: PasswordPolicy): object {
  const rules = [
    ...(requireLowercase ? [{ text: 'a lower-case letter', pattern: '[a-z]' }] : []),
    ...(requireUppercase ? [{ text: 'an upper-case letter', pattern: '[A-Z]' }] : []),
    ...(requireDigits ? [{ text: 'a digit', pattern: '[0-9]' }] : []),
    ...(requireSymbols ? [{ text: 'a symbol', pattern: `(?:${SYMBOL}|[\\s\\S] [\\s\\S])` }] : []),
  ];
  const known = !Token.isUnresolved(minLength);
  return {
    ...(known ? { minLength } : {}),
    pattern: `^${rules.map(({ pattern }) => `(?=[\\s\\S]*${pattern})`).join('')}\\S(?:[\\s\\S]*\\S)?$`,
    description: [
      ...(known ? [`At least ${minLength} characters.`] : []),
      ...(rules.length === 0 ? [] : [`Needs ${rules.map(({ text }) => text).join(', ')}.`]),
      'No space at its beginning or end.',
    ].join(' '),
  };
}
