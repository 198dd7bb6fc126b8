import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { InlineRole } from './inline-role';
import { allowLogs } from './log-key';
import { acknowledge } from './nag';
import type { EndpointFunctionOptions } from '../api/endpoint-function-options';
import type { StagePreset } from '../stage';

const DEFAULT_MEMORY = 512;
const DEFAULT_TIMEOUT = Duration.seconds(10);

/** A function with a role that has nothing but its own logs and traces, and a log group with an end. */
export function ownedFunction(scope: Construct, options: EndpointFunctionOptions, stage: StagePreset): LambdaFunction {
  allowLogs(scope, options.encryptionKey);
  const logGroup = new LogGroup(scope, 'Logs', {
    retention: options.logRetention ?? stage.logRetention,
    encryptionKey: options.encryptionKey,
    // What it wrote is of use while it runs: a log group that stayed behind would have no owner.
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new InlineRole(scope, 'Role', 'lambda.amazonaws.com');
  role.addToPrincipalPolicy(new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] }));
  acknowledge(role, 'X-Ray takes trace segments only for all resources: the service has no resource to name (Service Authorization Reference, AWS X-Ray).',
    'AwsSolutions-IAM5[Resource::*]', 'Serverless-LambdaStarPermissions');
  const made = new LambdaFunction(scope, 'Function', {
    code: options.code!,
    handler: options.handler ?? 'index.handler',
    runtime: options.runtime ?? Runtime.NODEJS_24_X,
    architecture: options.architecture ?? Architecture.ARM_64,
    memorySize: options.memorySize ?? DEFAULT_MEMORY,
    timeout: options.timeout ?? DEFAULT_TIMEOUT,
    environment: options.environment,
    environmentEncryption: options.encryptionKey,
    ephemeralStorageSize: options.ephemeralStorage,
    reservedConcurrentExecutions: options.reservedConcurrency,
    tracing: Tracing.ACTIVE,
    loggingFormat: LoggingFormat.JSON,
    logGroup,
    role,
  });
  acknowledge(made, 'A dead-letter queue takes what was invoked asynchronously. This function is invoked by API Gateway or by an operator, who gets the error, or by a stream or a queue, which has its own failure destination.',
    'Serverless-LambdaDLQ');
  return made;
}
