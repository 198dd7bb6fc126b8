/** What went wrong, in one sentence, and what the reader can do about it. */
export class OpsError extends Error {
  constructor(readonly what: string, readonly mend: string, options?: ErrorOptions) {
    super(`${what} ${mend}`, options);
    this.name = new.target.name;
  }
}
