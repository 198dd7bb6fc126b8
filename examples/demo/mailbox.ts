import type { Mailbox } from './people';

interface Message { readonly to?: unknown; readonly body?: unknown }

const CODE = /\b\d{6}\b/;
const WAIT_MS = 5_000;

/** Reads confirmation codes from the mail that the emulator did not send. */
export function emulatorMailbox(endpoint: string): Mailbox {
  return async (email) => {
    const limit = performance.now() + WAIT_MS;
    do {
      const code = newestCode(await messages(endpoint), email);
      if (code !== undefined) return code;
      await new Promise((resolve) => setTimeout(resolve, 100));
    } while (performance.now() < limit);
    throw new Error(`No confirmation code for ${email} within ${WAIT_MS / 1_000} s`);
  };
}

async function messages(endpoint: string): Promise<Message[]> {
  const response = await fetch(`${endpoint}/_ministack/ses/messages`, { signal: AbortSignal.timeout(5_000) });
  const answer = await response.json() as { messages?: Message[] };
  return answer.messages ?? [];
}

function newestCode(all: Message[], email: string): string | undefined {
  const mine = all.map((message) => JSON.stringify(message)).filter((text) => text.includes(email));
  return CODE.exec(mine.at(-1)?.replaceAll(email, '') ?? '')?.[0];
}
