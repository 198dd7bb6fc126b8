import { Problem } from '../shared/problem';
import { answering } from './refusal';

/** Runs a call with the caller's token. The authorizer has verified it, but cannot know that it was revoked or its account deleted. */
export function asCaller<T>(call: () => Promise<T>): Promise<T> {
  const notAuthenticated = () => new Problem('not-authenticated');
  return answering({ 'not-authorized': notAuthenticated, 'unknown-account': notAuthenticated }, call);
}
