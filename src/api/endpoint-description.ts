/** One answer of an endpoint, for the OpenAPI document. */
export interface EndpointResponse {
  /** The HTTP status. */
  readonly status: number;

  /** When it is answered, in a sentence. */
  readonly description: string;

  /**
   * The JSON Schema (2020-12) of the body.
   *
   * @default - no body
   */
  readonly schema?: any;

  /**
   * The media type of the body.
   *
   * @default - `application/json`
   */
  readonly mediaType?: string;
}

/** One query parameter of an endpoint, for the OpenAPI document. */
export interface QueryParameter {
  /** The name in the query string. */
  readonly name: string;

  /**
   * What it does, in a sentence.
   *
   * @default - not described
   */
  readonly description?: string;

  /**
   * The JSON Schema (2020-12) of the value.
   *
   * @default - a string
   */
  readonly schema?: any;

  /**
   * Whether a request without it is refused.
   *
   * @default false
   */
  readonly required?: boolean;
}

/** What the OpenAPI document says of an endpoint. It describes; the endpoint's own code validates. */
export interface EndpointDescription {
  /**
   * What the endpoint does, in a few words.
   *
   * @default - the route
   */
  readonly summary?: string;

  /**
   * The name of the operation in generated clients.
   *
   * @default - made from the method and the path: `GET /customers/{id}` becomes `getCustomersById`
   */
  readonly operationId?: string;

  /**
   * The group that the endpoint stands in.
   *
   * @default - the first segment of the path
   */
  readonly tag?: string;

  /**
   * The JSON Schema (2020-12) of the request's body.
   *
   * @default - the endpoint takes no body
   */
  readonly request?: any;

  /**
   * The query parameters.
   *
   * @default - none
   */
  readonly query?: QueryParameter[];

  /**
   * The request headers that the endpoint reads, by name, with a sentence each.
   *
   * @default - none
   */
  readonly headers?: { [name: string]: string };

  /**
   * The answers. What API Gateway answers itself (401 of the authorizer, 413, 429, 500 of a crash) is added.
   *
   * @default - none of its own is described: clients are told to expect anything
   */
  readonly responses?: EndpointResponse[];
}
