import type { Credentials, Tokens } from '../../src/auth/contract';
import type { ApiRequest, ApiResponse } from '../shared/api';
import { Problem } from '../shared/problem';
import { normaliseEmail } from './email';
import type { LoginStep, MfaStep, Sessions } from './ports';
import { answering } from './refusal';

/** Opens a session. An unknown address, a wrong password and a disabled account get one answer. */
export function login({ sessions }: { readonly sessions: Pick<Sessions, 'open' | 'answerMfa'> }) {
  return async ({ body }: ApiRequest<Credentials>): Promise<ApiResponse> => {
    const step = await answering({
      'unknown-account': invalidCredentials,
      'not-authorized': invalidCredentials,
      'invalid-email': invalidCredentials,
      'weak-password': invalidCredentials,
    }, () => sessions.open(normaliseEmail(body.email), body.password));
    return { status: 200, body: tokensOf(step.step === 'mfa' ? await answerMfa(sessions, step, body.mfaCode) : step) };
  };
}

async function answerMfa(sessions: Pick<Sessions, 'open' | 'answerMfa'>, asked: MfaStep, code: string | undefined): Promise<LoginStep> {
  if (code === undefined) throw new Problem('mfa-required', { errors: [{ pointer: '/mfaCode', detail: 'is missing' }] });
  return answering({
    'wrong-code': () => new Problem('mfa-required', { errors: [{ pointer: '/mfaCode', detail: 'is wrong, expired or used' }] }),
    'unknown-account': invalidCredentials,
    'not-authorized': invalidCredentials,
  }, () => sessions.answerMfa(asked, code));
}

function tokensOf(step: LoginStep): Tokens {
  if (step.step === 'done') return step.tokens;
  const challenge = step.step === 'other' ? step.challenge : 'a second one-time code';
  throw new Problem('forbidden', { detail: `The user pool asks for ${challenge}, which this endpoint cannot answer` });
}

const invalidCredentials = () => new Problem('invalid-credentials');
