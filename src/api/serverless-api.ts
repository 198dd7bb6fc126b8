import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attachCustomSynthesis, CfnOutput, Duration, type ISynthesisSession, Size, Stack, Token } from 'aws-cdk-lib';
import { type CfnStage, HttpApi, HttpStage, type IHttpApi, type IHttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct, type IConstruct } from 'constructs';
import { Monitoring } from '../monitoring';
import { checkChoices, checkDuration, checkText, checkThrottle, validateSizeUnit } from '../private/checks';
import { resolveEncryptionKey } from '../private/encryption-key';
import { ConstructError } from '../private/errors';
import { logGroupOfScope } from '../private/log-group';
import { plainDocument, plainText } from '../private/plain';
import { StagePreset } from '../stage';
import { DEFAULT_MAX_BODY_BYTES } from './contract';
import { Endpoint, type EndpointOptions } from './endpoint';
import { ACCESS_LOG, accessLogName } from './private/access-log';
import { apiAlarms } from './private/api-alarms';
import { checkOrigins, corsPreflight } from './private/cors';
import { openApiDocument } from './private/openapi';
import { warnAboveQuota } from './private/quota';
import { EndpointRegistry } from './private/registry';
import { routeConstructId } from './private/route-id';
import type { ServerlessApiProps } from './serverless-api-props';

/** An API that endpoints can be added to. */
export interface IServerlessApi extends IConstruct {
  /** The id of the API in API Gateway. */
  readonly apiId: string;

  /** Its URL, without a slash at the end. */
  readonly url: string;

  /** The largest request body that the bundled endpoints read. */
  readonly maxBodySize: Size;

  /**
   * Its stage `$default`: what a domain name maps to, and what keeps the throttles of single routes.
   *
   * @default - not known of an API of another app
   */
  readonly httpStage?: IHttpStage;
}

/** What must be known of an API of another app. */
export interface ServerlessApiAttributes {
  /** The id of the HTTP API. */
  readonly apiId: string;

  /**
   * Its URL, without a slash at the end.
   *
   * @default - the address that API Gateway gives it in the region of the stack
   */
  readonly url?: string;

  /**
   * The largest request body that the bundled endpoints read.
   *
   * @default - 64 KiB
   */
  readonly maxBodySize?: Size;
}

/** Lambda takes requests of 6 MB; base64 and the event around it take their part. */
const LARGEST_BODY = Size.mebibytes(4);
const DEFAULT_BODY = Size.bytes(DEFAULT_MAX_BODY_BYTES);
/** File systems take 255 bytes, with the ending and an address. */
const MAX_FILE_NAME = 200;
const DEFAULT_VERSION = '1.0.0';
const DEFAULT_LATENCY = Duration.millis(500);

/**
 * An HTTP API of functions, one an endpoint: with throttles, access logs as JSON, CORS where it is asked for, alarms on what
 * callers feel (server errors, p95 latency), and an OpenAPI 3.1 document of all its endpoints, yours included.
 *
 * Costs nothing while nobody calls it, then USD 1.00 a million requests beside the functions
 * (https://aws.amazon.com/api-gateway/pricing/), and its alarms.
 */
export class ServerlessApi extends Construct implements IServerlessApi {
  /** An API that another app made. Its stage is not this app's: routes can be added, throttles of single routes cannot. */
  static fromAttributes(scope: Construct, id: string, attributes: ServerlessApiAttributes): IServerlessApi {
    class Imported extends Construct implements IServerlessApi {
      readonly apiId = attributes.apiId;
      readonly url = attributes.url ?? `https://${attributes.apiId}.execute-api.${Stack.of(this).region}.${Stack.of(this).urlSuffix}`;
      readonly maxBodySize = attributes.maxBodySize ?? DEFAULT_BODY;
    }
    return new Imported(scope, id);
  }

  readonly apiId: string;
  readonly url: string;
  readonly maxBodySize: Size;
  /** The HTTP API itself. */
  readonly httpApi: IHttpApi;
  /** Its stage `$default`. A domain name of your own: `new ApiMapping(scope, id, { api: api.httpApi, stage: api.httpStage, domainName })`. */
  readonly httpStage?: IHttpStage;
  /** The log group of the access log. */
  readonly accessLog: LogGroup;

  private readonly title: string;
  private readonly version: string;
  private readonly description?: string;
  private readonly gateway: HttpApi;

  constructor(scope: Construct, id: string, props: ServerlessApiProps = {}) {
    super(scope, id);
    checkChoices(this, props);
    this.check(props);
    const stage = props.stage ?? StagePreset.of(this);
    stage.on(this);
    const monitoring = props.monitoring ?? Monitoring.of(this);
    monitoring.on(this);

    this.title = props.title ?? id;
    this.version = props.version ?? DEFAULT_VERSION;
    this.description = props.description;
    this.maxBodySize = props.maxBodySize ?? DEFAULT_BODY;
    this.gateway = new HttpApi(this, 'Api', {
      apiName: this.title,
      description: props.description,
      createDefaultStage: false,
      corsPreflight: corsPreflight(props.corsOrigins),
    });
    this.httpApi = this.gateway;
    this.apiId = this.gateway.apiId;
    this.url = this.gateway.apiEndpoint;
    this.accessLog = logGroupOfScope(this, 'AccessLog', props.logRetention ?? stage.logRetention, resolveEncryptionKey(this, props.encryptionKey), accessLogName(this));
    const throttle = props.throttle ?? { rateLimit: stage.throttleRate, burstLimit: stage.throttleBurst };
    warnAboveQuota(this, throttle);
    const httpStage = new HttpStage(this, 'Stage', {
      httpApi: this.gateway,
      stageName: '$default',
      autoDeploy: true,
      throttle,
      accessLogSettings: { destination: new LogGroupLogDestination(this.accessLog), format: ACCESS_LOG },
    });
    this.httpStage = httpStage;
    EndpointRegistry.of(this).describe(httpStage.node.defaultChild as CfnStage, (props.corsOrigins ?? []).length > 0);
    apiAlarms(this, { monitoring, stage }, props.latencyObjective ?? DEFAULT_LATENCY, props.errorPercentage ?? 1);
    new CfnOutput(this, 'Url', { value: this.url, description: plainText(`The URL of ${this.title}`, 'The URL of the API') });
    attachCustomSynthesis(this, { onSynthesize: (session) => this.writeOpenApi(session) });
  }

