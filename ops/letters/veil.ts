import { createHmac } from 'node:crypto';

/** How much of a ballot is shown. Ballots are secret: who needs to see one says so. */
export interface Veil {
  voter(voter: string): string;
  /** Undefined where the choice is not to be shown. */
  choice(choice: string): string | undefined;
}

const DIGITS = 8;

/**
 * Shows voters by names that hold for one run: two letters of one voter can be told as such, and nobody who has a list of
 * users can look the name up, as with a plain hash of the id.
 */
export function veiled(salt: string): Veil {
  return {
    voter: (voter) => `voter-${createHmac('sha256', salt).update(voter).digest('hex').slice(0, DIGITS)}`,
    choice: () => undefined,
  };
}

export const REVEALED: Veil = { voter: (voter) => voter, choice: (choice) => choice };
