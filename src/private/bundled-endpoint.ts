import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Tokenization } from 'aws-cdk-lib';
import { Code, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ApiEnv, DEFAULT_MAX_BODY_BYTES, DEFAULT_USER_ID_CLAIM, PROBLEM_MEDIA_TYPE, PROBLEM_SCHEMA, type ProblemKey, Problems } from '../api/contract';
import { Endpoint, type EndpointOptions } from '../api/endpoint';
import type { IEndpointAuthorizer } from '../api/endpoint-authorizer';
import type { EndpointResponse, QueryParameter } from '../api/endpoint-description';
import { TEXT_PATTERN, TextKeyword } from '../api/schemas';
import type { IServerlessApi } from '../api/serverless-api';
import { ConstructError } from './errors';
import { acknowledge, complianceRule } from './nag';

const ASSETS = join(__dirname, '..', '..', 'assets');

/** The code of a bundled handler: `rooms/create`. */
export function bundledCode(scope: Construct, handler: string): Code {
  const archive = join(ASSETS, `${handler}.zip`);
  if (!existsSync(archive)) throw new ConstructError(scope, `The bundled handler ${handler} is missing in ${ASSETS}`, 'in a checkout of the library, run `npm run bundle`');
  return Code.fromAsset(archive);
}

/** Acknowledges what holds for the code that the library brings, and need not hold for code of the user's own. */
export function acknowledgeBundled(fn: IFunction): void {
  acknowledge(fn, 'The function listens on no network and reaches nothing in a VPC: it calls DynamoDB, SQS and Cognito over TLS, as its role allows. A VPC would add a network path, not take one away.',
    ...complianceRule('LambdaInsideVPC'));
  acknowledge(fn, 'Reserved concurrency takes capacity from the other functions of the account, so it is a prop that has no value by default. The throttles of the API bound how many requests arrive, and an alarm reports throttled invocations.',
    ...complianceRule('LambdaConcurrency'));
}

/** One endpoint that the library brings: what is different about it, in one row of its service's table. */
export interface BundledEndpoint {
  /** The construct id. It is contract: a changed one replaces the function. */
  readonly id: string;
  readonly route: string;
  /** `<area>/<handler>`, as the bundler named it. */
  readonly handler: string;
  readonly summary: string;
  /** Why anybody may call it; without this, it needs a token. */
  readonly publicBecause?: string;
  readonly request?: object;
  /** The answers that are no errors. */
  readonly success: readonly EndpointResponse[];
  /** The errors that it answers itself, beside those that every endpoint has. */
  readonly problems?: readonly ProblemKey[];
  readonly paged?: boolean;
  /** Its own query parameters, beside those of pages. */
  readonly query?: readonly QueryParameter[];
  /** It makes something: a repeat with the same Idempotency-Key gives the first one's result. */
  readonly creates?: boolean;
}

/** What all endpoints of one service have in common. */
export interface BundledService {
  readonly api: IServerlessApi;
  readonly serviceName: string;
  readonly auth: IEndpointAuthorizer;
  readonly environment: Record<string, string>;
}

const PAGE: readonly QueryParameter[] = [
  { name: 'limit', description: 'How many items at most: 20 where left out.', schema: { type: 'integer', minimum: 1, maximum: 100 } },
  {
    name: 'cursor', description: 'The `nextCursor` of the page before.', schema: { type: 'string', minLength: 10, maxLength: 1_400, pattern: '^[A-Za-z0-9_-]+$' },
  },
];

/** Makes a bundled endpoint. What the options say wins over the row. */
export function bundledEndpoint(scope: Construct, service: BundledService, row: BundledEndpoint, options: EndpointOptions = {}): Endpoint {
  const endpoint = new Endpoint(scope, row.id, {
    ...options,
    api: service.api,
    route: row.route,
    code: bundledCode(scope, row.handler),
    auth: row.publicBecause === undefined ? service.auth : undefined,
    publicBecause: row.publicBecause,
    environment: {
      POWERTOOLS_SERVICE_NAME: service.serviceName,
      ...bodyLimit(service.api),
      ...(row.publicBecause === undefined ? userIdClaim(service.auth) : {}),
      ...service.environment,
      ...options.environment,
    },
    description: {
      summary: row.summary,
      tag: service.serviceName,
      request: published(row.request),
      headers: row.creates ? { 'Idempotency-Key': 'A name for this creation, of your choice: a repeat with it within 24 hours gives the first one\'s result.' } : undefined,
      query: row.paged ? [...PAGE, ...row.query ?? []] : row.query?.slice(),
      responses: [...row.success, ...problemResponses(row)],
    },
  });
  acknowledgeBundled(endpoint.lambdaFunction);
  return endpoint;
}

/** A schema as the OpenAPI document has it: our own keywords in terms of JSON Schema. */
function published<T>(schema: T): T {
  if (Array.isArray(schema)) return schema.map(published) as T;
  if (typeof schema !== 'object' || schema === null) return schema;
  const { [TextKeyword.TEXT]: text, [TextKeyword.DISTINCT]: distinct, ...rest } = schema as Record<string, unknown>;
  return {
    ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, published(value)])),
    ...(text === true ? { pattern: TEXT_PATTERN } : {}),
    ...(distinct === true ? { uniqueItems: true } : {}),
  } as T;
}

/** Said only if it is another one than the handlers take of themselves. */
function userIdClaim({ userIdClaim: claim }: IEndpointAuthorizer): Record<string, string> {
  return claim === DEFAULT_USER_ID_CLAIM ? {} : { [ApiEnv.USER_ID_CLAIM]: claim };
}

/** Said only where it is another than the handlers take of themselves. */
function bodyLimit(api: IServerlessApi): Record<string, string> {
  const bytes = api.maxBodySize.toBytes();
  return bytes === DEFAULT_MAX_BODY_BYTES ? {} : { [ApiEnv.MAX_BODY_BYTES]: Tokenization.stringifyNumber(bytes) };
}

/** Every endpoint's errors, grouped by status. */
function problemResponses({ request, publicBecause, problems = [], paged, creates }: BundledEndpoint): EndpointResponse[] {
  const keys: ProblemKey[] = [
    ...(request === undefined ? [] : (['invalid-request', 'invalid-json', 'payload-too-large', 'unsupported-media-type'] as const)),
    ...(paged ? (['invalid-request', 'invalid-cursor'] as const) : []),
    ...(creates ? (['idempotency-key-reused'] as const) : []),
    ...(publicBecause === undefined ? (['not-authenticated'] as const) : []),
    ...problems,
    'invalid-request',
    'internal',
    'unavailable',
  ];
  const byStatus = new Map<number, Set<string>>();
  for (const key of keys) {
    const { status, title } = Problems[key];
    byStatus.set(status, (byStatus.get(status) ?? new Set()).add(`${title} (\`${key}\`).`));
  }
  return [...byStatus].map(([status, titles]) => ({
    status, description: [...titles].join(' '), schema: { $ref: PROBLEM_SCHEMA }, mediaType: PROBLEM_MEDIA_TYPE,
  }));
}
