import { IDEMPOTENCY_KEY_HEADER, IDEMPOTENCY_KEY_PATTERN } from '../contract';
import type { EndpointResponse } from '../endpoint-description';
import { operationIdOf, type RegisteredEndpoint } from './registry';
import { routeForm } from './route';

export interface OpenApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description?: string;
  /** The URL of the API; a token stays one. */
  readonly server: string;
  /** How callers get a token, in a sentence. */
  readonly security: string;
}

const GATEWAY_MESSAGE = { $ref: '#/components/schemas/GatewayMessage' };

/** The OpenAPI 3.1 document of an API's endpoints. */
export function openApiDocument(info: OpenApiInfo, endpoints: RegisteredEndpoint[]): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  // Paths that differ in nothing but the names of their parameters are one path to OpenAPI: it goes by the names that come first.
  const pathByForm = new Map<string, string>();
  for (const endpoint of endpoints) {
    const form = routeForm({ ...endpoint.route, method: '' });
    const path = pathByForm.get(form) ?? endpoint.route.path.replace(/\{([^}+]+)\+\}/g, '{$1}');
    pathByForm.set(form, path);
    paths[path] = { ...paths[path], [endpoint.route.method.toLowerCase()]: operation(endpoint, path) };
  }
  return {
    openapi: '3.1.0',
    info: { title: info.title, version: info.version, ...(info.description === undefined ? {} : { description: info.description }) },
    servers: [{ url: info.server }],
    paths,
    components: {
      securitySchemes: { accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: info.security } },
      schemas: { Problem: problemSchema, GatewayMessage: gatewaySchema },
    },
  };
}

function operation(endpoint: RegisteredEndpoint, path: string): Record<string, unknown> {
  const { route, description, secured, scopes } = endpoint;
  const parameters = [
    ...[...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...(description.query ?? []).filter(({ name }) => name !== undefined).map(({ name, description: text, schema, required }) => ({
      name, in: 'query', required: required ?? false, schema: schema ?? { type: 'string' }, ...(text === undefined ? {} : { description: text }),
    })),
    ...Object.entries(description.headers ?? {}).map(([name, text]) => ({ name, in: 'header', required: false, description: text, schema: headerSchema(name) })),
  ];
  return {
    operationId: operationIdOf(endpoint),
    summary: description.summary ?? `${route.method} ${route.path}`,
    tags: [description.tag ?? route.path.split('/').find((segment) => segment !== '') ?? 'root'],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(description.request === undefined ? {} : { requestBody: { required: true, content: { 'application/json': { schema: description.request } } } }),
    ...(secured ? { security: [{ accessToken: scopes }] } : { security: [] }),
    responses: responses(description.responses, secured, description.request !== undefined),
  };
}

/** One header has a form that the bundled endpoints hold it to. */
function headerSchema(name: string): Record<string, unknown> {
  return { type: 'string', ...(name.toLowerCase() === IDEMPOTENCY_KEY_HEADER ? { pattern: IDEMPOTENCY_KEY_PATTERN } : {}) };
}

/** The endpoint's own answers, and what API Gateway answers itself in its own `{message}` form. */
function responses(described: EndpointResponse[] | undefined, secured: boolean, hasBody: boolean): Record<string, unknown> {
  const gateway: Record<string, string> = {
    ...(secured ? { 401: 'The token is missing, wrong or expired (API Gateway).', 403: 'The token lacks a scope (API Gateway).' } : {}),
    ...(hasBody ? { 413: 'The body is over API Gateway\'s own limit.' } : {}),
    429: 'Throttled (API Gateway).',
    500: 'The function crashed or ran out of time (API Gateway).',
    503: 'The function had no capacity left (API Gateway).',
  };
  const byStatus = new Map<number, EndpointResponse[]>();
  for (const response of described ?? []) byStatus.set(response.status, [...(byStatus.get(response.status) ?? []), response]);
  const result: Record<string, unknown> = {};
  for (const status of [...new Set([...byStatus.keys(), ...Object.keys(gateway).map(Number)])].sort((a, b) => a - b)) {
    const mine = byStatus.get(status) ?? [];
    const content: Record<string, unknown> = {};
    for (const { schema, mediaType } of mine) {
      if (schema !== undefined) content[mediaType ?? 'application/json'] = { schema };
    }
    if (gateway[status] !== undefined) content['application/json'] ??= { schema: GATEWAY_MESSAGE };
    result[status] = {
      description: [...mine.map((response) => response.description ?? 'It is described at deployment only.'), ...(gateway[status] === undefined ? [] : [gateway[status]])].join(' '),
      ...(Object.keys(content).length === 0 ? {} : { content }),
    };
  }
  return described === undefined ? { ...result, default: { description: 'What the endpoint answers itself: it is not described.' } } : result;
}

function inputError(place: string, description: string) {
  return {
    type: 'object',
    properties: { [place]: { type: 'string', description }, detail: { type: 'string' } },
    required: [place, 'detail'],
    additionalProperties: false,
  };
}

const problemSchema = {
  type: 'object',
  description: 'An error (RFC 9457).',
  properties: {
    type: { type: 'string', description: 'Stable: tells kinds of problem apart.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      description: 'One entry per invalid field, query parameter or header.',
      items: {
        oneOf: [
          inputError('pointer', 'JSON pointer into the body.'), inputError('parameter', 'Name of the query parameter.'), inputError('header', 'Name of the header.'),
        ],
      },
    },
  },
  required: ['type', 'title', 'status'],
};

const gatewaySchema = {
  type: 'object',
  description: 'What API Gateway answers itself: its form cannot be changed on an HTTP API.',
  properties: { message: { type: 'string' } },
};
