/** Where the calls go, and as whom. What is missing comes from the SDK's default chain: the caller's own settings. */
export interface Where {
  readonly endpoint?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** The part of a client's configuration that all of them share. Only what is set may be named: the SDK takes undefined for a value. */
export function clientConfig({ endpoint, region, profile, credentials }: Where) {
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
    ...(credentials === undefined ? {} : { credentials }),
  };
}
