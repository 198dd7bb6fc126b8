import type { IGrantable } from 'aws-cdk-lib/aws-iam';

/** A function that can be given permissions together with the variables that tell it what they are for. Every `Endpoint` is one. */
export interface IGrantableFunction extends IGrantable {
  /** Sets a variable of its environment. */
  addEnvironment(name: string, value: string): void;
}
