import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Acknowledges one cdk-nag rule on one resource, with the reason that a reviewer reads. The ids of a pack's rules are `<Pack>-<Rule>`. */
export function acknowledge(resource: IConstruct, reason: string, ...ids: string[]): void {
  Validations.of(resource).acknowledge(...ids.map((id) => ({ id, reason })));
}
