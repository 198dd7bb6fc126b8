import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What happens to a call that a rule picks: refused as DynamoDB throttles; done with its answer lost; or its caller is killed, before
 * the call is done or after.
 */
export type Fault = 'throttle' | 'lose-answer' | 'kill-before' | 'kill-after';

export interface Rule {
  /** The operations, as DynamoDB's clients name them: `PutItem`. */
  readonly operations: readonly string[];
  /** Only calls whose request has this text: `ballot#` picks the writes of ballots. @default - all */
  readonly about?: string;
  readonly fault: Fault;
  /** Kills the caller, where the fault says so. */
  readonly kill?: () => void;
  /** How many calls it picks. @default - all, until it is lifted */
  readonly times?: number;
}

/**
 * Stands between a function and the emulator, and injects faults into its calls. The request passes as it is, its Host header
 * included: it keeps its signature, and the function its role.
 */
export class FaultProxy {
  static async start(): Promise<FaultProxy> {
    const proxy = new FaultProxy();
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** How many calls met a fault. */
  injected = 0;
  private rule: Rule | undefined;
  private left = 0;
  private readonly server: Server;

  private target: URL | undefined;

  private constructor() {
    this.server = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => this.pass(incoming, Buffer.concat(chunks), outgoing));
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The emulator behind it: known only when the functions, which are told of the proxy, are deployed. */
  towards(endpoint: string): void {
    this.target = new URL(endpoint);
  }

  inject(rule: Rule): void {
    this.rule = rule;
    this.left = rule.times ?? Infinity;
  }

  lift(): void {
    this.left = 0;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private pass(incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse): void {
    const fault = this.pick(incoming, body);
    if (fault === 'throttle') {
      outgoing.writeHead(400, { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': 'ProvisionedThroughputExceededException' });
      outgoing.end(JSON.stringify({ __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException', message: 'injected' }));
      return;
    }
    const { kill } = this.rule ?? {};
    if (fault === 'kill-before') {
      kill?.();
      incoming.socket.destroy();
      return;
    }
    const { hostname, port } = this.target!;
    const forwarded = request({ hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers }, (answer) => {
      if (fault === 'lose-answer' || fault === 'kill-after') {
        answer.resume();
        answer.on('end', () => {
          if (fault === 'kill-after') kill?.();
          incoming.socket.destroy();
        });
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => incoming.socket.destroy());
    forwarded.end(body);
  }

  private pick({ headers }: IncomingMessage, body: Buffer): Fault | undefined {
    const operation = String(headers['x-amz-target']).split('.').at(-1)!;
    const { rule } = this;
    if (rule === undefined || this.left <= 0 || !rule.operations.includes(operation) || !body.includes(rule.about ?? '')) return undefined;
    this.left -= 1;
    this.injected += 1;
    return rule.fault;
  }
}
