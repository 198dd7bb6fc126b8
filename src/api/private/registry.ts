import { Token } from 'aws-cdk-lib';
import type { CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IConstruct } from 'constructs';
import { ConstructError } from '../../private/errors';
import { byCodeUnit } from '../../private/order';
import { stateOf } from '../../private/state';
import type { EndpointDescription } from '../endpoint-description';
import { operationId, parseRoute, type Route, routeForm } from './route';

/** What is known of an endpoint at synthesis, for the OpenAPI document and against duplicates. */
export interface RegisteredEndpoint {
  readonly scope: IConstruct;
  readonly route: Route;
  readonly description: EndpointDescription;
  readonly secured: boolean;
  /** How callers get a token, in a sentence. */
  readonly tokenSource?: string;
  readonly scopes: string[];
}

/** The name of an endpoint's operation in the OpenAPI document. */
export function operationIdOf({ route, description }: Pick<RegisteredEndpoint, 'route' | 'description'>): string {
  return description.operationId ?? operationId(route);
}

/** Refuses what no client generator could make sense of. */
function checkDescription(scope: IConstruct, { method, path }: Route, { operationId: name, request, responses = [] }: EndpointDescription): void {
  if (Token.isUnresolved(name)) {
    throw new ConstructError(scope, `The operationId of '${method} ${path}' is known only at deployment`, 'give a literal: it must differ from those of the other endpoints');
  }
  if (responses.some(({ status }) => Token.isUnresolved(status))) {
    throw new ConstructError(scope, `'${method} ${path}' describes an answer with a status that is known only at deployment`, 'give a literal');
  }
  const odd = responses.find(({ status }) => !Number.isInteger(status) || status < 200 || status > 599);
  if (odd !== undefined) throw new ConstructError(scope, `'${method} ${path}' describes an answer with the status ${odd.status}`, 'give a final status of HTTP, 200 to 599');
  if (request !== undefined && BODILESS.has(method)) {
    throw new ConstructError(scope, `'${method} ${path}' describes a body, which a ${method} has not`, 'leave description.request out, or choose another method');
  }
}

const BODILESS = new Set(['GET', 'HEAD']);

/** Plain data: it is shared by all copies of the package. */
interface RegistryState {
  readonly stage?: CfnStage;
  readonly answersPreflights?: boolean;
  readonly byForm: Map<string, RegisteredEndpoint>;
}

/** The endpoints of one API, in all stacks: known at synthesis only, no template refers to another for it. */
export class EndpointRegistry {
  static of(api: IConstruct): EndpointRegistry {
    return new EndpointRegistry(stateOf<RegistryState>(api, 'endpoints', () => ({ byForm: new Map() })));
  }

  private constructor(private readonly state: RegistryState) {}

  /** The stage that holds the throttles of single routes. Undefined for an imported API. */
  get stage(): CfnStage | undefined {
    return this.state.stage;
  }

  /** Whether API Gateway answers preflights itself. Not known of an imported API. */
  get answersPreflights(): boolean {
    return this.state.answersPreflights ?? false;
  }

  /** What the API that this app makes says of itself. */
  describe(stage: CfnStage, answersPreflights: boolean): void {
    Object.assign(this.state, { stage, answersPreflights });
  }

  /** Takes the route for an endpoint; refuses a malformed one, and one whose route or operation's name another endpoint has. */
  claim(scope: IConstruct, route: string, description: EndpointDescription = {}): Route {
    const parsed = parseRoute(scope, route);
    const other = this.state.byForm.get(routeForm(parsed));
    if (other !== undefined) {
      throw new ConstructError(scope, `'${route}' is the route of two endpoints: ${other.scope.node.path} has '${other.route.method} ${other.route.path}'`,
        'give one of them another method or path, or leave one out');
    }
    const name = operationIdOf({ route: parsed, description });
    const namesake = this.all().find((endpoint) => operationIdOf(endpoint) === name);
    if (namesake !== undefined) {
      throw new ConstructError(scope, `'${route}' is called '${name}' in the OpenAPI document, and so is '${namesake.route.method} ${namesake.route.path}' of ${namesake.scope.node.path}`,
        'give one of them a name of its own, description: { operationId: \'…\' }, and an id of its own: new Endpoint(scope, id, { api, route, … })');
    }
    checkDescription(scope, parsed, description);
    return parsed;
  }

  add(endpoint: RegisteredEndpoint): void {
    this.state.byForm.set(routeForm(endpoint.route), endpoint);
  }

  all(): RegisteredEndpoint[] {
    return [...this.state.byForm.values()].sort((a, b) => byCodeUnit(a.route.path, b.route.path) || byCodeUnit(a.route.method, b.route.method));
  }
}
