import { readFileSync } from 'node:fs';

/** What the tests need to know of the deployed system. */
export interface Deployment {
  readonly url: string;
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly openApi: any;
  readonly roomsTable: string;
  readonly votingTable: string;
}

declare global {
  // eslint-disable-next-line no-var
  var stopTrinity: (() => Promise<void>) | undefined;
}

export function deployment(): Deployment {
  return JSON.parse(readFileSync(process.env.TRINITY_DEPLOYMENT!, 'utf8'));
}
