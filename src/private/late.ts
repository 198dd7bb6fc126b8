import type { IConstruct } from 'constructs';
import { ConstructError } from './errors';

/**
 * Checks something at the end of synthesis, after the Aspects, overrides and grants that an app adds to a construct that is made already.
 * What the check throws fails the synthesis with its message.
 */
export function validateLate(construct: IConstruct, check: () => void): void {
  construct.node.addValidation({
    validate: () => {
      try {
        check();
        return [];
      } catch (error) {
        if ((error as Error).name !== ConstructError.name) throw error;
        return [(error as Error).message];
      }
    },
  });
}
