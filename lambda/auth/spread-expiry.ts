import type { Tokens } from '../../src/auth/contract';

/** The part of a token's life over which the answers spread its announced end. */
const SPREAD = 0.2;

/**
 * Announces an access token's end up to a fifth early, each time by another amount. A crowd that logged in together would
 * otherwise come back to refresh together, every `accessTokenValidity`, for as long as it stays.
 */
export function spreadExpiry(tokens: Tokens, random: () => number): Tokens {
  return { ...tokens, expiresIn: Math.ceil(tokens.expiresIn * (1 - SPREAD * random())) };
}
