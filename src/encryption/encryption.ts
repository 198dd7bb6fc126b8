import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import { Scoped } from '../private/scoped';

const chosen = new Scoped<Encryption>('Encryption', 'encryptionKey');

/**
 * The KMS key of everything that is stored: tables, queues, log groups and the environments of functions. Set once with
 * `on(scope)` for everything below it, or given to one construct as its `encryptionKey`; the nearest one wins.
 * Without it, each service encrypts with a key that AWS owns.
 *
 * CloudWatch Logs gets permission to use the key for log groups of the stack's account and region, and each function's role gets
 * the actions that its table, queues and environment need. The policy of an imported key cannot be changed here: its owner grants
 * the same (see `src/encryption/README.md`, ADR 0015).
 *
 * A key costs USD 1 a month and USD 0.03 per 10,000 requests to it (https://aws.amazon.com/kms/pricing/).
 *
 * @example
 * const key = new kms.Key(stack, 'Key', { enableKeyRotation: true });
 * Encryption.withKey(key).on(stack);
 */
export class Encryption {
  /** Encrypts with a customer managed key: symmetric, in the region of what it encrypts. */
  static withKey(key: IKey): Encryption {
    if (typeof key !== 'object' || key === null) {
      throw new Error(`Encryption.withKey: the key is ${JSON.stringify(key)}\n  mend: give a kms.Key, or kms.Key.fromKeyArn(scope, id, '…')`);
    }
    return new Encryption(key);
  }

  /** The encryption that holds at a scope: the nearest one set with `on`. Undefined if none was set: AWS owned keys are used. */
  static of(scope: IConstruct): Encryption | undefined {
    return chosen.nearest(scope);
  }

  private constructor(
    /** The key. */
    readonly key: IKey,
  ) {}

  /** Makes this the encryption of everything below a scope that is defined afterwards. */
  on(scope: IConstruct): Encryption {
    chosen.set(scope, this);
    return this;
  }
}
