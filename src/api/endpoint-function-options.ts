import type { Duration, Size } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Architecture, Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';

/** How an endpoint's own function is made. */
export interface EndpointFunctionOptions {
  /**
   * The code of the function.
   *
   * @default - `lambdaFunction` must be given
   */
  readonly code?: Code;

  /**
   * The file and the exported function in it.
   *
   * @default 'index.handler'
   */
  readonly handler?: string;

  /**
   * What the code runs on.
   *
   * @default - Node.js 24
   */
  readonly runtime?: Runtime;

  /**
   * The processor it runs on.
   *
   * @default - arm64, a fifth cheaper
   */
  readonly architecture?: Architecture;

  /**
   * Memory in MiB; processor power grows with it.
   *
   * @default 512
   */
  readonly memorySize?: number;

  /**
   * When the function is ended. API Gateway waits 29 seconds at most.
   *
   * @default - 10 seconds
   */
  readonly timeout?: Duration;

  /**
   * Variables of its environment. No secrets: those belong in Secrets Manager or the Parameter Store.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };

  /**
   * Disk space of an instance under `/tmp`.
   *
   * @default - 512 MiB
   */
  readonly ephemeralStorage?: Size;

  /**
   * The most instances that may run at once. They are reserved: the rest of the account cannot use them.
   *
   * @default - as many as the account has
   */
  readonly reservedConcurrency?: number;

  /**
   * How long its logs are kept.
   *
   * @default - that of the stage
   */
  readonly logRetention?: RetentionDays;

  /**
   * A key for its logs and environment.
   * CloudWatch Logs gets permission to use it; the policy of an imported key must allow that already.
   *
   * @default - the key of the nearest enclosing scope (`Encryption.withKey(key).on(scope)`), else keys that AWS owns
   */
  readonly encryptionKey?: IKey;
}
