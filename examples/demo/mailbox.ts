import type { Mailbox } from './people';
import { type LocalCloud, type Mail, readMails } from 'trinity-constructs/local';

const CODE = /\b\d{6}\b/;
const WAIT_MS = 5_000;

/** Reads confirmation codes from the mail that the emulator did not send. */
export function emulatorMailbox(cloud: Pick<LocalCloud, 'endpoint' | 'region' | 'credentials'>): Mailbox {
  return async (email) => {
    const limit = performance.now() + WAIT_MS;
    do {
      const code = newestCode(await readMails(cloud), email);
      if (code !== undefined) return code;
      await new Promise((resolve) => setTimeout(resolve, 100));
    } while (performance.now() < limit);
    throw new Error(`No confirmation code for ${email} within ${WAIT_MS / 1_000} s`);
  };
}

function newestCode(all: readonly Mail[], email: string): string | undefined {
  const mail = all.filter(({ to }) => to.includes(email)).at(-1);
  return CODE.exec(mail?.text ?? '')?.[0];
}
