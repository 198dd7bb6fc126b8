import { RemovalPolicy, Token } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';
import { Scoped } from '../private/scoped';

/** What a stage decides for the constructs below it. */
export interface StagePresetProps {
  /**
   * What happens to tables, user pools and other stateful resources when they leave the template.
   *
   * @default - that of the preset
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Whether AWS refuses to delete tables and user pools.
   *
   * @default - that of the preset
   */
  readonly deletionProtection?: boolean;

  /**
   * How long logs are kept.
   *
   * @default - that of the preset
   */
  readonly logRetention?: RetentionDays;

  /**
   * Requests a second that the API as a whole lets through.
   *
   * @default - that of the preset
   */
  readonly throttleRate?: number;

  /**
   * Requests that the API lets through at once, above the rate.
   *
   * @default - that of the preset
   */
  readonly throttleBurst?: number;

  /**
   * Whether alarms of severity `page` go to the topic for pages. Where they do not, they go to the topic for tickets.
   *
   * @default - that of the preset
   */
  readonly pages?: boolean;
}

const chosen = new Scoped<StagePreset>('StagePreset', 'stage');

/** There is no construct yet to say where: a stage is made before the scopes it is for. */
function checkCount(stageName: string, prop: string, value: number | undefined): void {
  if (value === undefined || Token.isUnresolved(value) || (Number.isInteger(value) && value >= 1)) return;
  throw new Error(`StagePreset.${stageName}: ${prop} is ${value}\n  mend: give a whole number of 1 or more`);
}

/**
 * Defaults for one stage of a system's life: `development()`, `staging()`, `production()`. Given to a construct as its
 * `stage`, or set once with `on(scope)` for everything below; a construct's own prop always wins.
 *
 * The values stand in a table in `src/stage/README.md`, which is made from this code. Where no stage is chosen,
 * `production()` holds: forgetting the choice must not cost data.
 */
export class StagePreset {
  /** Cheap and easy to throw away: nothing is protected, nobody is paged. */
  static development(overrides: StagePresetProps = {}): StagePreset {
    return new StagePreset('development', overrides, {
      removalPolicy: RemovalPolicy.DESTROY,
      deletionProtection: false,
      logRetention: RetentionDays.ONE_WEEK,
      throttleRate: 100,
      throttleBurst: 200,
      pages: false,
    });
  }

  /** Built like production, but it can be torn down, keeps logs for a month, lets less through and pages nobody. */
  static staging(overrides: StagePresetProps = {}): StagePreset {
    return new StagePreset('staging', overrides, {
      removalPolicy: RemovalPolicy.DESTROY,
      deletionProtection: false,
      logRetention: RetentionDays.ONE_MONTH,
      throttleRate: 1_000,
      throttleBurst: 1_000,
      pages: false,
    });
  }

  /** Data is retained and protected, and alarms page. The throttle is half of an account's first quota for API Gateway in most regions; a warning says where it is above the quota. */
  static production(overrides: StagePresetProps = {}): StagePreset {
    return new StagePreset('production', overrides, {
      removalPolicy: RemovalPolicy.RETAIN,
      deletionProtection: true,
      logRetention: RetentionDays.THREE_MONTHS,
      throttleRate: 5_000,
      throttleBurst: 2_500,
      pages: true,
    });
  }

  /** The stage that holds at a scope: the nearest one set with `on`, else `production()`. */
  static of(scope: IConstruct): StagePreset {
    return chosen.nearest(scope) ?? StagePreset.production();
  }

  /** What happens to stateful resources that leave the template. */
  readonly removalPolicy: RemovalPolicy;
  /** Whether AWS refuses to delete stateful resources. */
  readonly deletionProtection: boolean;
  /** How long logs are kept. */
  readonly logRetention: RetentionDays;
  /** Requests a second that the API as a whole lets through. */
  readonly throttleRate: number;
  /** Requests that the API lets through at once, above the rate. */
  readonly throttleBurst: number;
  /** Whether alarms of severity `page` go to the topic for pages. */
  readonly pages: boolean;

  private constructor(
    /** `development`, `staging` or `production`. */
    readonly stageName: string,
    overrides: StagePresetProps,
    preset: Required<StagePresetProps>,
  ) {
    if (overrides.removalPolicy === RemovalPolicy.SNAPSHOT) {
      throw new Error(`StagePreset.${stageName}: removalPolicy is SNAPSHOT, which tables, user pools and queues do not have\n  mend: give RETAIN, DESTROY or RETAIN_ON_UPDATE_OR_DELETE; tables keep backups of their last 35 days`);
    }
    for (const name of ['throttleRate', 'throttleBurst', 'logRetention'] as const) checkCount(stageName, name, overrides[name]);
    this.removalPolicy = overrides.removalPolicy ?? preset.removalPolicy;
    this.deletionProtection = overrides.deletionProtection ?? preset.deletionProtection;
    this.logRetention = overrides.logRetention ?? preset.logRetention;
    this.throttleRate = overrides.throttleRate ?? preset.throttleRate;
    this.throttleBurst = overrides.throttleBurst ?? preset.throttleBurst;
    this.pages = overrides.pages ?? preset.pages;
  }

  /** Makes this the stage of everything below a scope that is defined afterwards. */
  on(scope: IConstruct): StagePreset {
    chosen.set(scope, this);
    return this;
  }
}
