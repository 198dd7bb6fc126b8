import { createInterface } from 'node:readline/promises';

/** Asks on a terminal. Everything but a clear yes is a no, an end of the input too. */
export function askOn(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): (question: string) => Promise<boolean> {
  return async (question) => {
    const lines = createInterface({ input, output });
    // A terminal hands Ctrl-C to who reads from it, not to the process.
    lines.once('SIGINT', () => {
      process.emit('SIGINT');
      lines.close();
    });
    const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
    try {
      const answer = await Promise.race([lines.question(`${question} [y/N] `), closed]);
      return /^y(es)?$/i.test(answer.trim());
    } finally {
      lines.close();
    }
  };
}
