import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { AlarmSeverity } from '../../monitoring';
import { type AlarmContext, sumAlarm, summand } from '../../private/alarms';
import { InlineRole } from '../../private/inline-role';
import type { Endpoint } from '../endpoint';
import type { IServerlessApi } from '../serverless-api';

/** CloudWatch sums at most ten metrics in one alarm. */
const ALARM_METRICS = 10;

/**
 * What the endpoints of one scope share: the role by which API Gateway invokes them (instead of one permission each) and the
 * alarms on their crashes and throttles (instead of two each). Why: ADR 0005.
 */
export class EndpointGroup extends Construct {
  /** The group of an endpoint: that of its parent, or its own where its alarms differ from its siblings'. */
  static of(endpoint: Endpoint, api: IServerlessApi, own: boolean): EndpointGroup {
    const scope = own ? endpoint : (endpoint.node.scope as Construct);
    const id = `${api.node.id}Endpoints`;
    return (scope.node.tryFindChild(id) as EndpointGroup | undefined) ?? new EndpointGroup(scope, id);
  }

  private readonly invokeRole: InlineRole;
  private readonly functions: IFunction[] = [];

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    this.invokeRole = new InlineRole(this, 'Role', 'apigateway.amazonaws.com');
  }

  get invokeRoleArn(): string {
    return this.invokeRole.roleArn;
  }

  add(target: IFunction, watched: IFunction, context: AlarmContext): void {
    this.invokeRole.addToPrincipalPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [target.functionArn] }));
    if (this.functions.includes(watched)) return;
    if (this.functions.length % ALARM_METRICS === 0) this.addAlarms(this.functions.length, context);
    this.functions.push(watched);
  }

  /** Alarms on the functions from an index on; they are added while synthesis goes on, so the metrics are read at its end. */
  private addAlarms(from: number, context: AlarmContext): void {
    const suffix = from === 0 ? '' : `${from / ALARM_METRICS + 1}`;
    const mine = () => this.functions.slice(from, from + ALARM_METRICS);
    sumAlarm(this, `Errors${suffix}`, context, {
      metrics: () => mine().map((fn, index) => summand(`m${index}`, fn.metricErrors({ statistic: 'Sum' }))),
      severity: AlarmSeverity.PAGE,
      runbook: 'endpoint-errors',
      watches: `Crashes and timeouts in ${this.node.scope!.node.path}`,
      threshold: 0,
      datapoints: 2,
    });
    sumAlarm(this, `Throttles${suffix}`, context, {
      metrics: () => mine().map((fn, index) => summand(`m${index}`, fn.metricThrottles({ statistic: 'Sum' }))),
      severity: AlarmSeverity.PAGE,
      runbook: 'endpoint-throttles',
      watches: `Throttled endpoints of ${this.node.scope!.node.path}`,
      threshold: 0,
      datapoints: 2,
    });
  }
}
