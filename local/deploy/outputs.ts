import type { Template } from '../stand-ins/template';
import type { LocalFunction, LocalUrl } from '../types';
import type { DeployedStack } from './deployed';

const STAGE = /^AWS::ApiGateway(V2)?::Stage$/;
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

/** The stages that each API may have: a stage may be in another stack than its API. */
export function stagesOf(stacks: readonly DeployedStack[]): Map<string, readonly string[]> {
  const names = stacks.flatMap(({ template }) => Object.values(template.Resources ?? {}))
    .filter(({ Type }) => STAGE.test(Type)).map(({ Properties }) => String(Properties?.StageName));
  const apis = stacks.flatMap(({ resources }) => resources).filter(({ type }) => type === 'AWS::ApiGatewayV2::Api' || type === 'AWS::ApiGateway::RestApi');
  return new Map(apis.map(({ physicalId }) => [physicalId, names]));
}

/** Where each API of a stack answers, on its first stage. */
export function urlsOf({ stack, resources, template }: DeployedStack, endpoint: string): LocalUrl[] {
  return resources.flatMap((resource): LocalUrl[] => {
    const properties = template.Resources?.[resource.logicalId]?.Properties;
    const name = resource.path ?? resource.logicalId;
    const stage = stageNames(template, resource.logicalId)[0];
    if (resource.type === 'AWS::ApiGateway::RestApi') return [{ stack, name, kind: 'rest', url: apiUrl(endpoint, resource.physicalId, stage ?? 'prod') }];
    if (resource.type !== 'AWS::ApiGatewayV2::Api') return [];
    const url = apiUrl(endpoint, resource.physicalId, stage ?? '$default');
    return properties?.ProtocolType === 'WEBSOCKET' ? [{ stack, name, kind: 'websocket', url: url.replace(/^http/, 'ws') }] : [{ stack, name, kind: 'http', url }];
  });
}

function stageNames(template: Template, api: string): string[] {
  return Object.values(template.Resources ?? {})
    .filter(({ Type, Properties }) => STAGE.test(Type) && JSON.stringify(Properties?.ApiId ?? Properties?.RestApiId ?? '').includes(`"${api}"`))
    .map(({ Properties }) => String(Properties?.StageName));
}

/** The functions of a stack, by names that a person would use. */
export function functionsOf({ stack, region, resources, template }: DeployedStack): LocalFunction[] {
  return resources.filter(({ type }) => type === 'AWS::Lambda::Function').map(({ logicalId, physicalId, path }) => {
    const group = (template.Resources?.[logicalId]?.Properties?.LoggingConfig as { LogGroup?: unknown } | undefined)?.LogGroup;
    const reference = (group as { Ref?: string } | undefined)?.Ref;
    const logGroup = resources.find((resource) => resource.logicalId === reference)?.physicalId ?? (typeof group === 'string' ? group : undefined);
    return { stack, name: shortName(path ?? logicalId), functionName: physicalId, region, logGroup: logGroup ?? `/aws/lambda/${physicalId}` };
  });
}

/** `Trinity/Rooms/Create/Handler` is `Rooms/Create`: what all share and what only says "function" tells nothing. */
function shortName(path: string): string {
  const parts = path.split('/');
  while (parts.length > 1 && /^(Handler|Function|Lambda|Fn|Resource)$/i.test(parts[parts.length - 1])) parts.pop();
  return parts.slice(1).slice(-2).join('/') || parts[0];
}
