import { setTimeout as wait } from 'node:timers/promises';
import { AwsClient } from '../aws/client';
import type { LocalCloud } from '../types';

const EVERY_MS = 1_000;

/** The part of a local cloud that is needed to read its mails. */
export type MailboxOf = Pick<LocalCloud, 'endpoint' | 'region' | 'credentials'>;

/** A mail that would have been sent on AWS, such as one with a confirmation code of a user pool. */
export interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

/** A mail, and when it would have been sent, in milliseconds. */
export interface TimedMail extends Mail {
  readonly timestamp: number;
}

interface RawMail {
  /** In seconds. */
  readonly Timestamp?: number;
  readonly To?: readonly string[];
  readonly Subject?: string;
  readonly BodyText?: string | null;
  readonly BodyHtml?: string | null;
}

/** All mails that a local cloud keeps instead of sending them, the oldest first. Reading them requires its credentials. */
export async function readMails(cloud: MailboxOf): Promise<Mail[]> {
  return (await readTimedMails(cloud)).map(({ to, subject, text }) => ({ to, subject, text }));
}

/** The same with their times, for lines among those of a log. */
export async function readTimedMails(cloud: MailboxOf): Promise<TimedMail[]> {
  const aws = clientOf(cloud);
  try {
    return await readBox(aws);
  } finally {
    aws.close();
  }
}

function clientOf({ endpoint, region, credentials }: MailboxOf): AwsClient {
  return new AwsClient({ endpoint, region, credentials, clock: Date.now });
}

async function readBox(aws: AwsClient): Promise<TimedMail[]> {
  const { messages } = await aws.rest<{ messages: Readonly<Record<string, readonly RawMail[]>> }>('ministack', 'GET', '/_ministack/ses/messages');
  return Object.values(messages).flat().map(({ To: to = [], Subject: subject = '', BodyText: text, BodyHtml: html, Timestamp: seconds = Date.now() / 1_000 }) => ({
    timestamp: seconds * 1_000,
    to,
    subject,
    text: text === null || text === undefined || text === '' ? withoutTags(html ?? '') : text,
  }));
}

/** Hands on each mail after the first `known` ones, until it is told to stop. */
export async function followMails(cloud: MailboxOf, onMail: (mail: TimedMail) => void, signal: AbortSignal, known = 0): Promise<void> {
  const aws = clientOf(cloud);
  while (!signal.aborted) {
    // A read that fails is one of an emulator that is going.
    const mails = await readBox(aws).catch(() => []);
    for (const mail of mails.slice(known)) onMail(mail);
    known = Math.max(known, mails.length);
    await wait(EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
  aws.close();
}

function withoutTags(html: string): string {
  return html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim();
}
