import type { ApiRequest, CallerRequest, Log } from '../../../lambda/shared/api';

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly extra: Record<string, unknown>;
}

/** A logger that keeps its lines. */
export function fakeLog(): Log & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at = (level: LogLine['level']) => (message: string, extra: Record<string, unknown> = {}) => void lines.push({ level, message, extra });
  return { lines, info: at('info'), warn: at('warn'), error: at('error') };
}

/** A clock that stands still until it is set. */
export function fakeClock(now = Date.UTC(2026, 0, 1)): { now: number; read(): number } {
  return { now, read() { return this.now; } };
}

export function request<Body>(body: Body): ApiRequest<Body> {
  return { body, path: {}, query: {}, acceptedAt: 0, requestId: 'request-1' };
}

export function callerRequest<Body>(body: Body, more: Partial<CallerRequest<Body>> = {}): CallerRequest<Body> {
  return { ...request(body), caller: { userId: 'user-1', accessToken: 'token-1' }, ...more };
}
