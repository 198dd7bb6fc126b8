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

function messageOf(build: () => unknown): string {
  try {
    build();
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
  throw new Error('Nothing was refused');
}
