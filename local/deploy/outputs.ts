import { constructPath, type Template } from '../stand-ins/template';
import type { LocalFunction, LocalResource, LocalUrl } from '../types';

const EXECUTE_API = /https?:\/\/([a-z0-9]+)\.execute-api\.[\w.-]+(?::\d+)?(\/[^\s"']*)?/g;

/**
 * Translates URLs of API Gateway into ones that every client can resolve: Node and macOS do not resolve
 * `<id>.execute-api.localhost`. The first segment of the path is the stage, unless the API has only `$default`.
 */
export function translateUrls(value: string, endpoint: string, stages: ReadonlyMap<string, readonly string[]>): string {
  return value.replace(EXECUTE_API, (_, api: string, path = '') => {
    const [first, ...rest] = path.replace(/^\//, '').split('/');
    const staged = stages.get(api)?.includes(first) ?? false;
    const [stage, below] = staged ? [first, rest.join('/')] : ['$default', path.replace(/^\//, '')];
    return apiUrl(endpoint, api, stage) + (below === '' ? '' : `/${below}`);
  });
}

function apiUrl(endpoint: string, api: string, stage: string): string {
  // A shell would take `$default` for one of its variables.
  return `${endpoint}/_aws/execute-api/${api}/${stage.replace('$', '%24')}`;
}

/** The stages of each API, from the resources of all stacks: a stage may be in another stack than its API. */
export function stagesOf(resources: Iterable<LocalResource>, templates: Iterable<Template>): Map<string, string[]> {
  const stages = new Map<string, string[]>();
  const all = [...resources];
  const names = new Set<string>();
  for (const template of templates) {
    for (const resource of Object.values(template.Resources ?? {})) {
      if (resource.Type === 'AWS::ApiGatewayV2::Stage' || resource.Type === 'AWS::ApiGateway::Stage') names.add(String(resource.Properties?.StageName));
    }
  }
  for (const { type, physicalId } of all) {
    if (type === 'AWS::ApiGatewayV2::Api' || type === 'AWS::ApiGateway::RestApi') stages.set(physicalId, [...names]);
  }
  return stages;
}

/** Where each API of a stack answers, on its first stage. */
export function urlsOf(stack: string, resources: readonly LocalResource[], template: Template, endpoint: string): LocalUrl[] {
  return resources.flatMap((resource): LocalUrl[] => {
    const properties = template.Resources?.[resource.logicalId]?.Properties;
    const name = resource.path ?? resource.logicalId;
    const stage = stageNames(template, resource.logicalId)[0];
    if (resource.type === 'AWS::ApiGatewayV2::Api' && properties?.ProtocolType === 'WEBSOCKET') {
      return [{ stack, name, kind: 'websocket', url: apiUrl(endpoint, resource.physicalId, stage ?? '$default').replace(/^http/, 'ws') }];
    }
    if (resource.type === 'AWS::ApiGatewayV2::Api') return [{ stack, name, kind: 'http', url: apiUrl(endpoint, resource.physicalId, stage ?? '$default') }];
    if (resource.type === 'AWS::ApiGateway::RestApi') return [{ stack, name, kind: 'rest', url: apiUrl(endpoint, resource.physicalId, stage ?? 'prod') }];
    return [];
  });
}

function stageNames(template: Template, api: string): string[] {
  return Object.values(template.Resources ?? {})
    .filter(({ Type, Properties }) => /^AWS::ApiGateway(V2)?::Stage$/.test(Type) && JSON.stringify(Properties?.ApiId ?? Properties?.RestApiId ?? '').includes(`"${api}"`))
    .map(({ Properties }) => String(Properties?.StageName));
}

/** The functions of a stack, by names that a person would use. */
export function functionsOf(stack: string, resources: readonly LocalResource[], template: Template): LocalFunction[] {
  return resources.filter(({ type }) => type === 'AWS::Lambda::Function').map(({ logicalId, physicalId, path }) => {
    const group = (template.Resources?.[logicalId]?.Properties?.LoggingConfig as { LogGroup?: unknown } | undefined)?.LogGroup;
    const reference = (group as { Ref?: string } | undefined)?.Ref;
    const logGroup = resources.find((resource) => resource.logicalId === reference)?.physicalId ?? (typeof group === 'string' ? group : undefined);
    return { stack, name: shortName(path ?? logicalId), functionName: physicalId, logGroup: logGroup ?? `/aws/lambda/${physicalId}` };
  });
}

/** `Trinity/Rooms/Create/Handler` is `Rooms/Create`: what all share and what only says "function" tells nothing. */
function shortName(path: string): string {
  const parts = path.split('/');
  while (parts.length > 1 && /^(Handler|Function|Lambda|Fn|Resource)$/i.test(parts[parts.length - 1])) parts.pop();
  return parts.slice(1).slice(-2).join('/') || parts[0];
}

/** A stack's resources with the construct paths of its template. */
export function withPaths(resources: readonly LocalResource[], template: Template): LocalResource[] {
  return resources.map((resource) => {
    const definition = template.Resources?.[resource.logicalId];
    const path = definition === undefined ? undefined : constructPath(definition);
    return path === undefined ? resource : { ...resource, path };
  });
}
