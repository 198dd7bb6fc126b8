import type { Duration, Size } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Monitoring } from '../monitoring';
import type { StagePreset } from '../stage';
import type { Throttle } from './throttle';

/** Props of `ServerlessApi`. */
export interface ServerlessApiProps {
  /**
   * The title of the OpenAPI document, and the name in the console.
   *
   * @default - the construct's id
   */
  readonly title?: string;

  /**
   * The version that the OpenAPI document states.
   *
   * @default '1.0.0'
   */
  readonly version?: string;

  /**
   * What the API is for, in a sentence or two.
   *
   * @default - not described
   */
  readonly description?: string;

  /**
   * Origins of web pages that may call the API from a browser: `https://example.com`, `*` for any, `https://*` for any with that
   * scheme. API Gateway has no other wildcards. It answers preflights itself: `OPTIONS` endpoints are refused then.
   *
   * @default - none: browsers refuse calls from other origins
   */
  readonly corsOrigins?: string[];

  /**
   * How many requests the API as a whole lets through.
   *
   * @default - that of the stage
   */
  readonly throttle?: Throttle;

  /**
   * The largest request body that the bundled endpoints read; a larger one gets 413.
   *
   * @default - 64 KiB
   */
  readonly maxBodySize?: Size;

  /**
   * An objective for the 95th percentile of the time to answer, over all endpoints, with an alarm.
   *
   * @default - 500 milliseconds
   */
  readonly latencyObjective?: Duration;

  /**
   * How many requests in a hundred may fail with a server error before somebody is paged.
   *
   * @default 1
   */
  readonly errorPercentage?: number;

  /**
   * How long access logs are kept.
   *
   * @default - that of the stage
   */
  readonly logRetention?: RetentionDays;

  /**
   * A key for the access log, and for the logs and environments of all endpoints in its scope.
   * CloudWatch Logs gets permission to use it; the policy of an imported key must allow that already.
   *
   * @default - the key of the nearest enclosing scope (`Encryption.withKey(key).on(scope)`), else keys that AWS owns
   */
  readonly encryptionKey?: IKey;

  /**
   * Where its alarms go, and those of everything in its scope.
   *
   * @default - the choice of the nearest enclosing scope
   */
  readonly monitoring?: Monitoring;

  /**
   * Defaults for one stage of the system's life.
   *
   * @default - the choice of the nearest enclosing scope, else `StagePreset.production()`
   */
  readonly stage?: StagePreset;
}
