import { join } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Architecture, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

export const ROOT = join(__dirname, '..', '..', '..');

/** How the peer's code is bundled. */
export interface PeerBundling {
  /** `--alias:` arguments of esbuild: where the validators lie that the library's own bundler compiles in memory. */
  readonly aliases: Record<string, string>;
  /** Whether the SDK goes into the bundle, as it does in the library's. CDK's default leaves it to the Lambda runtime. */
  readonly sdk: boolean;
}

/** A function as a team writes it with CDK's own construct and its defaults for role and grants. */
export function peerFunction(
  scope: Construct, id: string, handler: string, bundling: PeerBundling, environment: Record<string, string>, seconds = 10, memorySize = 512,
): NodejsFunction {
  return new NodejsFunction(scope, id, {
    entry: join(ROOT, 'lambda', `${handler}.lambda.ts`),
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize,
    timeout: Duration.seconds(seconds),
    environment,
    tracing: Tracing.ACTIVE,
    loggingFormat: LoggingFormat.JSON,
    logGroup: new LogGroup(scope, `${id}Logs`, { retention: RetentionDays.THREE_MONTHS, removalPolicy: RemovalPolicy.DESTROY }),
    bundling: {
      minify: true,
      format: OutputFormat.CJS,
      mainFields: ['module', 'main'],
      define: { 'process.env.NODE_ENV': '"production"' },
      bundleAwsSDK: bundling.sdk,
      esbuildArgs: bundling.aliases,
    },
  });
}

/** An alarm that tells a topic when it rings and when it is over. */
export function peerAlarm(
  scope: Construct, id: string, topic: ITopic, metric: IMetric, threshold: number, datapointsToAlarm: number, evaluationPeriods = 5,
): void {
  const alarm = new Alarm(scope, id, {
    metric,
    threshold,
    datapointsToAlarm,
    evaluationPeriods,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
    alarmDescription: `${id}: see the team's runbook, https://wiki.example.com/runbooks/voting#${id.toLowerCase()}`,
  });
  alarm.addAlarmAction(new SnsAction(topic));
  alarm.addOkAction(new SnsAction(topic));
}

/** The two alarms that a team writes for every function. */
export function functionAlarms(scope: Construct, id: string, topic: ITopic, fn: NodejsFunction): void {
  const period = Duration.minutes(1);
  peerAlarm(scope, `${id}Errors`, topic, fn.metricErrors({ period }), 0, 2);
  peerAlarm(scope, `${id}Throttles`, topic, fn.metricThrottles({ period }), 0, 2);
}

/** And the third, for the functions of an API. */
export function endpointAlarms(scope: Construct, id: string, topic: ITopic, fn: NodejsFunction): void {
  functionAlarms(scope, id, topic, fn);
  peerAlarm(scope, `${id}Latency`, topic, fn.metricDuration({ period: Duration.minutes(1), statistic: 'p95' }), 500, 3);
}
