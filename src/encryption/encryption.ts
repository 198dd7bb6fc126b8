import { Stack } from 'aws-cdk-lib';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import { ConstructError } from '../private/errors';
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

  /**
   * Lets whoever may use a table or a queue of the account use the key through DynamoDB and SQS. It is for the time in which a running system is given
   * a key, or another one: CloudFormation changes tables and queues before the roles that refer to them, so without it every request is refused
   * in between. Deploy it before the key is given, and remove it afterwards (see `src/encryption/README.md`, ADR 0015).
   *
   * @param scope - Tells the account and the region, for example the stack
   * @param key - A key that is defined in this app: the policy of an imported one cannot be changed here
   */
  static allowThroughServices(scope: IConstruct, key: IKey): void {
    const { account, region } = Stack.of(scope);
    const { statementAdded } = key.addToResourcePolicy(new PolicyStatement({
      sid: 'WhileTheKeyIsSwitched',
      // As the policy of the key `aws/dynamodb` has it. The condition on the account makes it nobody outside.
      principals: [new AnyPrincipal()],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      resources: ['*'],
      conditions: {
        StringEquals: { 'kms:CallerAccount': account, 'kms:ViaService': [`dynamodb.${region}.amazonaws.com`, `sqs.${region}.amazonaws.com`] },
      },
    }));
    if (!statementAdded) {
      throw new ConstructError(scope, 'The policy of an imported key cannot be changed here', 'let the owner of the key add the statement of src/encryption/README.md ("A running system")');
    }
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
