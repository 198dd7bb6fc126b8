import { PROBLEM_MEDIA_TYPE, type ProblemKey, Problems, problemType } from '../../src/api/contract';
import type { ApiResponse } from './api';

/** One invalid field of the body: its JSON pointer and what is wrong with it. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

/** One invalid query parameter, by its name. */
export interface ParameterError {
  readonly parameter: string;
  readonly detail: string;
}

/** One invalid header, by its name. */
export interface HeaderError {
  readonly header: string;
  readonly detail: string;
}

export interface ProblemDetails {
  /** What the caller should know of this one occurrence. */
  readonly detail?: string;
  readonly errors?: ReadonlyArray<FieldError | ParameterError | HeaderError>;
  /** Seconds, sent as `Retry-After`. */
  readonly retryAfter?: number;
}

/** An answer that is an error (RFC 9457): thrown by logic, written by the HTTP edge. */
export class Problem extends Error {
  constructor(readonly key: ProblemKey, readonly details: ProblemDetails = {}) {
    super(details.detail ?? Problems[key].title);
    this.name = 'Problem';
  }

  get status(): number {
    return Problems[this.key].status;
  }

  toResponse(): ApiResponse {
    const { detail, errors, retryAfter } = this.details;
    return {
      status: this.status,
      contentType: PROBLEM_MEDIA_TYPE,
      body: { type: problemType(this.key), title: Problems[this.key].title, status: this.status, detail, errors },
      headers: {
        ...(retryAfter === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(retryAfter))) }),
        ...(this.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      },
    };
  }
}

/** A query parameter has a value that it cannot have. */
export function invalidParameter(parameter: string, detail: string): Problem {
  return new Problem('invalid-request', { errors: [{ parameter, detail }] });
}

/** A dependency throttles, fails or does not answer: adapters throw it, the HTTP edge answers 503. */
export class DependencyUnavailable extends Error {
  /** Seconds. */
  readonly retryAfter: number;

  constructor(readonly dependency: string, options: { cause?: unknown; retryAfter?: number } = {}) {
    super(`${dependency} is not available`, { cause: options.cause });
    this.name = 'DependencyUnavailable';
    this.retryAfter = options.retryAfter ?? 1;
  }
}
