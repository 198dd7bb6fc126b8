import type { Readable } from 'node:stream';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { currentDeadline, DeadlineExceeded } from '../deadline';

/** How long a client tries: milliseconds, and how often in all. */
export interface Patience {
  readonly attempts: number;
  readonly connectMs: number;
  readonly requestMs: number;
}

/** Of a handler whose caller waits. A healthy table answers in milliseconds: after two seconds, another attempt is the better bet. */
export const HANDLER_PATIENCE: Patience = { attempts: 3, connectMs: 1_000, requestMs: 2_000 };

/** Of a handler that has something else to do if the service does not answer. */
export const SHORT_PATIENCE: Patience = { attempts: 2, connectMs: 500, requestMs: 1_000 };

/** With less time than this, an attempt is not worth its request. */
const MIN_ATTEMPT_MS = 50;

/**
 * What an SDK client is given to give up in time.
 *
 * An attempt ends, its body included, after `requestMs`, and at the latest after its share of what the deadline of the invocation leaves:
 * one n-th if the client makes n attempts. However many attempts hang, a request therefore keeps time for the calls that come
 * after: a call whose n attempts all hang leaves (1 - 1/n)^n of what it found, at least a quarter (docs/adr/0014).
 */
export function requestHandler(patience: Patience): NodeHttpHandler {
  return new BoundedHandler(patience);
}

type Handle = NodeHttpHandler['handle'];

class BoundedHandler extends NodeHttpHandler {
  constructor(private readonly patience: Patience) {
    // Without the last setting, the handler only writes a warning and waits on.
    super({ connectionTimeout: patience.connectMs, requestTimeout: patience.requestMs, throwOnRequestTimeout: true });
  }

  override async handle(...[request, options]: Parameters<Handle>): ReturnType<Handle> {
    const deadline = currentDeadline();
    const left = deadline?.remaining() ?? Infinity;
    if (left < MIN_ATTEMPT_MS) throw new DeadlineExceeded();
    const limit = Math.min(this.patience.requestMs, Math.max(MIN_ATTEMPT_MS, left / this.patience.attempts));
    const started = performance.now();
    const result = await super.handle(request, { ...options, abortSignal: deadline?.signal ?? options?.abortSignal, requestTimeout: limit });
    boundBody(result.response.body as Readable, limit - (performance.now() - started));
    return result;
  }
}

/** The SDK's own timeout ends with the headers: a body that stops half-way would hold its caller for ever. */
function boundBody(body: Readable, limit: number): void {
  const timer = setTimeout(() => body.destroy(Object.assign(new Error('The body of the answer did not come in time'), { name: 'TimeoutError' })), Math.max(0, limit));
  body.once('close', () => clearTimeout(timer));
}
