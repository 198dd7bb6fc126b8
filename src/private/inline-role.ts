import { CfnResource, type IResolveContext, Lazy, Stack } from 'aws-cdk-lib';
import { type AddToPrincipalPolicyResult, type CfnRole, type Policy, PolicyDocument, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ConstructError } from './errors';
import { validateLate } from './late';
import { acknowledge, complianceRule } from './nag';
import { MAX_INLINE_POLICIES, policyLength } from './policy-size';
import { withShortArns } from './short-arn';

/**
 * A role that carries its grants itself: one resource instead of the role and the policy that CDK would add, and no moment
 * between the two in which a function runs without its grants.
 */
export class InlineRole extends Role {
  private readonly carried = new PolicyDocument({ minimize: true });
  private readonly attached: Policy[] = [];
  /** Set if `iam.Role.customizeRoles` replaces this role by one that exists, or reports on it. */
  private readonly reported: boolean;

  constructor(scope: Construct, id: string, service: string) {
    super(scope, id, { assumedBy: new ServicePrincipal(service) });
    acknowledge(this, 'The policy belongs to this role alone and is changed and removed together with it: the strict one-to-one relationship that IAM recommends inline policies for.',
      ...complianceRule('IAMNoInlinePolicy'));
    this.reported = this.node.tryFindChild(`PrecreatedRole${id}`) !== undefined;
    const resource = this.resource();
    if (resource === undefined) return;
    resource.policies = Lazy.uncachedAny({
      produce: ({ resolve }: IResolveContext) => (this.carried.isEmpty ? undefined : [{ policyName: 'grants', policyDocument: withShortArns(resolve(this.carried)) }]),
    });
    validateLate(this, () => this.checkSize());
  }

  override addToPrincipalPolicy(statement: PolicyStatement): AddToPrincipalPolicyResult {
    this.carried.addStatements(statement);
    if (this.reported) super.addToPrincipalPolicy(statement);
    return { statementAdded: true, policyDependable: this };
  }

  override attachInlinePolicy(policy: Policy): void {
    super.attachInlinePolicy(policy);
    this.attached.push(policy);
  }

  private resource(): CfnRole | undefined {
    return this.node.defaultChild as CfnRole | undefined;
  }

  private checkSize(): void {
    const documents = [this.carried, ...this.attached.map(({ document }) => document)].filter(({ isEmpty }) => !isEmpty);
    const length = policyLength(this, documents.map((document) => Stack.of(this).resolve(document)));
    if (length > MAX_INLINE_POLICIES) {
      throw new ConstructError(this, `The inline policies of the role come to about ${length} characters, and IAM takes ${MAX_INLINE_POLICIES} per role`,
        'grant fewer resources one by one (a prefix, a tag, a table of several), give rarely used grants to a function of its own, or put them into a managed policy: role.addManagedPolicy(…)');
    }
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
