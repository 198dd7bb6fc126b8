import { get } from 'node:http';

const PROBE_TIMEOUT_MS = 2000;

export interface Health {
  readonly version: string;
  /** What the emulator was told to call itself: tells one run's emulator from another on the same port. */
  readonly edition: string;
}

/** What the emulator says of itself; nothing where nobody answers. LocalStack's path serves other emulators. */
export async function probe(endpoint: string): Promise<Health | undefined> {
  return await ask(`${endpoint}/_ministack/health`) ?? ask(`${endpoint}/_localstack/health`);
}

function ask(url: string): Promise<Health | undefined> {
  return new Promise((resolve) => {
    const request = get(url, { timeout: PROBE_TIMEOUT_MS, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => resolve(undefined));
      response.on('end', () => resolve(response.statusCode === 200 ? parse(Buffer.concat(chunks).toString('utf8')) : undefined));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(undefined));
  });
}

function parse(body: string): Health | undefined {
  try {
    const { version, edition } = JSON.parse(body) as { version?: unknown; edition?: unknown };
    return { version: String(version ?? 'unknown'), edition: String(edition ?? 'unknown') };
  } catch {
    return undefined;
  }
}
