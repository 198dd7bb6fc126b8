import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';

/** What cdk-nag finds below a scope and nobody has acknowledged: `<rule> at <path>: <what>`. */
export function findings(scope: IConstruct): string[] {
  const violations = [new AwsSolutionsChecks(), new ServerlessChecks()].flatMap((pack) => pack.validateScope(scope).violations);
  return violations.flatMap(({ ruleName, description, violatingResources }) => (
    violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}: ${description}`)
  ));
}

/** What was acknowledged below a scope: `<rule> at <path>`, each with its reason. */
export function acknowledged(scope: IConstruct): Record<string, string> {
  const entries = scope.node.findAll().flatMap((construct) => construct.node.metadata
    .filter(({ type }) => type === 'aws:cdk:acknowledged-rules')
    .flatMap(({ data }) => Object.entries(data as Record<string, string>))
    .map(([rule, reason]) => [`${rule.replace(/^annotation::/i, '')} at ${construct.node.path}`, reason]));
  return Object.fromEntries(entries);
}
