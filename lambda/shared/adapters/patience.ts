/** How long a client tries: milliseconds, and how often in all. */
export interface Patience {
  readonly attempts: number;
  readonly connectMs: number;
  readonly requestMs: number;
}

/** Of a handler whose caller waits: within the 10 seconds of its function all attempts of one call end. */
export const HANDLER_PATIENCE: Patience = { attempts: 3, connectMs: 1_000, requestMs: 3_000 };

/** Of a handler that has something else to do where the service does not answer. */
export const SHORT_PATIENCE: Patience = { attempts: 2, connectMs: 500, requestMs: 1_000 };

/** What an SDK client is given to give up in time. Without the last setting, it only writes a warning and waits on. */
export function requestHandler({ connectMs, requestMs }: Patience) {
  return { connectionTimeout: connectMs, requestTimeout: requestMs, throwOnRequestTimeout: true };
}
