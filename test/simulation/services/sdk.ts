import type { Patience } from '../../../lambda/shared/adapters/patience';
import type { CallFault, Storm } from '../engine/faults';
import type { Instance, Settle } from './lambda';

const LONGEST_BACKOFF = 20_000;
/** How long after it was given up a request may still be done. */
const LATEST = 6_000;

/** A service behind its network: does a command in one moment, or throws the service's error. */
export interface Service {
  /** How the service says that it is asked too often. */
  readonly throttles: readonly string[];
  execute(command: object): object;
  /** Which storms, where there are any, hit this command. */
  exposedTo(command: object): Storm['on'] | undefined;
  /** The command in a few words. */
  describe(command: object): string;
}

type Answer = { readonly result: object } | { readonly error: Error };

/** An SDK client inside a function's instance. */
export class SdkClient {
  constructor(readonly service: Service, readonly instance: Instance, readonly patience: Patience) {}

  send(command: object): Promise<object> {
    return this.instance.wait<object>((settle) => new Request(this, command, settle, 1).begin());
  }
}

/** One of the requests that a command may take. Each may be disturbed by the network, before and after the service did it. */
class Request {
  private fault: CallFault | undefined;

  constructor(
    private readonly client: SdkClient,
    private readonly command: object,
    private readonly settle: Settle<object>,
    private readonly attempt: number,
  ) {}

  begin(): void {
    const { instance: { alive, simulation: { faults, random } }, service, patience: { requestMs } } = this.client;
    if (!alive) return;
    this.fault = faults.ofCall(service.exposedTo(this.command));
    const slow = this.fault === 'slow';
    const there = slow ? random.int(100, requestMs / 2) : random.int(1, 12);
    const back = slow ? random.int(100, requestMs / 2) : random.int(1, 8);
    switch (this.fault) {
      case 'throttle': return this.fail(there + back, random.pick(service.throttles), { $metadata: { httpStatusCode: 400 } });
      case 'server-error':
        // «The operation may have been done»: a server error tells nothing about the write.
        if (random.chance(0.5)) this.execute(there);
        return this.fail(there + back, 'InternalServerError', { $metadata: { httpStatusCode: 500 } });
      case 'drop-before': return this.fail(there, 'Error', { code: 'ECONNRESET' });
      case 'drop-after':
        this.execute(there);
        return this.fail(there + back, 'Error', { code: 'ECONNRESET' });
      case 'timeout-before': return this.fail(requestMs, 'TimeoutError');
      case 'timeout-after':
        this.execute(there);
        return this.fail(requestMs, 'TimeoutError');
      case 'late':
        // Given up by who asked, and done all the same some time later.
        this.execute(random.int(requestMs, requestMs + LATEST));
        return this.fail(requestMs, 'TimeoutError');
      default: return this.execute(there, back);
    }
  }

  /** The service does it after that time, and is heard of it after another, or never. */
  private execute(after: number, back?: number): void {
    const { instance: { name, simulation: { scheduler, trace } }, service } = this.client;
    scheduler.after(after, () => {
      const answer = this.answer(service);
      trace.add(name, () => `${this.describe()}${this.fault === undefined ? '' : ` (${this.fault})`} => ${'error' in answer ? answer.error.name : 'done'}`);
      if (back !== undefined) scheduler.after(back, () => this.end(answer));
    });
  }

  private fail(after: number, name: string, more: object = {}): void {
    const { scheduler, trace } = this.client.instance.simulation;
    scheduler.after(after, () => {
      trace.add(this.client.instance.name, () => `${this.describe()} -> ${name} (${this.fault})`);
      this.end({ error: Object.assign(new Error(name), { name, $retryable: true, ...more }) });
    });
  }

  private end(answer: Answer): void {
    const { client, command, settle, attempt } = this;
    if ('result' in answer) return settle.resolve(answer.result);
    if (!('$retryable' in answer.error) || attempt === client.patience.attempts) return settle.reject(answer.error);
    const { scheduler, random } = client.instance.simulation;
    const backoff = random.next() * Math.min(LONGEST_BACKOFF, 100 * 2 ** (attempt - 1));
    scheduler.after(backoff, () => new Request(client, command, settle, attempt + 1).begin());
  }

  private answer(service: Service): Answer {
    try {
      return { result: service.execute(this.command) };
    } catch (error) {
      return { error: error as Error };
    }
  }

  private describe(): string {
    return `${this.client.service.describe(this.command)}${this.attempt > 1 ? ` (attempt ${this.attempt})` : ''}`;
  }
}
