import type { Mailbox } from './people';

/** The mails of the emulator, by account. */
interface Mails {
  readonly messages: Readonly<Record<string, readonly Mail[]>>;
}

interface Mail {
  readonly To: readonly string[];
  readonly BodyText: string;
  readonly BodyHtml: string;
}

const CODE = /\b\d{6}\b/;
const WAIT_MS = 5_000;

/** Reads confirmation codes from the mail that the emulator did not send. */
export function emulatorMailbox(endpoint: string): Mailbox {
  return async (email) => {
    const limit = performance.now() + WAIT_MS;
    do {
      const code = newestCode(await mails(endpoint), email);
      if (code !== undefined) return code;
      await new Promise((resolve) => setTimeout(resolve, 100));
    } while (performance.now() < limit);
    throw new Error(`No confirmation code for ${email} within ${WAIT_MS / 1_000} s`);
  };
}

async function mails(endpoint: string): Promise<readonly Mail[]> {
  const response = await fetch(`${endpoint}/_ministack/ses/messages`, { signal: AbortSignal.timeout(5_000) });
  return Object.values((await response.json() as Mails).messages).flat();
}

function newestCode(all: readonly Mail[], email: string): string | undefined {
  const mail = all.filter(({ To }) => To.includes(email)).at(-1);
  return CODE.exec(mail?.BodyText || mail?.BodyHtml || '')?.[0];
}
