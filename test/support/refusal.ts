/** What a refusal says: what is wrong, at which construct, and what to do. */
export interface Refusal {
  readonly what: string;
  readonly at: string;
  readonly mend: string;
}

/** Runs what must be refused and takes the message apart. */
export function refusal(build: () => unknown): Refusal {
  const message = messageOf(build);
  const parts = /^(?<what>[\s\S]+?)\n {2}at: (?<at>.*)\n {2}mend: (?<mend>[\s\S]+)$/.exec(message)?.groups;
  if (parts === undefined) throw new Error(`The refusal does not say what, where and what to do: ${message}`);
  return { what: parts.what, at: parts.at, mend: parts.mend };
}

/** The message of the error that something ends with. */
export function messageOf(build: () => unknown): string {
  try {
    build();
  } catch (error) {
    // Not by `instanceof`: aws-cdk-lib is loaded outside the sandbox of a test.
    const { message } = error as { message?: unknown };
    if (typeof message === 'string') return message;
    throw error;
  }
  throw new Error('Nothing was refused');
}
