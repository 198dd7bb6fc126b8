import type { IConstruct } from 'constructs';
import { operationId } from './openapi';
import { parseRoute } from './route';

/** The construct id of an endpoint that is named by its route alone: `GET /customers/{id}` becomes `GetCustomersById`. */
export function routeConstructId(scope: IConstruct, route: string): string {
  const { method, path } = parseRoute(scope, route);
  const id = operationId(method, path);
  return id[0].toUpperCase() + id.slice(1);
}
