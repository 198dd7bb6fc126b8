import { CfnResource, Lazy } from 'aws-cdk-lib';
import { type AddToPrincipalPolicyResult, PolicyDocument, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge, complianceRule } from './nag';

/**
 * A role that carries its grants itself: one resource instead of the role and the policy that CDK would add, and no moment
 * between the two in which a function runs without its grants.
 */
export class InlineRole extends Role {
  private readonly carried: PolicyDocument;

  constructor(scope: Construct, id: string, service: string) {
    const grants = new PolicyDocument({ minimize: true });
    super(scope, id, { assumedBy: new ServicePrincipal(service), inlinePolicies: { grants } });
    this.carried = grants;
    acknowledge(this, 'The policy belongs to this role alone and is changed and removed together with it: the strict one-to-one relationship that IAM recommends inline policies for.',
      ...complianceRule('IAMNoInlinePolicy'));
  }

  override addToPrincipalPolicy(statement: PolicyStatement): AddToPrincipalPolicyResult {
    this.carried.addStatements(statement);
    return { statementAdded: true, policyDependable: this };
  }
}

/**
 * Takes the role of a resource out of its `DependsOn`. CDK puts it there for the sake of policies beside the role; who names
 * a role by its ARN waits for it anyway, and this one has its grants in it. What else it depends on stays.
 */
export function dependOnRoleByArn(resource: CfnResource, role: InlineRole): void {
  const others = () => resource.obtainDependencies()
    .filter((other): other is CfnResource => CfnResource.isCfnResource(other) && other.stack === resource.stack && other !== role.node.defaultChild)
    .map(({ logicalId }) => logicalId);
  resource.addOverride('DependsOn', Lazy.list({ produce: others }, { omitEmpty: true }));
}
