import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { ConstructError } from '../../private/errors';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
const SEGMENT = /^(?:[A-Za-z0-9._~-]+|\{[A-Za-z0-9_]+\}|\{[A-Za-z0-9_]+\+\})$/;
const EXAMPLE = 'write it as \'GET /customers/{customerId}\'';

/** A route in its parts. */
export interface Route {
  readonly method: string;
  readonly path: string;
  /** The names of the path's parameters. */
  readonly parameters: string[];
}

/** Reads `METHOD /path/{parameter}`; refuses what API Gateway would refuse at deployment, and what no request could reach. */
export function parseRoute(scope: IConstruct, route: string): Route {
  if (Token.isUnresolved(route)) throw new ConstructError(scope, 'The route is a token', `${EXAMPLE}: it must be known at synthesis`);
  const [method, path, ...rest] = route.split(' ');
  if (path === undefined || rest.length > 0) throw new ConstructError(scope, `'${route}' is not a route`, EXAMPLE);
  if (!METHODS.includes(method)) throw new ConstructError(scope, `'${route}' begins with no method that an endpoint can have`, `begin it with one of ${METHODS.join(', ')}`);
  if (!path.startsWith('/')) throw new ConstructError(scope, `The path of '${route}' does not begin with a slash`, EXAMPLE);
  const segments = path === '/' ? [] : path.slice(1).split('/');
  const wrong = segments.find((segment) => !SEGMENT.test(segment));
  if (wrong !== undefined) {
    throw new ConstructError(scope, `The path of '${route}' has the segment '${wrong}'`, wrong === '' ? 'leave out the empty segment or the slash at the end' : EXAMPLE);
  }
  const parameters = segments.filter((segment) => segment.startsWith('{')).map((segment) => segment.replace(/[{}+]/g, ''));
  const twice = parameters.find((name, index) => parameters.indexOf(name) !== index);
  if (twice !== undefined) throw new ConstructError(scope, `The path of '${route}' names {${twice}} twice`, 'give each parameter a name of its own');
  if (segments.slice(0, -1).some((segment) => segment.endsWith('+}'))) {
    throw new ConstructError(scope, `The path of '${route}' goes on after a greedy parameter`, 'a {parameter+} takes the rest of the path: put it last');
  }
  return { method, path, parameters };
}

/** The name of a route's operation where it is given none: `GET /customers/{id}` becomes `getCustomersById`. */
export function operationId({ method, path }: Route): string {
  const words = path.split('/').filter((segment) => segment !== '')
    .map((segment) => (segment.startsWith('{') ? `By-${segment.replace(/[{}+]/g, '')}` : segment))
    .flatMap((segment) => segment.split(/[^A-Za-z0-9]+/)).filter((word) => word !== '');
  return method.toLowerCase() + words.map((word) => word[0].toUpperCase() + word.slice(1)).join('');
}

/** Two routes with the same form are the same to API Gateway, whatever their parameters are called. */
export function routeForm({ method, path }: Route): string {
  return `${method} ${path.replace(/\{[^}+]+(\+?)\}/g, '{$1}')}`;
}
