import { randomUUID } from 'node:crypto';
import Ajv, { type ValidateFunction } from 'ajv/dist/2020';
import { emulatorMailbox } from '../../../examples/demo/mailbox';
import { type Deployment, deployment } from './deployment';

export interface Answer {
  readonly status: number;
  readonly body: any;
  readonly headers: Headers;
}

export interface CallOptions {
  readonly token?: string;
  readonly body?: unknown;
  /** The body as it is sent, whatever it is. */
  readonly raw?: string | Uint8Array;
  readonly headers?: Record<string, string>;
}

export interface User {
  readonly email: string;
  readonly userId: string;
  readonly accessToken: string;
  readonly idToken: string;
  readonly refreshToken: string;
}

export const PASSWORD = 'Correct-horse-battery-1';

/**
 * Calls the deployed API, and holds every answer against the OpenAPI document: its status is described for that route,
 * and its body is what the document says.
 */
export class ApiClient {
  private readonly ajv = new Ajv({ strict: false, validateFormats: false });
  private readonly validators = new Map<object, ValidateFunction>();

  constructor(readonly target: Deployment = deployment()) {}

  async call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const body = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
    const response = await fetch(`${this.target.url}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
        ...options.headers,
      },
      body: body as RequestInit['body'],
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    const answer = { status: response.status, body: parse(text), headers: response.headers };
    this.checkDescribed(method, path, answer);
    return answer;
  }

  /** Somebody with a confirmed account, logged in. */
  async user(name = 'Somebody'): Promise<User> {
    const email = `${name.toLowerCase()}.${randomUUID()}@people.example`;
    await this.call('POST', '/auth/register', { body: { email } });
    const confirmed = await this.call('POST', '/auth/confirm', { body: { email, code: await this.code(email), password: PASSWORD, displayName: name } });
    if (confirmed.status !== 204) throw new Error(`confirm answered ${confirmed.status}: ${JSON.stringify(confirmed.body)}`);
    const { body: tokens } = await this.call('POST', '/auth/login', { body: { email, password: PASSWORD } });
    return { email, userId: userIdOf(tokens.accessToken), ...tokens };
  }

  /** So many people, one after the other: at once, each would need processes of their own for all that they call. */
  async users(count: number): Promise<User[]> {
    const users: User[] = [];
    for (let index = 0; index < count; index += 1) users.push(await this.user());
    return users;
  }

  /** The newest confirmation code that an address was sent. */
  code(email: string): Promise<string> {
    return emulatorMailbox(this.target)(email);
  }

  async room(owner: User, name = 'A room'): Promise<any> {
    return (await this.call('POST', '/rooms', { token: owner.accessToken, body: { name } })).body;
  }

  /** A room with everybody in it. */
  async roomOf(owner: User, guests: readonly User[]): Promise<any> {
    const room = await this.room(owner);
    for (const guest of guests) await this.call('POST', '/rooms/join', { token: guest.accessToken, body: { inviteCode: room.inviteCode } });
    return room;
  }

  async poll(owner: User, roomId: string, more: object = {}): Promise<any> {
    return (await this.call('POST', `/rooms/${roomId}/polls`, { token: owner.accessToken, body: { question: 'Which?', options: ['This', 'That'], ...more } })).body;
  }

  /** Reads the results until they are as expected; the last ones where that does not come to pass. */
  async resultsWhen(user: User, path: string, expected: (results: any) => boolean, limitMs = 15_000): Promise<any> {
    const limit = performance.now() + limitMs;
    for (;;) {
      const { body } = await this.call('GET', `${path}/results`, { token: user.accessToken });
      if (expected(body) || performance.now() > limit) return body;
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  }

  private checkDescribed(method: string, path: string, { status, body, headers }: Answer): void {
    const operation = this.operation(method, path.split('?')[0]);
    if (operation === undefined) return;
    const described = operation.responses[status];
    if (described === undefined) throw new Error(`${method} ${path} answered ${status}, which the OpenAPI document does not know: ${JSON.stringify(body)}`);
    if (body === undefined) return;
    const mediaType = (headers.get('content-type') ?? '').split(';')[0];
    const schema = described.content?.[mediaType]?.schema;
    if (schema === undefined) throw new Error(`${method} ${path} answered ${status} as '${mediaType}', which the OpenAPI document does not know: ${JSON.stringify(body)}`);
    const validate = this.validators.get(schema) ?? this.ajv.compile({ ...schema, components: this.target.openApi.components });
    this.validators.set(schema, validate);
    if (!validate(body)) throw new Error(`${method} ${path} answered ${status} with a body that is not as described: ${this.ajv.errorsText(validate.errors)}\n${JSON.stringify(body)}`);
  }

  /** The operation that a path belongs to: a path without parameters wins over one with them. */
  private operation(method: string, path: string): any {
    const paths = Object.keys(this.target.openApi.paths).sort((a, b) => a.split('{').length - b.split('{').length);
    const template = paths.find((candidate) => new RegExp(`^${candidate.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path)
      && this.target.openApi.paths[candidate][method.toLowerCase()] !== undefined);
    return template === undefined ? undefined : this.target.openApi.paths[template][method.toLowerCase()];
  }
}

/** The user's id, as the endpoints read it from an access token. */
export function userIdOf(accessToken: string): string {
  return JSON.parse(Buffer.from(accessToken.split('.')[1], 'base64url').toString()).username;
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}
