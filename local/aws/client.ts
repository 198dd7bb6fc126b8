import { Agent, request as httpRequest } from 'node:http';
import type { LocalCredentials } from '../types';
import { sign } from './sign';

export interface AwsResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface AwsClientProps {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: LocalCredentials;
  readonly clock: () => number;
}

/** An answer that says no. `code` is AWS's name of the error. */
export class AwsError extends Error {
  constructor(readonly code: string, message: string, readonly status: number) {
    super(message);
    this.name = 'AwsError';
  }
}

const REQUEST_TIMEOUT_MS = 16 * 60 * 1000;

/** The few AWS calls that the local cloud makes, signed, over connections that stay open. */
export class AwsClient {
  readonly region: string;

  constructor(private readonly props: AwsClientProps, private readonly agent = new Agent({ keepAlive: true })) {
    this.region = props.region;
  }

  /** The same connections for another region. */
  inRegion(region: string): AwsClient {
    return region === this.region ? this : new AwsClient({ ...this.props, region }, this.agent);
  }

  /** A service of the JSON protocol: DynamoDB streams, SQS, CloudWatch Logs. */
  async json<T>(service: string, target: string, input: object, version = '1.0'): Promise<T> {
    const response = await this.send(service, 'POST', '/', JSON.stringify(input), {
      'content-type': `application/x-amz-json-${version}`,
      'x-amz-target': target,
    });
    return parse<T>(succeeded(response));
  }

  /** A service of the REST protocol: Lambda, API Gateway. */
  async rest<T>(service: string, method: string, path: string, input?: object): Promise<T> {
    const body = input === undefined ? '' : JSON.stringify(input);
    return parse<T>(succeeded(await this.send(service, method, path, body, { 'content-type': 'application/json' })));
  }

  /** A service of the query protocol: CloudFormation, SNS. Answers with the XML. */
  async query(service: string, action: string, version: string, input: Readonly<Record<string, string>>): Promise<string> {
    const body = new URLSearchParams({ Action: action, Version: version, ...input }).toString();
    return succeeded(await this.send(service, 'POST', '/', body, { 'content-type': 'application/x-www-form-urlencoded' })).body;
  }

  send(service: string, method: string, path: string, body: string, headers: Record<string, string>): Promise<AwsResponse> {
    const url = new URL(path, this.props.endpoint);
    const signed = sign({ method, url, body, headers }, { service, region: this.region, ...this.props.credentials }, new Date(this.props.clock()));
    return new Promise((resolve, reject) => {
      const request = httpRequest(url, {
        method,
        agent: this.agent,
        timeout: REQUEST_TIMEOUT_MS,
        headers: { ...signed, 'content-length': Buffer.byteLength(body) },
      }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        }));
      });
      request.on('timeout', () => request.destroy(new Error(`${service} did not answer within ${REQUEST_TIMEOUT_MS / 1000} s`)));
      request.on('error', reject);
      request.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

function succeeded(response: AwsResponse): AwsResponse {
  if (response.status < 300) return response;
  const code = /<Code>([^<]*)<\/Code>/.exec(response.body)?.[1] ?? /"__type"\s*:\s*"([^"]*)"/.exec(response.body)?.[1] ?? `HTTP ${response.status}`;
  const message = /<Message>([^<]*)<\/Message>/.exec(response.body)?.[1] ?? /"[Mm]essage"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(response.body)?.[1] ?? response.body;
  throw new AwsError(code.split('#').pop() ?? code, message, response.status);
}

function parse<T>(response: AwsResponse): T {
  return (response.body === '' ? {} : JSON.parse(response.body)) as T;
}
