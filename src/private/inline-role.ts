import { type AddToPrincipalPolicyResult, PolicyDocument, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/**
 * A role that carries its grants itself: one resource instead of the role and the policy that CDK would add, and no moment
 * between the two in which a function runs without its grants.
 */
export class InlineRole extends Role {
  private readonly carried: PolicyDocument;

  constructor(scope: Construct, id: string, service: string, description?: string) {
    const grants = new PolicyDocument({ minimize: true });
    super(scope, id, { assumedBy: new ServicePrincipal(service), description, inlinePolicies: { grants } });
    this.carried = grants;
  }

  override addToPrincipalPolicy(statement: PolicyStatement): AddToPrincipalPolicyResult {
    this.carried.addStatements(statement);
    return { statementAdded: true, policyDependable: this };
  }
}
