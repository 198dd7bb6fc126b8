import { Problem } from '../shared/problem';

/** Why the user pool did not do what it was asked. */
export type Reason =
  | 'unknown-account' | 'not-authorized' | 'not-confirmed' | 'reset-required' | 'wrong-code' | 'weak-password' | 'invalid-email'
  | 'not-a-refresh-token' | 'too-many-attempts' | 'too-many-requests' | 'mail-quota' | 'mail-undelivered' | 'trigger-failed' | 'forbidden';

/** The user pool's no, in the terms of the domain. What the caller may learn of it is for each endpoint to say. */
export class Refusal extends Error {
  constructor(readonly reason: Reason, readonly details: { readonly message?: string; readonly retryAfter?: number } = {}) {
    super(details.message ?? reason);
    this.name = 'Refusal';
  }
}

type Answers = Partial<Record<Reason, (refusal: Refusal) => Problem>>;

const tooMany = ({ details }: Refusal) => new Problem('too-many-requests', { retryAfter: details.retryAfter ?? 1 });

/** What is answered alike everywhere, unless an endpoint says otherwise. */
const COMMON: Answers = {
  'too-many-requests': tooMany,
  'too-many-attempts': tooMany,
  'mail-quota': ({ details }) => new Problem('too-many-requests', { detail: 'No more e-mails can be sent for now, to any address', retryAfter: details.retryAfter }),
  'mail-undelivered': ({ details }) => new Problem('unavailable', { detail: 'The e-mail could not be sent: the request may be repeated', retryAfter: details.retryAfter }),
  'forbidden': () => new Problem('forbidden', { detail: 'A rule of the user pool refuses this request' }),
};

/** Runs a call and answers each refusal as the endpoint says. One that it does not name is a fault of ours. */
export async function answering<T>(answers: Answers, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const answer = answers[error.reason] ?? COMMON[error.reason];
    throw answer === undefined ? error : answer(error);
  }
}
