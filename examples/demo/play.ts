import { type Client, inParallel } from './client';
import { gather, type Mailbox, type Person, WIDTH } from './people';

export interface Option { readonly optionId: string; readonly text: string }
export interface Counts { readonly counts: Record<string, number>; readonly total: number; readonly version: number; readonly status: string }

/** What the play tells while it goes on. */
export interface Stage {
  step<T>(title: string, act: () => Promise<T>, told?: (result: T) => string): Promise<T>;
  bars(question: string, options: Option[], counts: Counts, expected: number): void;
}

/** What was seen: every figure is counted from answers, none is assumed. */
export interface Outcome {
  voters: number;
  cast: number;
  counted: number;
  repeats: number;
  repeatsRefusedOrSame: number;
  strangerStatus: number;
  afterCloseStatus: number;
  expectedCounts: Record<string, number>;
  counts: Record<string, number>;
  roomId: string;
  pollId: string;
  owner: Person;
}

const QUESTION = 'Where do we have lunch?';
const DISHES = ['The noodle bar', 'The salad place', 'Pizza, as always', 'Cooking together'];
/** Which dish one after the other of the crowd likes: not all alike, so that a miscount shows. */
const TASTES = [0, 2, 1, 0, 3, 2, 0, 1, 0, 2];
/** The results lag behind the votes by a second or two; this is when something is wrong. */
const COUNT_LIMIT_MS = 30_000;

/** A crowd meets in a room and votes; some repeat themselves, one changes their mind, a stranger tries the door. */
export async function play(client: Client, mailbox: Mailbox, voters: number, stage: Stage, run: string): Promise<Outcome> {
  const [stranger, ...people] = await stage.step(`${voters} people and a stranger register, confirm and log in`, () => gather(client, mailbox, voters + 1, run));
  const [owner, ...others] = people;

  const room = await stage.step(`${owner.name} creates a room`, async () =>
    (await client.expect([201], 'POST', '/rooms', { token: owner.token, body: { name: 'Lunch' } })).body, (made) => `invite code ${made.inviteCode}`);
  await stage.step(`${others.length} others join by the code, a few of them twice`, () => inParallel(WIDTH, [...others, ...others.slice(0, 3)], (person) =>
    client.expect([200], 'POST', '/rooms/join', { token: person.token, body: { inviteCode: room.inviteCode } })));

  const poll = await stage.step(`${owner.name} opens a poll`, async () =>
    (await client.expect([201], 'POST', `/rooms/${room.roomId}/polls`, { token: owner.token, body: { question: QUESTION, options: DISHES } })).body, () => QUESTION);
  const path = `/rooms/${room.roomId}/polls/${poll.pollId}`;
  const options: Option[] = poll.options;

  const strangerStatus = await stage.step('The stranger tries to vote', async () =>
    (await client.call('POST', `${path}/votes`, { token: stranger.token, body: { optionId: options[0].optionId } })).status, (status) => `refused with ${status}`);

  const choices = people.map((_, index) => options[TASTES[index % TASTES.length]].optionId);
  const vote = (index: number, optionId: string) => client.call('POST', `${path}/votes`, { token: people[index].token, body: { optionId } });
  const results = async (): Promise<Counts> => (await client.expect([200], 'GET', `${path}/results`, { token: owner.token })).body;

  let voting = true;
  const watching = watch(results, (counts) => stage.bars(QUESTION, options, counts, voters), () => voting);
  const cast = await stage.step('Everybody votes', async () =>
    (await inParallel(WIDTH, people, (_, index) => vote(index, choices[index]))).filter(({ status }) => status === 201).length, (accepted) => `${accepted} accepted`);

  const repeaters = people.map((_, index) => index).filter((index) => index % 4 === 0);
  const repeats = await stage.step(`Repeated votes: ${repeaters.length + 1}, the last of them for another option`, () => inParallel(WIDTH, [...repeaters, 0], (index, nth) =>
    vote(index, nth === repeaters.length ? other(options, choices[index]) : choices[index])), (answers) => `answered ${statuses(answers)}`);
  const expectedRepeats = repeats.filter(({ status }, nth) => status === (nth === repeaters.length ? 409 : 200)).length;

  voting = false;
  await watching;
  const final = await stage.step('The results arrive', () => until(results, ({ total }) => total >= voters), ({ total }) => `${total} counted`);
  stage.bars(QUESTION, options, final, voters);

  await stage.step(`${owner.name} closes the poll`, () => client.expect([200], 'POST', `${path}/close`, { token: owner.token }));
  const afterCloseStatus = await stage.step('Somebody votes too late', async () => (await vote(0, choices[0])).status, (status) => `refused with ${status}`);
  const { counts, total } = await results();

  const expectedCounts = Object.fromEntries(options.map(({ optionId }) => [optionId, choices.filter((choice) => choice === optionId).length]));
  return {
    voters,
    cast,
    counted: total,
    repeats: repeats.length,
    repeatsRefusedOrSame: expectedRepeats,
    strangerStatus,
    afterCloseStatus,
    expectedCounts,
    counts,
    roomId: room.roomId,
    pollId: poll.pollId,
    owner,
  };
}

/** What is not as promised: empty where all is. */
export function complaints(outcome: Outcome): string[] {
  const found: string[] = [];
  if (outcome.cast !== outcome.voters) found.push(`${outcome.cast} of ${outcome.voters} first votes were accepted`);
  if (outcome.counted !== outcome.cast) found.push(`${outcome.cast} votes were cast and ${outcome.counted} counted`);
  if (JSON.stringify(outcome.counts) !== JSON.stringify(outcome.expectedCounts)) found.push(`the counts are ${JSON.stringify(outcome.counts)} instead of ${JSON.stringify(outcome.expectedCounts)}`);
  if (outcome.repeatsRefusedOrSame !== outcome.repeats) found.push(`${outcome.repeats - outcome.repeatsRefusedOrSame} repeated votes were answered wrongly`);
  if (outcome.strangerStatus !== 404) found.push(`the stranger got ${outcome.strangerStatus} instead of 404`);
  if (outcome.afterCloseStatus !== 409) found.push(`a vote after the close got ${outcome.afterCloseStatus} instead of 409`);
  return found;
}

async function watch(results: () => Promise<Counts>, show: (counts: Counts) => void, going: () => boolean): Promise<void> {
  while (going()) {
    show(await results());
    await pause(300);
  }
}

async function until(results: () => Promise<Counts>, done: (counts: Counts) => boolean): Promise<Counts> {
  const limit = performance.now() + COUNT_LIMIT_MS;
  let counts = await results();
  while (!done(counts) && performance.now() < limit) {
    await pause(200);
    counts = await results();
  }
  return counts;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const other = (options: Option[], optionId: string) => options.find((option) => option.optionId !== optionId)!.optionId;
const statuses = (answers: Array<{ status: number }>) => {
  const byStatus = new Map<number, number>();
  for (const { status } of answers) byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
  return [...byStatus].map(([status, count]) => `${count} × ${status}`).join(', ');
};
