import { Agent, request } from 'node:http';

export interface Reply {
  readonly status: number;
  readonly body: any;
  /** Milliseconds from the call to the end of the answer. */
  readonly ms: number;
}

/** A client of one API over a bounded number of kept connections: the same one for everything that is compared. */
export class LoadClient {
  private readonly agent: Agent;

  constructor(private readonly url: string, connections: number) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  call(method: string, path: string, token: string, body?: unknown): Promise<Reply> {
    const started = performance.now();
    const payload = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const sent = request(`${this.url}${path}`, {
        method,
        agent: this.agent,
        timeout: 30_000,
        headers: {
          authorization: `Bearer ${token}`,
          ...(payload === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
        },
      }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: parse(Buffer.concat(chunks).toString()), ms: performance.now() - started }));
      });
      sent.on('error', reject);
      sent.on('timeout', () => sent.destroy(new Error(`${method} ${path} took longer than 30 s`)));
      sent.end(payload);
    });
  }

  /** Calls, and refuses any other status than the expected ones. */
  async expect(statuses: number[], method: string, path: string, token: string, body?: unknown): Promise<any> {
    const reply = await this.call(method, path, token, body);
    if (!statuses.includes(reply.status)) throw new Error(`${method} ${path} answered ${reply.status}: ${JSON.stringify(reply.body)}`);
    return reply.body;
  }

  stop(): void {
    this.agent.destroy();
  }
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}
