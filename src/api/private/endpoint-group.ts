import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct, type IConstruct } from 'constructs';
import { AlarmSeverity } from '../../monitoring';
import { type AlarmContext, sumAlarm, summand } from '../../private/alarms';
import { ConstructError } from '../../private/errors';
import { InlineRole } from '../../private/inline-role';
import { existingState, stateOf } from '../../private/state';
import type { Endpoint } from '../endpoint';
import type { IServerlessApi } from '../serverless-api';

/** CloudWatch sums at most ten metrics in one alarm. */
const ALARM_METRICS = 10;
/**
 * How many endpoints are invoked by one role. The ARN of a function and of its alias have 255 characters together at most, and IAM takes
 * 10,240 for all inline policies of a role: 39 functions.
 */
const FUNCTIONS_PER_ROLE = 25;
/**
 * A role may also invoke the functions of so many endpoints before and after its own. If endpoints are inserted or left out, up to that
 * many per deployment, the others move between roles and are permitted to both all the time: CloudFormation updates a role before
 * the integrations that name it.
 */
const OVERLAP = 7;

const GROUP = 'endpoint-group';
/** The alias that `warmInstances` make. */
export const LIVE_ALIAS = 'live';

/** What a group is known by to the other copies of the package. */
interface GroupState {
  readonly api: IServerlessApi;
}

/**
 * What the endpoints of one API in one scope share: the role by which API Gateway invokes them (instead of one permission each) and the
 * alarms on their crashes and throttles (instead of two each). Why: ADR 0005.
 */
export class EndpointGroup extends Construct {
  /** The group of an endpoint: that of its parent, or its own where its alarms differ from its siblings'. */
  static of(endpoint: Endpoint, api: IServerlessApi, own: boolean): EndpointGroup {
    const scope = own ? endpoint : (endpoint.node.scope as Construct);
    const id = `${api.node.id}Endpoints`;
    const existing = scope.node.tryFindChild(id);
    return existing === undefined ? new EndpointGroup(scope, id, api) : checked(existing, api);
  }

  private readonly functions: IFunction[] = [];
  /** Those that anybody may call and whose instances are limited, and the others: each function is in one of them. */
  private readonly limited: IFunction[] = [];
  private readonly unlimited: IFunction[] = [];
  /** What each function may be invoked as, in the same order. */
  private readonly arns: string[][] = [];
  private readonly roles: InlineRole[] = [];

  private constructor(scope: Construct, id: string, api: IServerlessApi) {
    super(scope, id);
    stateOf<GroupState>(this, GROUP, () => ({ api }));
  }

  /**
   * Takes an endpoint in, and gives the role that invokes it. `watched` is the function itself, without alias. The throttles of a
   * function that anybody may call, and whose instances are limited on purpose, are a ticket: otherwise anybody could page somebody.
   */
  add(watched: IFunction, { owned, limited }: { readonly owned: boolean; readonly limited: boolean }, context: AlarmContext): InlineRole {
    const known = this.functions.indexOf(watched);
    if (known !== -1) return this.roles[Math.floor(known / FUNCTIONS_PER_ROLE)];
    const position = this.functions.length;
    if (position % ALARM_METRICS === 0) this.addErrorAlarm(position, context);
    this.functions.push(watched);
    const throttled = limited ? this.limited : this.unlimited;
    if (throttled.length % ALARM_METRICS === 0) this.addThrottleAlarm(throttled, limited, context);
    throttled.push(watched);
    // Permitted to function and alias, so that switching `warmInstances` on or off leaves no moment without permission.
    this.arns.push(owned ? [watched.functionArn, `${watched.functionArn}:${LIVE_ALIAS}`] : [watched.functionArn]);

    const index = Math.floor(position / FUNCTIONS_PER_ROLE);
    if (index === this.roles.length) this.addRole(index);
    else allow(this.roles[index], this.arns[position]);
    if (index > 0 && position % FUNCTIONS_PER_ROLE < OVERLAP) allow(this.roles[index - 1], this.arns[position]);
    return this.roles[index];
  }

  private addRole(index: number): void {
    const role = new InlineRole(this, index === 0 ? 'Role' : `Role${index + 1}`, 'apigateway.amazonaws.com');
    this.roles.push(role);
    allow(role, this.arns.slice(Math.max(0, index * FUNCTIONS_PER_ROLE - OVERLAP)).flat());
  }

  /** An alarm on the functions from an index on; they are added while synthesis goes on, so the metrics are read at its end. */
  private addErrorAlarm(from: number, context: AlarmContext): void {
    sumAlarm(this, `Errors${suffix(from)}`, context, {
      metrics: () => this.functions.slice(from, from + ALARM_METRICS).map((fn, index) => summand(`m${index}`, fn.metricErrors({ statistic: 'Sum' }))),
      severity: AlarmSeverity.PAGE,
      runbook: 'endpoint-errors',
      watches: `Crashes and timeouts in ${this.node.scope!.node.path}`,
      threshold: 0,
      datapoints: 2,
    });
  }

  private addThrottleAlarm(functions: readonly IFunction[], limited: boolean, context: AlarmContext): void {
    const from = functions.length;
    sumAlarm(this, `${limited ? 'LimitedThrottles' : 'Throttles'}${suffix(from)}`, context, {
      metrics: () => functions.slice(from, from + ALARM_METRICS).map((fn, index) => summand(`m${index}`, fn.metricThrottles({ statistic: 'Sum' }))),
      severity: limited ? AlarmSeverity.TICKET : AlarmSeverity.PAGE,
      runbook: 'endpoint-throttles',
      watches: `${limited ? 'Throttled public endpoints' : 'Throttled endpoints'} of ${this.node.scope!.node.path}`,
      threshold: 0,
      datapoints: 2,
    });
  }
}

function suffix(from: number): string {
  return from === 0 ? '' : `${from / ALARM_METRICS + 1}`;
}

function allow(role: InlineRole, arns: string[]): void {
  role.addToPrincipalPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: arns }));
}

/** The group that a scope has already, unless something else has its name. */
function checked(existing: IConstruct, api: IServerlessApi): EndpointGroup {
  const state = existingState<GroupState>(existing, GROUP);
  if (state === undefined) {
    throw new ConstructError(existing, `The id '${existing.node.id}' is taken: the endpoints of ${api.node.path} in this scope need it for their role and alarms`, 'give this construct another id');
  }
  if (state.api !== api) {
    throw new ConstructError(existing.node.scope!, `Two APIs with the id '${api.node.id}' have endpoints here: ${state.api.node.path} and ${api.node.path}`,
      'define the endpoints of one of them in a scope of their own: new Construct(this, \'…\')');
  }
  return existing as EndpointGroup;
}
