import { Token } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { allowAlarms } from '../private/alarm-topic';
import { ConstructError } from '../private/errors';
import { RUNBOOK_URL } from '../private/runbook';
import { Scoped } from '../private/scoped';

/** How urgent an alarm is. */
export enum AlarmSeverity {
  /** People are affected now: somebody should look at once. */
  PAGE = 'page',
  /** Somebody should look in working hours. */
  TICKET = 'ticket',
}

/** Options of `Monitoring.to`. */
export interface MonitoringOptions {
  /**
   * The topic for alarms of severity `ticket`.
   *
   * @default - they go to the same topic as pages
   */
  readonly tickets?: ITopic;

  /**
   * The key of another app that the topic is encrypted with, whose policy lets CloudWatch use it. Naming it says that you
   * have seen to that: the policy of a key that this app does not own can be neither read nor changed.
   *
   * @default - the topic is not encrypted with such a key
   */
  readonly importedTopicKey?: IKey;

  /**
   * Where your team reads the runbook; the name of the alarm's section is added as `#<section>`.
   *
   * @default - the runbook of this library
   */
  readonly runbookUrl?: string;
}

/** Options of `Monitoring.none`. */
export interface NoMonitoringProps {
  /** Why nobody is to be told of failures here. It is kept in the cloud assembly, beside each alarm that is not made. */
  readonly reason: string;
}

const chosen = new Scoped<Monitoring>('Monitoring', 'monitoring');

/**
 * Where alarms go: a choice that must be made. `Monitoring.to(topic)` sends them to an SNS topic, `Monitoring.none({ reason })`
 * says why there are none. Given to a construct as its `monitoring`, or set once with `on(scope)` for everything that is
 * defined below it afterwards. With neither, synthesis refuses: an alarm that reaches nobody is no alarm.
 *
 * CloudWatch is permitted to publish: by the topic's policy, and by the policy of its key if it is encrypted. An imported topic's policy
 * cannot be changed here: its owner must permit it. A topic encrypted with the AWS managed key (`alias/aws/sns`) is refused, because
 * CloudWatch cannot use that key and drops the alarm in silence (https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html). That
 * holds also if an Aspect or an override encrypts the topic afterwards. A topic must be in the region of the alarms; it may be in another
 * account of the app.
 *
 * Costs USD 0.10 an alarm and metric a month. See ADR 0005.
 */
export class Monitoring {
  /** Sends alarms to a topic. */
  static to(topic: ITopic, options: MonitoringOptions = {}): Monitoring {
    for (const target of new Set([topic, options.tickets ?? topic])) allowAlarms(target, options.importedTopicKey);
    return new Monitoring(topic, options.tickets ?? topic, options.runbookUrl ?? RUNBOOK_URL);
  }

  /** Makes no alarms. The reason is kept in the cloud assembly, beside each alarm that is not made. */
  static none(props: NoMonitoringProps): Monitoring {
    if (!Token.isUnresolved(props.reason) && props.reason.trim() === '') {
      throw new Error('Monitoring.none: the reason is empty\n  mend: say why nobody is to be told of failures here, for example { reason: \'a load test that lives for an hour\' }');
    }
    return new Monitoring(undefined, undefined, RUNBOOK_URL, props.reason);
  }

  /** The choice that holds at a scope: the nearest one set with `on`. Refuses where none was made. */
  static of(scope: IConstruct): Monitoring {
    const monitoring = chosen.nearest(scope);
    if (monitoring === undefined) {
      throw new ConstructError(scope, 'Nothing says where alarms go', [
        'before this construct, choose one of',
        '    Monitoring.to(topic).on(stack);',
        '    Monitoring.none({ reason: \'…\' }).on(stack);',
        '  or give this construct its own `monitoring`.',
      ].join('\n'));
    }
    return monitoring;
  }

  private constructor(
    /** The topic for alarms of severity `page`. Undefined where there is no monitoring. */
    readonly pageTopic: ITopic | undefined,
    /** The topic for alarms of severity `ticket`. Undefined where there is no monitoring. */
    readonly ticketTopic: ITopic | undefined,
    /** Where the runbook is read. */
    readonly runbookUrl: string,
    /** Why there is no monitoring. Undefined where there is. */
    readonly reason?: string,
  ) {}

  /** Makes this the choice of everything below a scope that is defined afterwards. */
  on(scope: IConstruct): Monitoring {
    chosen.set(scope, this);
    return this;
  }
}
