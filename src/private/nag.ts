import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The packs of compliance programmes. Their rules have the same names in each. */
const COMPLIANCE_PACKS = ['NIST.800.53.R4', 'NIST.800.53.R5', 'HIPAA.Security', 'PCI.DSS.321'];

/** The ids of one rule in all compliance packs. */
export function complianceRule(rule: string): string[] {
  return COMPLIANCE_PACKS.map((pack) => `${pack}-${rule}`);
}

/** Acknowledges one cdk-nag rule on one resource, with the reason that a reviewer reads. The ids of a pack's rules are `<Pack>-<Rule>`. */
export function acknowledge(resource: IConstruct, reason: string, ...ids: string[]): void {
  Validations.of(resource).acknowledge(...ids.map((id) => ({ id, reason })));
}
