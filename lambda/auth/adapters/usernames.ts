import { GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms';
import { HANDLER_PATIENCE, requestHandler } from '../../shared/adapters/patience';
import { calling } from '../../shared/dependency';
import type { Usernames } from '../ports';

/** Made once an instance, so that connections are used again. */
export function kms(): KMSClient {
  return new KMSClient({ maxAttempts: HANDLER_PATIENCE.attempts, requestHandler: requestHandler(HANDLER_PATIENCE) });
}

/** Keeps these codes apart from whatever else may one day be made by the same key. It can never change: usernames follow from it. */
const PURPOSE = 'trinity-constructs/username/1:';

/**
 * Usernames that are a keyed hash of the address (HMAC-SHA-256), in the form of a UUID of version 8 (RFC 9562). The same
 * address always has the same one. Without the key nobody can find the address, or test a guess of it. The key is inside
 * AWS KMS and cannot be read, not even by the function.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/hmac.html
 */
export function keyedUsernames(client: KMSClient, keyId: string): Usernames {
  return {
    async of(email) {
      const { Mac: mac } = await calling('The key of user names', () => client.send(new GenerateMacCommand({
        KeyId: keyId,
        MacAlgorithm: 'HMAC_SHA_256',
        Message: Buffer.from(PURPOSE + email, 'utf8'),
      })));
      if (mac === undefined) throw new Error('KMS answered without a MAC');
      return uuid8(mac);
    },
  };
}

/** Usernames that are the address itself: of a pool in which people sign in by e-mail address. */
export const addressUsernames: Usernames = { of: async (email) => email };

const VARIANTS = ['8', '9', 'a', 'b'];

/** The first 128 bits of a hash, six of which are replaced by those that say that it is a UUID of version 8. */
function uuid8(hash: Uint8Array): string {
  const hex = Buffer.from(hash).toString('hex');
  const variant = VARIANTS[Number.parseInt(hex[16], 16) % VARIANTS.length];
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `${variant}${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}
