import { type Client, inParallel } from './client';

/** Somebody with an account, logged in. */
export interface Person {
  readonly name: string;
  readonly email: string;
  readonly userId: string;
  readonly token: string;
}

/** Gives the confirmation code that an address was sent. */
export type Mailbox = (email: string) => Promise<string>;

const NAMES = ['Ada', 'Ben', 'Cleo', 'Dev', 'Ewa', 'Finn', 'Gita', 'Hugo', 'Ines', 'Jun', 'Kofi', 'Lena', 'Max', 'Noor', 'Omar', 'Pia', 'Quin', 'Rosa', 'Sami', 'Tara'];
const PASSWORD = 'Correct-horse-battery-1';
/** Requests at once: more only queue on two processors. */
const WIDTH = 6;

/** Registers, confirms and logs in a crowd. */
export function gather(client: Client, mailbox: Mailbox, count: number, run: string): Promise<Person[]> {
  return inParallel(WIDTH, Array.from({ length: count }), (_, index) => enrol(client, mailbox, index, run));
}

async function enrol(client: Client, mailbox: Mailbox, index: number, run: string): Promise<Person> {
  const name = `${NAMES[index % NAMES.length]}${index < NAMES.length ? '' : ` ${Math.floor(index / NAMES.length) + 1}`}`;
  const email = `${name.toLowerCase().replace(' ', '')}.${run}@people.example`;
  await client.expect([201], 'POST', '/auth/register', { body: { email } });
  await client.expect([204], 'POST', '/auth/confirm', { body: { email, code: await mailbox(email), password: PASSWORD, displayName: name } });
  const { body: tokens } = await client.expect([200], 'POST', '/auth/login', { body: { email, password: PASSWORD } });
  const { body: { userId } } = await client.expect([200], 'GET', '/me', { token: tokens.accessToken });
  return { name, email, userId, token: tokens.accessToken };
}

export { PASSWORD, WIDTH };
