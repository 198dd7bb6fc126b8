import { Annotations, Duration, Fn, SizeRoundingBehavior, Stack, Token } from 'aws-cdk-lib';
import { CfnIntegration, CfnRoute, type CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IPrincipal, IRole } from 'aws-cdk-lib/aws-iam';
import { Alias, type CfnAlias, type Function as LambdaFunction, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { AlarmSeverity, Monitoring } from '../monitoring';
import { durationInWords, metricAlarm } from '../private/alarms';
import { checkDuration, checkNotBoth, checkThrottle, checkWhole, validateEnvironment, validateSizeUnit, WHOLE_SECONDS } from '../private/checks';
import { ConstructError } from '../private/errors';
import { acknowledge } from '../private/nag';
import { ownedFunction } from '../private/owned-function';
import { plainText } from '../private/plain';
import { shortArn } from '../private/short-arn';
import { StagePreset } from '../stage';
import type { IEndpointAuthorizer } from './endpoint-authorizer';
import type { EndpointDescription } from './endpoint-description';
import type { EndpointFunctionOptions } from './endpoint-function-options';
import type { IGrantableFunction } from './grantable-function';
import { validateOptionsRoute } from './private/cors';
import { EndpointGroup, LIVE_ALIAS } from './private/endpoint-group';
import { EndpointRegistry } from './private/registry';
import type { IServerlessApi } from './serverless-api';
import type { Throttle } from './throttle';

/** What an endpoint can be given, whoever makes it. */
export interface EndpointOptions extends EndpointFunctionOptions {
  /**
   * A function that exists already, instead of `code`.
   *
   * @default - a function is made from `code`
   */
  readonly lambdaFunction?: IFunction;

  /**
   * Who may call it. Endpoints are private: without this, `publicBecause` must say why anybody may.
   *
   * API Gateway checks a token's signature, issuer, audience and age, not its kind: Cognito's identity tokens pass as access tokens
   * do. A handler that must tell them apart compares the claim `token_use`, as the bundled ones do.
   *
   * @default - `publicBecause` must be given
   */
  readonly auth?: IEndpointAuthorizer;

  /**
   * Scopes of which the access token must have one.
   *
   * @default - none is asked for
   */
  readonly scopes?: string[];

  /**
   * Why anybody may call it without a token. The reason is what a security reviewer reads.
   *
   * @default - `auth` must be given
   */
  readonly publicBecause?: string;

  /**
   * A throttle of this route alone. API Gateway knows it as a setting of its stage, so the endpoint must be in the stack of the API.
   *
   * @default - the API's throttle
   */
  readonly throttle?: Throttle;

  /**
   * An objective for the 95th percentile of this endpoint's own duration, with an alarm of its own.
   *
   * @default - only the API's objective, over all its endpoints
   */
  readonly latencyObjective?: Duration;

  /**
   * Instances kept initialized, so that requests meet no cold start up to that concurrency. Makes a version and the alias `live`.
   * Costs about USD 4.40 a month for each instance of 512 MB on arm64 that is kept warm all day.
   *
   * @default - none: instances start when requests come
   */
  readonly warmInstances?: number;

  /**
   * What the OpenAPI document says of it.
   *
   * @default - only the route
   */
  readonly description?: EndpointDescription;

  /**
   * Where its alarms go.
   *
   * @default - the choice of the nearest enclosing scope, whose endpoints share their alarms; with it, the endpoint has alarms of its own
   */
  readonly monitoring?: Monitoring;

  /**
   * Defaults for one stage of the system's life.
   *
   * @default - the choice of the nearest enclosing scope, else `StagePreset.production()`; with it, the endpoint has alarms of its own
   */
  readonly stage?: StagePreset;
}

/** Props of `Endpoint`. */
export interface EndpointProps extends EndpointOptions {
  /** The API that it belongs to. */
  readonly api: IServerlessApi;

  /** Its method and path: `GET /customers/{customerId}`. */
  readonly route: string;
}

/** API Gateway gives up after this, whatever the function does. */
const GATEWAY_LIMIT = Duration.seconds(29);
/** What stands for a text that is known at deployment only. */
const UNKNOWN_REASON = 'the reason is known at deployment only';
/** More than any account's first quota of instances. */
const MOST_WARM = 10_000;
/** What shapes a function that is made; one that exists is shaped elsewhere. */
const FUNCTION_OPTIONS = [
  'handler', 'runtime', 'architecture', 'memorySize', 'timeout', 'environment', 'ephemeralStorage', 'reservedConcurrency', 'logRetention', 'encryptionKey', 'warmInstances',
] as const;

/**
 * One endpoint: a Lambda function of its own, with a role that allows nothing it does not use, a log group with an end,
 * traces, and its route. Every endpoint of this library is one, and so are yours.
 *
 * Made in your scope, it refers to the API and never the other way round: it can stand in another stack.
 * Alarms on crashes and throttles are shared by the endpoints of one scope (ADR 0005); `latencyObjective` adds one of its own.
 */
export class Endpoint extends Construct implements IGrantableFunction {
  /** Its function. */
  readonly lambdaFunction: IFunction;
  /** The alias `live`, where instances are kept warm. */
  readonly alias?: Alias;
  /** Its method and path. */
  readonly route: string;
  /** Who gets what is granted to the endpoint: its function's role. */
  readonly grantPrincipal: IPrincipal;

  private readonly owned?: LambdaFunction;

  constructor(scope: Construct, id: string, props: EndpointProps) {
    super(scope, id);
    const registry = EndpointRegistry.of(props.api);
    const route = registry.claim(this, props.route, props.description);
    this.check(props, registry.stage);
    validateOptionsRoute(this, props.route, registry.answersPreflights);

    const stage = props.stage ?? StagePreset.of(this);
    const monitoring = props.monitoring ?? Monitoring.of(this);
    this.route = props.route;
    this.owned = props.lambdaFunction === undefined ? ownedFunction(this, props, stage) : undefined;
    this.lambdaFunction = this.owned ?? props.lambdaFunction!;
    this.grantPrincipal = this.lambdaFunction.grantPrincipal;
    this.alias = this.warm(props.warmInstances);

    const target = this.alias ?? this.lambdaFunction;
    const group = EndpointGroup.of(this, props.api, props.monitoring !== undefined || props.stage !== undefined);
    const invokeRole = group.add(this.lambdaFunction, {
      owned: this.owned !== undefined,
      limited: props.publicBecause !== undefined && props.reservedConcurrency !== undefined,
    }, { monitoring, stage });
    const cfnRoute = this.addRoute(props, target, invokeRole);
    if (props.throttle !== undefined) this.throttle(registry.stage!, cfnRoute, props.throttle);
    if (props.latencyObjective !== undefined) {
      metricAlarm(this, 'Latency', { monitoring, stage }, {
        metric: this.metricDuration({ statistic: 'p95' }),
        severity: AlarmSeverity.TICKET,
        runbook: 'endpoint-latency',
        watches: `p95 of ${props.route} above ${durationInWords(props.latencyObjective)}`,
        threshold: props.latencyObjective.toMilliseconds(),
        datapoints: 3,
      });
    }
    registry.add({
      scope: this,
      route,
      description: props.description ?? {},
      secured: props.auth !== undefined,
      tokenSource: props.auth?.tokenSource,
      scopes: props.scopes ?? [],
    });
  }

  /** Sets a variable of the function's environment. Refused where the endpoint was given a function that exists already. */
  addEnvironment(name: string, value: string): void {
    if (this.owned === undefined) {
      throw new ConstructError(this, `The environment of a function that was given cannot be changed (${name})`, 'set it where the function is defined');
    }
    this.owned.addEnvironment(name, value);
  }

  /** Invocations that ended in a crash, a timeout or for lack of memory: the sum over five minutes. */
  metricErrors(options?: MetricOptions): Metric {
    return this.lambdaFunction.metricErrors(options);
  }

  /** Invocations that Lambda refused for lack of capacity: the sum over five minutes. */
  metricThrottles(options?: MetricOptions): Metric {
    return this.lambdaFunction.metricThrottles(options);
  }

  /** Milliseconds that the function ran: the average over five minutes. */
  metricDuration(options?: MetricOptions): Metric {
    return this.lambdaFunction.metricDuration(options);
  }

  /** Invocations: the sum over five minutes. */
  metricInvocations(options?: MetricOptions): Metric {
    return this.lambdaFunction.metricInvocations(options);
  }

  private check(props: EndpointProps, apiStage: CfnStage | undefined): void {
    validateEnvironment(this, { api: props.api, auth: props.auth, lambdaFunction: props.lambdaFunction });
    checkNotBoth(this, { code: props.code, lambdaFunction: props.lambdaFunction }, 'give the code of a new function, or a function that exists, not both');
    checkNotBoth(this, { auth: props.auth, publicBecause: props.publicBecause }, 'an endpoint is either private (auth) or public (publicBecause)');
    checkThrottle(this, 'throttle', props.throttle);
    checkWhole(this, 'memorySize', props.memorySize, 128, 10_240);
    checkWhole(this, 'reservedConcurrency', props.reservedConcurrency, 0, 100_000);
    checkWhole(this, 'warmInstances', props.warmInstances, 1, Token.isUnresolved(props.reservedConcurrency) ? MOST_WARM : props.reservedConcurrency ?? MOST_WARM);
    checkDuration(this, 'timeout', props.timeout, Duration.seconds(1), GATEWAY_LIMIT, WHOLE_SECONDS);
    validateSizeUnit(this, 'ephemeralStorage', props.ephemeralStorage, 'mebibytes');
    const { ephemeralStorage: storage } = props;
    if (storage !== undefined && !storage.isUnresolved()) checkWhole(this, 'ephemeralStorage in MiB', storage.toMebibytes({ rounding: SizeRoundingBehavior.NONE }), 512, 10_240);
    checkDuration(this, 'latencyObjective', props.latencyObjective, Duration.millis(1), GATEWAY_LIMIT);
    const shaped = FUNCTION_OPTIONS.find((name) => props[name] !== undefined);
    if (props.lambdaFunction !== undefined && shaped !== undefined) {
      throw new ConstructError(this, `${shaped} is given for a function that exists already`, shaped === 'warmInstances' ? 'give the function\'s own alias with warm capacity as `lambdaFunction`' : 'set it where the function is defined');
    }
    if (props.code === undefined && props.lambdaFunction === undefined) {
      throw new ConstructError(this, `'${props.route}' has no code`, 'give `code: lambda.Code.fromAsset(\'dist/…\')`, or a function that exists as `lambdaFunction`');
    }
    if (props.auth === undefined && (props.publicBecause ?? '').trim() === '') {
      throw new ConstructError(this, `Nothing says who may call '${props.route}'`,
        'give `auth` (an AuthService or a JwtAuthorizer), or say why anybody may: `publicBecause: \'a health check carries no token\'`');
    }
    if (props.auth !== undefined && props.auth.api.apiId !== props.api.apiId) {
      throw new ConstructError(this, `The auth of '${props.route}' stands before another API`, 'make an authorizer for this API');
    }
    if (props.scopes !== undefined && props.auth === undefined) {
      throw new ConstructError(this, `'${props.route}' asks for scopes and for no token`, 'give `auth`, or leave the scopes out');
    }
    if (props.auth !== undefined && apiStage !== undefined && Stack.of(props.auth) !== Stack.of(this) && Stack.of(this) === Stack.of(apiStage)) {
      throw new ConstructError(this, `'${props.route}' stands in the stack of the API and needs the auth of another stack, which needs this one`,
        'make it in the stack of the auth, or in one of its own: new Endpoint(scope, id, { api, route, auth, … })');
    }
    if (props.throttle !== undefined && (apiStage === undefined || Stack.of(apiStage) !== Stack.of(this))) {
      throw new ConstructError(this, `'${props.route}' has a throttle of its own and is not in the stack of its API`,
        'API Gateway refuses a setting for a route that a later stack makes: leave `throttle` out (the API\'s holds), or define the endpoint in the API\'s stack');
    }
  }

  private warm(instances: number | undefined): Alias | undefined {
    if (instances === undefined) return undefined;
    const alias = new Alias(this, 'Live', { aliasName: LIVE_ALIAS, version: this.owned!.currentVersion });
    // Not by the prop of `Alias`, which takes no token.
    (alias.node.defaultChild as CfnAlias).provisionedConcurrencyConfig = { provisionedConcurrentExecutions: instances };
    return alias;
  }

  private throttle(stage: CfnStage, route: CfnRoute, throttle: Throttle): void {
    stage.routeSettings = {
      ...(stage.routeSettings as object | undefined),
      [this.route]: { ThrottlingRateLimit: throttle.rateLimit, ThrottlingBurstLimit: throttle.burstLimit },
    };
    stage.node.addDependency(route);
  }

  private addRoute(props: EndpointProps, target: IFunction, invokeRole: IRole): CfnRoute {
    const integration = new CfnIntegration(this, 'Integration', {
      apiId: props.api.apiId,
      integrationType: 'AWS_PROXY',
      integrationUri: shortArn(target.functionArn),
      payloadFormatVersion: '2.0',
      credentialsArn: shortArn(invokeRole.roleArn),
    });
    const route = new CfnRoute(this, 'Route', {
      apiId: props.api.apiId,
      routeKey: props.route,
      target: Fn.sub(`integrations/\${${integration.logicalId}}`),
      authorizationType: props.auth === undefined ? 'NONE' : 'JWT',
      authorizerId: props.auth?.authorizerId,
      authorizationScopes: props.scopes,
    });
    if (props.publicBecause !== undefined) acknowledge(route, `Public by decision: ${plainText(props.publicBecause, UNKNOWN_REASON)}`, 'AwsSolutions-APIG4');
    if (props.auth === undefined && props.throttle === undefined && props.reservedConcurrency === undefined) {
      Annotations.of(this).addWarningV2('trinity-constructs:unlimitedPublicRoute',
        `'${props.route}' is public and has no limit of its own, so that anybody can use up the API's throttle by it: give \`throttle\` in the stack of the API, or \`reservedConcurrency\` elsewhere`);
    }
    return route;
  }
}
