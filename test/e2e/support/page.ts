import { createHash, createHmac } from 'node:crypto';
import { request } from 'node:http';
import { connect } from 'node:net';
import type { LocalCredentials } from '../../../local';

/** A request as it goes over the wire: what a browser would send for a page, with any Host and Origin. */
export interface PageRequest {
  readonly method?: string;
  readonly path: string;
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface PageAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export function send(endpoint: string, { method = 'GET', path, host, headers = {}, body = '' }: PageRequest): Promise<PageAnswer> {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve, reject) => {
    const sent = request({
      hostname,
      port,
      method,
      path,
      agent: false,
      setHost: false,
      headers: { ...(host === '' ? {} : { host: host ?? `${hostname}:${port}` }), ...headers, ...(body === '' ? {} : { 'content-length': Buffer.byteLength(body) }) },
    }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** The status of the answer to a WebSocket's upgrade: 101 when it was let in. */
export function upgrade(endpoint: string, { path, host, headers = {} }: PageRequest): Promise<number> {
  const { hostname, port } = new URL(endpoint);
  const lines = [
    `GET ${path} HTTP/1.1`, `Host: ${host ?? `${hostname}:${port}`}`, 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${Buffer.from('0123456789abcdef').toString('base64')}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', '',
  ];
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(lines.join('\r\n')));
    socket.once('error', reject);
    socket.once('data', (chunk) => {
      socket.destroy();
      resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(chunk.toString('latin1'))?.[1]));
    });
  });
}

export interface Presigning {
  readonly service: string;
  readonly credentials: LocalCredentials;
  readonly method?: string;
  readonly host: string;
  readonly body?: string;
  readonly token?: string;
}

/** The path with its signature in the query: what a page can send without a preflight. */
export function presign(path: string, { service, credentials, method = 'GET', host, body = '', token }: Presigning, at = new Date()): string {
  const stamp = at.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = `${stamp.slice(0, 8)}/us-east-1/${service}/aws4_request`;
  const [plain, own = ''] = path.split('?');
  const query = new URLSearchParams({
    ...Object.fromEntries(new URLSearchParams(own)),
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${credentials.accessKeyId}/${scope}`,
    'X-Amz-Date': stamp,
    'X-Amz-Expires': '300',
    'X-Amz-SignedHeaders': 'host',
    ...(token === undefined ? {} : { 'X-Amz-Security-Token': token }),
  });
  query.sort();
  const text = query.toString().replace(/\+/g, '%20');
  const canonical = [method, plain, text, `host:${host}`, '', 'host', service === 's3' ? 'UNSIGNED-PAYLOAD' : sha256(body)].join('\n');
  return `${plain}?${text}&X-Amz-Signature=${signature(['AWS4-HMAC-SHA256', stamp, scope, sha256(canonical)].join('\n'), scope, credentials)}`;
}

/** The fields of a form that S3 takes for a bucket, as createPresignedPost makes them. */
export function signedForm(bucket: string, key: string, credentials: LocalCredentials, at = new Date()): Record<string, string> {
  const stamp = at.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = `${stamp.slice(0, 8)}/us-east-1/s3/aws4_request`;
  const fields = { 'x-amz-algorithm': 'AWS4-HMAC-SHA256', 'x-amz-credential': `${credentials.accessKeyId}/${scope}`, 'x-amz-date': stamp };
  const policy = Buffer.from(JSON.stringify({
    expiration: new Date(at.getTime() + 60_000).toISOString(),
    conditions: [{ bucket }, { key }, ...Object.entries(fields).map(([name, value]) => ({ [name]: value }))],
  })).toString('base64');
  return { key, ...fields, policy, 'x-amz-signature': signature(policy, scope, credentials) };
}

export interface MultipartRequest {
  readonly headers: Record<string, string>;
  readonly body: string;
}

export function multipart(fields: Readonly<Record<string, string>>, file: string): MultipartRequest {
  const boundary = 'page-form-boundary';
  const parts = Object.entries(fields).map(([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`);
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: `${parts.join('')}--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="f"\r\nContent-Type: text/plain\r\n\r\n${file}\r\n--${boundary}--\r\n`,
  };
}

function signature(text: string, scope: string, { secretAccessKey }: LocalCredentials): string {
  const key = scope.split('/').reduce<string | Buffer>((secret, part) => createHmac('sha256', secret).update(part).digest(), `AWS4${secretAccessKey}`);
  return createHmac('sha256', key).update(text).digest('hex');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
