import { setTimeout as wait } from 'node:timers/promises';

const EVERY_MS = 1_000;
const PATIENCE_MS = 5_000;

/** A mail that would have been sent on AWS, such as one with a confirmation code of a user pool. */
export interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

interface RawMail {
  readonly To?: readonly string[];
  readonly Subject?: string;
  readonly BodyText?: string | null;
  readonly BodyHtml?: string | null;
}

/** All mails that the emulator keeps instead of sending them, the oldest first. */
export async function readMails(endpoint: string): Promise<Mail[]> {
  const response = await fetch(`${endpoint}/_ministack/ses/messages`, { signal: AbortSignal.timeout(PATIENCE_MS) });
  const { messages } = await response.json() as { messages: Readonly<Record<string, readonly RawMail[]>> };
  return Object.values(messages).flat().map(({ To: to = [], Subject: subject = '', BodyText: text, BodyHtml: html }) => ({
    to, subject, text: text === null || text === undefined || text === '' ? withoutTags(html ?? '') : text,
  }));
}

/** Hands on each mail that comes from now on, until it is told to stop. */
export async function followMails(endpoint: string, onMail: (mail: Mail) => void, signal: AbortSignal): Promise<void> {
  let known = 0;
  while (!signal.aborted) {
    // A read that fails is one of an emulator that is going.
    const mails = await readMails(endpoint).catch(() => []);
    for (const mail of mails.slice(known)) onMail(mail);
    known = Math.max(known, mails.length);
    await wait(EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

function withoutTags(html: string): string {
  return html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim();
}
