/** One answered request. */
export interface Answer {
  readonly status: number;
  readonly body: any;
  readonly headers: Headers;
}

/** An HTTP client of the API that keeps the time of every request. */
export class Client {
  readonly timings: number[] = [];

  constructor(private readonly url: string) {}

  async call(method: string, path: string, options: { token?: string; body?: unknown; headers?: Record<string, string> } = {}): Promise<Answer> {
    const started = performance.now();
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
        ...options.headers,
      },
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    this.timings.push(performance.now() - started);
    return { status: response.status, body: parse(text), headers: response.headers };
  }

  /** Calls, and refuses any other status than the expected ones. */
  async expect(statuses: number[], ...call: Parameters<Client['call']>): Promise<Answer> {
    const answer = await this.call(...call);
    if (!statuses.includes(answer.status)) {
      throw new Error(`${call[0]} ${call[1]} answered ${answer.status} instead of ${statuses.join(' or ')}: ${JSON.stringify(answer.body)}`);
    }
    return answer;
  }

  /** Milliseconds that the given share of the requests stayed within. */
  percentile(share: number): number {
    const sorted = [...this.timings].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? 0;
  }
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}

/** Runs at most `width` of the calls at a time. */
export async function inParallel<T, R>(width: number, items: T[], call: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await call(items[index], index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}
