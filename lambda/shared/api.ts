/** Who calls: the user id in a verified access token, and the token itself for calls in the caller's own name. */
export interface Caller {
  readonly userId: string;
  readonly accessToken: string;
}

/** A request as logic sees it: parsed, validated, and stamped with the moment it reached the edge. */
export interface ApiRequest<Body = undefined> {
  readonly body: Body;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch at which API Gateway accepted the request. */
  readonly acceptedAt: number;
  readonly requestId: string;
  /** The client's name for this creation, if it sent one and the endpoint reads it (`HttpOptions.readsIdempotencyKey`). */
  readonly idempotencyKey?: string;
}

/** A request that carries a verified caller. */
export interface CallerRequest<Body = undefined> extends ApiRequest<Body> {
  readonly caller: Caller;
}

export interface ApiResponse {
  readonly status: number;
  /** Sent as JSON; nothing is sent where it is left out. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The id of what was made in the collection that was posted to: the HTTP handler names it in `Location`. */
  readonly created?: string;
  readonly contentType?: string;
}

/** What logic needs of a logger; Powertools' Logger is one. */
export interface Log {
  info(message: string, ...extra: Array<Record<string, unknown>>): void;
  warn(message: string, ...extra: Array<Record<string, unknown>>): void;
  error(message: string, ...extra: Array<Record<string, unknown>>): void;
}

/** Now, in milliseconds since the epoch. */
export type Clock = () => number;
/** A new unique id; ids made later sort later. */
export type NewId = () => string;
