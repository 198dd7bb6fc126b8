import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call that an SDK client made: the operation, and its input as it went over the wire. */
export interface Call {
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

/** An error as the service writes it: its name, and what else its body holds. */
export class ServiceError extends Error {
  constructor(readonly type: string, readonly fields: Record<string, unknown> = {}, readonly status = 400) {
    super(type);
  }
}

export interface ClientOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
}

export interface StubService {
  readonly client: ClientOptions;
  readonly calls: Call[];
  close(): Promise<void>;
}

/** An AWS service that speaks JSON and answers what a test says: SDK clients run unchanged against it. */
export async function stubService(answer: (call: Call) => object): Promise<StubService> {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const call = { operation: String(request.headers['x-amz-target']).split('.')[1], input: JSON.parse(Buffer.concat(chunks).toString()) };
      calls.push(call);
      const send = (status: number, body: object) => response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
      try {
        send(200, answer(call));
      } catch (error) {
        const { type, fields, status } = error as ServiceError;
        send(status, { __type: type, ...fields });
      }
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo;
  return {
    client: {
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    },
    calls,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => { server.close(resolve); });
    },
  };
}
