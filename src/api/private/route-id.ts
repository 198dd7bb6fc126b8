import type { IConstruct } from 'constructs';
import { operationId, parseRoute } from './route';

/** The construct id of an endpoint that is named by its route alone: `GET /customers/{id}` becomes `GetCustomersById`. */
export function routeConstructId(scope: IConstruct, route: string): string {
  const id = operationId(parseRoute(scope, route));
  return id[0].toUpperCase() + id.slice(1);
}
