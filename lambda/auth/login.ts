import type { Credentials } from '../../src/auth/contract';
import type { ApiRequest, ApiResponse } from '../shared/api';
import { Problem } from '../shared/problem';
import { normaliseEmail } from './email';
import type { LoginStep, MfaStep, Sessions, Usernames } from './ports';
import { answering } from './refusal';
import { spreadExpiry } from './spread-expiry';

export interface LoginDependencies {
  readonly sessions: Pick<Sessions, 'open' | 'answerMfa'>;
  readonly usernames: Usernames;
  /** 0 to 1. */
  readonly random: () => number;
}

/**
 * Opens a session. An unknown address, a wrong password, an account that is not confirmed, is disabled or whose password must
 * be reset: one answer for all, because each of the others would tell that the address has an account.
 */
export function login({ sessions, usernames, random }: LoginDependencies) {
  return async ({ body }: ApiRequest<Credentials>): Promise<ApiResponse> => {
    const username = await usernames.of(normaliseEmail(body.email));
    const step = await answering(INVALID_CREDENTIALS, () => sessions.open(username, body.password));
    return { status: 200, body: spreadExpiry(tokensOf(step.step === 'mfa' ? await answerMfa(sessions, step, body.mfaCode) : step), random) };
  };
}

async function answerMfa(sessions: Pick<Sessions, 'open' | 'answerMfa'>, asked: MfaStep, code: string | undefined): Promise<LoginStep> {
  if (code === undefined) throw new Problem('mfa-required', { errors: [{ pointer: '/mfaCode', detail: 'is missing' }] });
  return answering({
    ...INVALID_CREDENTIALS,
    'wrong-code': () => new Problem('mfa-required', { errors: [{ pointer: '/mfaCode', detail: 'is wrong, expired or used' }] }),
  }, () => sessions.answerMfa(asked, code));
}

function tokensOf(step: LoginStep) {
  if (step.step === 'done') return step.tokens;
  const challenge = step.step === 'other' ? step.challenge : 'a second one-time code';
  throw new Problem('forbidden', { detail: `The user pool asks for ${challenge}, which this endpoint cannot answer` });
}

const invalidCredentials = () => new Problem('invalid-credentials', {
  detail: 'An account that was registered is opened by the code of its e-mail (POST /auth/confirm)',
});

const INVALID_CREDENTIALS = {
  'unknown-account': invalidCredentials,
  'not-authorized': invalidCredentials,
  'not-confirmed': invalidCredentials,
  'reset-required': invalidCredentials,
  'invalid-email': invalidCredentials,
  'weak-password': invalidCredentials,
  'too-many-attempts': invalidCredentials,
};
