import type { IConstruct } from 'constructs';

/** What is refused at synth: says what is wrong, at which construct, and what to do. */
export class ConstructError extends Error {
  constructor(scope: IConstruct, what: string, mend: string) {
    super(`${what}\n  at: ${scope.node.path || '(app)'}\n  mend: ${mend}`);
    this.name = 'ConstructError';
  }
}
