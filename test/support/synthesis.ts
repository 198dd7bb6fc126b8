import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { messageOf } from './refusal';

/** What the end of a synthesis refuses: the whole message. */
export function lateRefusal(stack: Stack): string {
  // The CDK indents what a validation says.
  return messageOf(() => Template.fromStack(stack)).replace(/\n +/g, '\n  ');
}
