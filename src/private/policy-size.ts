import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * What all inline policies of a role may come to, in characters without white space.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const MAX_INLINE_POLICIES = 10_240;

/** The longest values that the pseudo parameters have in any partition. */
const PSEUDO_PARAMETERS: Record<string, number> = { 'AWS::AccountId': 12, 'AWS::Region': 14, 'AWS::Partition': 10, 'AWS::URLSuffix': 20 };
/** The longest names that CloudFormation generates, by resource type. */
const MAX_NAMES: Record<string, number> = { 'AWS::Lambda::Function': 64, 'AWS::IAM::Role': 64, 'AWS::SQS::Queue': 80 };
/** `arn:aws-us-gov:dynamodb:us-gov-west-1:111122223333:` and the kind of resource. */
const ARN_PREFIX = 60;
/** CloudFormation ends a name that it generates with 12 characters, after the stack and the logical id, with hyphens between. */
const GENERATED_SUFFIX = 14;
const UNKNOWN = 128;

/**
 * How many characters resolved policy documents have when they are deployed, at most: names that CloudFormation generates are estimated by
 * the stack's name and the logical id.
 */
export function policyLength(scope: IConstruct, documents: unknown[]): number {
  const quick = measure(documents, new Estimate(scope, new Map()));
  // Which resource has which logical id is looked up only if it can matter: it takes a walk through the stack.
  return quick <= MAX_INLINE_POLICIES ? quick : measure(documents, new Estimate(scope, typesByLogicalId(Stack.of(scope))));
}

function measure(documents: unknown[], estimate: Estimate): number {
  return documents.reduce((sum: number, document) => sum + JSON.stringify(estimate.fill(document)).length, 0);
}

function typesByLogicalId(stack: Stack): Map<string, string> {
  const resources = stack.node.findAll().filter((child): child is CfnResource => CfnResource.isCfnResource(child) && child.stack === stack);
  return new Map(resources.map((resource) => [stack.resolve(resource.logicalId) as string, resource.cfnResourceType]));
}

class Estimate {
  private readonly stackName: number;

  constructor(scope: IConstruct, private readonly types: Map<string, string>) {
    const { stackName } = Stack.of(scope);
    this.stackName = Token.isUnresolved(stackName) ? UNKNOWN : stackName.length;
  }

  /** The same value, with a text of the estimated length for everything that is known at deployment only. */
  fill(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((element) => this.fill(element));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [name, argument] = entries[0] ?? [''];
    if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) return this.intrinsic(name, argument);
    return Object.fromEntries(entries.map(([key, inner]) => [key, this.fill(inner)]));
  }

  private intrinsic(name: string, argument: any): string {
    if (name === 'Ref') return this.reference(argument);
    if (name === 'Fn::GetAtt') return this.reference(argument[0]);
    if (name === 'Fn::Join' && Array.isArray(argument[1])) return (this.fill(argument[1]) as string[]).join(argument[0]);
    if (name === 'Fn::Sub' && typeof argument === 'string') return argument.replace(/\$\{([^}.]+)[^}]*\}/g, (_, id: string) => this.reference(id));
    return 'x'.repeat(UNKNOWN);
  }

  private reference(logicalId: string): string {
    const generated = this.stackName + logicalId.length + GENERATED_SUFFIX;
    const name = Math.min(generated, MAX_NAMES[this.types.get(logicalId) ?? ''] ?? generated);
    return 'x'.repeat(PSEUDO_PARAMETERS[logicalId] ?? ARN_PREFIX + name);
  }
}