  /**
   * Adds an endpoint of your own: `api.addEndpoint('GET /customers', { code: lambda.Code.fromAsset('dist/customers'), auth })`.
   * It stands in the scope of the API. Where its auth or its resources are in another stack, make it there instead:
   * `new Endpoint(scope, id, { api, route, … })`.
   */
  addEndpoint(route: string, options: EndpointOptions): Endpoint {
    EndpointRegistry.of(this).claim(this, route, options.description);
    const id = routeConstructId(this, route);
    if (this.node.tryFindChild(id) !== undefined) {
      throw new ConstructError(this, `'${route}' gets the construct id '${id}', which the endpoint of another route has`, 'give it an id of your choice: new Endpoint(scope, id, { api, route, … })');
    }
    return new Endpoint(this, id, { ...options, api: this, route });
  }

  /**
   * The OpenAPI 3.1 document of all endpoints defined so far, in all stacks of the app. At synthesis the whole of it is also
   * written into the cloud assembly, as the file that `openApiFile` names.
   */
  openApi(): any {
    // No CloudFormation function can stand in it: what is known at deployment only is left out, or falls back to the default.
    const known = <T>(value: T) => plainDocument(this, value) as T | undefined;
    return openApiDocument({
      title: known(this.title) ?? this.node.id,
      version: known(this.version) ?? DEFAULT_VERSION,
      description: known(this.description),
      server: known(this.url) ?? '/',
      security: this.tokenSource(),
    }, EndpointRegistry.of(this).all().map((endpoint) => ({
      ...endpoint, description: known(endpoint.description)!, scopes: known(endpoint.scopes) ?? [],
    })));
  }

  /** The name of the OpenAPI document in the cloud assembly. */
  get openApiFile(): string {
    const { path, addr } = this.node;
    const name = path.replace(/[^A-Za-z0-9]+/g, '-');
    // Paths with other characters in their ids may look alike, and long ones are cut: the address of the construct makes their names unique.
    const unique = /^[A-Za-z0-9/]*$/.test(path) && name.length <= MAX_FILE_NAME;
    return `${unique ? name : `${name.slice(0, MAX_FILE_NAME)}-${addr.slice(-8)}`}.openapi.json`;
  }

  /** Requests: the sum over five minutes. */
  metricCount(options?: MetricOptions): Metric {
    return this.gateway.metricCount(options);
  }

  /** Requests answered with a 4xx: the sum over five minutes. */
  metricClientErrors(options?: MetricOptions): Metric {
    return this.gateway.metricClientError(options);
  }

  /** Requests answered with a 5xx: the sum over five minutes. */
  metricServerErrors(options?: MetricOptions): Metric {
    return this.gateway.metricServerError(options);
  }

  /** Milliseconds from the request to the answer: the average over five minutes. */
  metricLatency(options?: MetricOptions): Metric {
    return this.gateway.metricLatency(options);
  }

  private check(props: ServerlessApiProps): void {
    checkText(this, 'title', props.title, 128);
    checkOrigins(this, props.corsOrigins);
    checkThrottle(this, 'throttle', props.throttle);
    checkDuration(this, 'latencyObjective', props.latencyObjective, Duration.millis(1), Duration.seconds(29));
    validateSizeUnit(this, 'maxBodySize', props.maxBodySize, 'bytes');
    const { errorPercentage: percentage, maxBodySize: body } = props;
    if (percentage !== undefined && !Token.isUnresolved(percentage) && !(percentage > 0 && percentage <= 100)) {
      throw new ConstructError(this, `errorPercentage is ${percentage}`, 'give a number above 0 and up to 100');
    }
    if (body !== undefined && !body.isUnresolved() && (body.toBytes() < 1 || body.toBytes() > LARGEST_BODY.toBytes())) {
      throw new ConstructError(this, `maxBodySize is ${body.toBytes()} bytes`, 'give up to 4 MiB, which is what fits into an invocation; larger things are uploaded to S3');
    }
  }

  private tokenSource(): string {
    const all = EndpointRegistry.of(this).all().map(({ tokenSource }) => plainDocument(this, tokenSource));
    const sources = new Set(all.filter((source) => source !== undefined));
    return [...sources].join(' ') || 'No endpoint asks for a token.';
  }

  private writeOpenApi(session: ISynthesisSession): void {
    writeFileSync(join(session.outdir, this.openApiFile), JSON.stringify(this.openApi(), undefined, 2));
  }
}
