/** How many requests API Gateway lets through; the others get 429. */
export interface Throttle {
  /** Requests a second. */
  readonly rateLimit: number;
  /** Requests at once, above the rate. */
  readonly burstLimit: number;
}
