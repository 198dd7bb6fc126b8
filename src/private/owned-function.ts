import { type CfnResource, Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { EndpointFunctionOptions } from '../api/endpoint-function-options';
import type { StagePreset } from '../stage';
import { resolveEncryptionKey } from './encryption-key';
import { dependOnRoleByArn, InlineRole } from './inline-role';
import { logGroupOfScope } from './log-group';
import { acknowledge, complianceRule } from './nag';

const DEFAULT_MEMORY = 512;
const DEFAULT_TIMEOUT = Duration.seconds(10);

/**
 * A function with a role that has nothing but its own logs and traces, and a log group with an end. It is the resource of its
 * scope and is called like it: what refers to it, up to five times, is as short as it can be, and so is its name in the console.
 */
export function ownedFunction(scope: Construct, options: EndpointFunctionOptions, stage: StagePreset): LambdaFunction {
  const encryptionKey = resolveEncryptionKey(scope, options.encryptionKey);
  const logGroup = logGroupOfScope(scope, 'Logs', options.logRetention ?? stage.logRetention, encryptionKey);
  const role = new InlineRole(scope, 'Role', 'lambda.amazonaws.com');
  role.addToPrincipalPolicy(new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] }));
  acknowledge(role, 'X-Ray takes trace segments only for all resources: the service has no resource to name (Service Authorization Reference, AWS X-Ray).',
    'AwsSolutions-IAM5[Resource::*]', 'Serverless-LambdaStarPermissions');
  const made = new LambdaFunction(scope, 'Resource', {
    code: options.code!,
    handler: options.handler ?? 'index.handler',
    runtime: options.runtime ?? Runtime.NODEJS_24_X,
    architecture: options.architecture ?? Architecture.ARM_64,
    memorySize: options.memorySize ?? DEFAULT_MEMORY,
    timeout: options.timeout ?? DEFAULT_TIMEOUT,
    environment: options.environment,
    environmentEncryption: encryptionKey,
    ephemeralStorageSize: options.ephemeralStorage,
    reservedConcurrentExecutions: options.reservedConcurrency,
    tracing: Tracing.ACTIVE,
    loggingFormat: LoggingFormat.JSON,
    logGroup,
    role,
  });
  // Lambda reads the environment in the name of the role. The grant that it creates itself names one role and does not survive its replacement.
  encryptionKey?.grant(role, 'kms:Decrypt');
  dependOnRoleByArn(made.node.defaultChild as CfnResource, role);
  acknowledge(made, 'A dead-letter queue takes what was invoked asynchronously. This function is invoked by API Gateway or by an operator, who gets the error, or by a stream or a queue, which has its own failure destination.',
    'Serverless-LambdaDLQ', ...complianceRule('LambdaDLQ'));
  return made;
}
