import type { Chosen, Poll, VoteRequest } from '../../src/voting/contract';
import { type FieldError, Problem } from '../shared/problem';

/** Option ids never have it: see create-poll.ts. */
const SEPARATOR = ',';

/**
 * What was chosen, as a ballot carries it: the ids in one order, as one text. So two votes for the same options are equal texts,
 * whichever order they were given in, and a ballot is as small with one choice as it ever was.
 */
export function joinChoice(optionIds: readonly string[]): string {
  return [...optionIds].sort().join(SEPARATOR);
}

export function splitChoice(choice: string): string[] {
  return choice.split(SEPARATOR);
}

/** What was chosen, as the API of a poll shows it. */
export function presentChoice({ maxChoices }: Pick<Poll, 'maxChoices'>, choice: string): Chosen {
  return maxChoices === 1 ? { optionId: choice } : { optionIds: splitChoice(choice) };
}

type Asked = (poll: Pick<Poll, 'options' | 'maxChoices'>) => string;

/** Reads a request for a vote; the rest, which the poll has to decide, is refused by what this gives. */
export function readChoice({ optionId, optionIds }: VoteRequest): Asked {
  if (optionId !== undefined && optionIds !== undefined) throw invalid({ pointer: '/optionIds', detail: 'cannot be given together with optionId' });
  if (optionId === undefined && optionIds === undefined) throw invalid({ pointer: '/optionId', detail: 'is missing' });
  const asked = optionIds ?? [optionId!];
  const pointer = (index: number) => (optionIds === undefined ? '/optionId' : `/optionIds/${index}`);
  return ({ options, maxChoices }) => {
    if (asked.length > maxChoices) throw invalid({ pointer: '/optionIds', detail: `may name at most ${maxChoices} in this poll` });
    const known = new Set(options.map((option) => option.optionId));
    const unknown = asked.flatMap((id, index) => (known.has(id) ? [] : [{ pointer: pointer(index), detail: 'is not an option of this poll' }]));
    if (unknown.length > 0) throw invalid(...unknown);
    return joinChoice(asked);
  };
}

function invalid(...errors: FieldError[]): Problem {
  return new Problem('invalid-request', { errors });
}
