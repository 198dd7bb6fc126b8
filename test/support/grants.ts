import { CfnResource, Stack } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: Record<string, Record<string, unknown>>;
}

/** What every function may do beside its own work: write its log and its traces. */
const OWN = [/^logs:CreateLogStream logs:PutLogEvents on .*Logs$/, /^xray:PutTelemetryRecords xray:PutTraceSegments on \*$/];

/**
 * What the function below a construct may do, one line a statement: `dynamodb:GetItem on Rooms/Table, keys user#*`.
 * Its own log and traces must be there, and are left out.
 */
export function grantsOf(construct: IConstruct): string[] {
  const lines = roleGrants(construct.node.findChild('Role'));
  for (const own of OWN) {
    if (!lines.some((line) => own.test(line))) throw new Error(`${construct.node.path} may not ${own.source}`);
  }
  return lines.filter((line) => !OWN.some((own) => own.test(line)));
}

/** Every statement of a role, one a line. Refuses what no role of this library may have: managed policies, and policies beside it. */
export function roleGrants(role: IConstruct): string[] {
  const resource = role.node.defaultChild as CfnRole;
  if (Stack.of(role).resolve(resource.managedPolicyArns) !== undefined) throw new Error(`${role.node.path} has managed policies`);
  const beside = role.node.findAll().filter((child) => CfnResource.isCfnResource(child) && child !== resource);
  if (beside.length > 0) throw new Error(`${role.node.path} has more than its role: ${beside.map((child) => child.node.path).join(', ')}`);
  const policies = Stack.of(role).resolve(resource.policies) as Array<{ policyDocument: { Statement: Statement[] } }>;
  return policies.flatMap(({ policyDocument }) => policyDocument.Statement.map((statement) => inWords(role, statement))).sort();
}

function inWords(scope: IConstruct, { Effect, Action, Resource, Condition = {} }: Statement): string {
  const words = [
    `${[Action].flat().join(' ')} on ${[Resource].flat().map((resource) => name(scope, resource)).join(' ')}`,
    ...Object.entries(Condition).flatMap(([operator, tests]) => Object.entries(tests).map(([key, values]) => {
      const test = `${operator} ${key}` === 'ForAllValues:StringLike dynamodb:LeadingKeys' ? 'keys' : `${operator} ${key}`;
      return `${test} ${[values].flat().join(' ')}`;
    })),
  ];
  return `${Effect === 'Allow' ? '' : `${Effect} `}${words.join(', ')}`;
}

/** The path of the construct that a policy means, without its stack. */
function name(scope: IConstruct, resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const [id, attribute, rest = ''] = parts(resource as Record<string, any>);
  for (const child of scope.node.root.node.findAll()) {
    if (CfnResource.isCfnResource(child) && child.stack.resolve(child.logicalId) === id) {
      return `${child.node.path.split('/').slice(1).join('/').replace(/(\/Resource)+$/, '')}${attribute === 'Arn' ? '' : `.${attribute}`}${rest}`;
    }
  }
  return JSON.stringify(resource);
}

/** Logical id, attribute, and what follows: `Fn::GetAtt`, `Ref`, or the short `{ "Fn::Sub": "${Id.Arn}:live" }`. */
function parts(resource: Record<string, any>): string[] {
  return resource['Fn::GetAtt'] ?? /^\$\{(\w+)\.(\w+)\}(.*)$/.exec(resource['Fn::Sub'] ?? '')?.slice(1) ?? [resource.Ref ?? '', 'Arn'];
}
