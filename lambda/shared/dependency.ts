import { DependencyUnavailable } from './problem';

const TRANSIENT = new Set([
  'ProvisionedThroughputExceededException', 'ThrottlingException', 'Throttling', 'RequestLimitExceeded', 'TooManyRequestsException', 'RequestThrottled',
  'InternalServerError', 'InternalErrorException', 'ServiceUnavailable', 'TimeoutError', 'TransactionInProgressException',
  'ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH',
]);

interface SdkError {
  readonly name?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Whether a call may succeed if it is made again later: throttles, the service's own errors, timeouts, broken connections. */
export function isTransient(error: unknown): boolean {
  const { name, code, $metadata } = (error ?? {}) as SdkError;
  return TRANSIENT.has(name ?? '') || TRANSIENT.has(code ?? '') || ($metadata?.httpStatusCode ?? 0) >= 500;
}

/** Runs a call to a dependency, and turns what says «not now» into `DependencyUnavailable`. Everything else passes. */
export async function calling<T>(dependency: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (isTransient(error)) throw new DependencyUnavailable(dependency, { cause: error });
    throw error;
  }
}
