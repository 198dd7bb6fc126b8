import type { RecountResult } from '../../src/voting/contract';
import { Interruption } from '../interruption';
import { type DecodedLetter, decoded } from '../letters/group';
import { type Reading, reading } from '../letters/reading';
import type { Queues, Recounts, Streams } from '../ports';
import { concernedPolls, mayHaveTakenBallots, type Untold } from './concerned';
import type { NamedPoll, RoomFinder } from './rooms';

/** The time that a recount may take, the longest that a function runs. */
const HOLD_SECONDS = 900;

export interface CountRedrivePorts {
  readonly queues: Queues;
  readonly recounts: Recounts;
  readonly streams: () => Promise<Streams>;
  readonly rooms: RoomFinder;
  readonly note: (line: string) => void;
  readonly interruption?: Interruption;
}

export interface CountRedrive {
  readonly url: string;
  readonly recountFunction: string;
  readonly most: number;
  /** Only messages that this takes. */
  readonly wanted: (id: string) => boolean;
  /** The polls of batches that the stream has forgotten. */
  readonly named: readonly NamedPoll[];
  /** For such batches: every poll that can have been concerned. */
  readonly allRecent: boolean;
}

export interface RecountedPoll {
  readonly pollId: string;
  readonly roomId?: string;
  readonly result?: RecountResult;
  /** Why there is no result. */
  readonly failure?: string;
}
export interface KeptLetter {
  readonly id: string;
  readonly cause: Untold['cause'] | 'unproven' | 'unreadable' | 'undeleted';
  readonly why: string;
}
export interface CountRedriven {
  readonly polls: readonly RecountedPoll[];
  readonly removed: number;
  readonly kept: readonly KeptLetter[];
}

interface Case extends DecodedLetter {
  readonly polls: ReadonlySet<string>;
}

/**
 * Makes good what dead letters of counting stand for, and deletes them. They cannot be sent to the counter again: the lane
 * has counted what came after, and its checkpoint is beyond them. But the ballots are all in the table: each poll concerned
 * is counted from them anew, and a letter goes once all of its polls were proven equal or mended.
 */
export async function redriveCount(ports: CountRedrivePorts, redrive: CountRedrive): Promise<CountRedriven> {
  return reading(ports.queues, { url: redrive.url, holdSeconds: HOLD_SECONDS, interruption: ports.interruption }, async (letters) => {
    for (const poll of redrive.named) ports.rooms.know(poll);
    const wanted = (await letters.upTo(redrive.most, ({ id }) => redrive.wanted(id))).map(decoded);
    const { cases, kept } = await sort(ports, redrive, wanted);
    const polls = await recountAll(ports, redrive, letters, new Set(cases.flatMap((item) => [...item.polls])));

    const proven = new Set(polls.filter(({ result }) => result?.equal === true).map(({ pollId }) => pollId));
    const unreadable = new Set(polls.filter(({ result }) => result?.lanes.some((lane) => (lane.unreadable ?? 0) > 0)).map(({ pollId }) => pollId));
    const [proved, unhealed] = split(cases, (item) => [...item.polls].every((pollId) => proven.has(pollId)));
    // What could not be read still stands in the table: the letter is all that tells of it.
    const [unread, healed] = split(proved, (item) => [...item.polls].some((pollId) => unreadable.has(pollId)));
    for (const { letter } of unread) kept.push({ id: letter.id, cause: 'unreadable', why: 'its poll has a ballot that cannot be read, which counts for nothing' });
    const removed = await letters.remove(healed.map(({ letter }) => letter));
    for (const { letter, polls: concerned } of unhealed) {
      kept.push({ id: letter.id, cause: 'unproven', why: `not proven: poll ${[...concerned].filter((pollId) => !proven.has(pollId)).join(', ')}` });
    }
    for (const { letter } of healed) if (!removed.has(letter.id)) kept.push({ id: letter.id, cause: 'undeleted', why: 'it is made good, but could not be deleted' });
    return { polls, removed: removed.size, kept };
  });
}

/** The letters whose polls can be told, and the others. */
async function sort(
  ports: CountRedrivePorts, redrive: CountRedrive, letters: readonly DecodedLetter[],
): Promise<{ cases: Case[]; kept: KeptLetter[] }> {
  const cases: Case[] = [];
  const kept: KeptLetter[] = [];
  for (const item of letters) {
    const concerned = await concernedPolls(item.content, ports.streams);
    if ('polls' in concerned) {
      cases.push({ ...item, polls: concerned.polls });
      continue;
    }
    const assumed = concerned.cause === 'none' ? [] : await assumedPolls(ports, redrive, concerned.arrived);
    if (assumed.length > 0) cases.push({ ...item, polls: new Set(assumed) });
    else kept.push({ id: item.letter.id, cause: concerned.cause, why: concerned.why });
  }
  return { cases, kept };
}

async function assumedPolls({ rooms }: CountRedrivePorts, { named, allRecent }: CountRedrive, arrived: readonly [number, number]): Promise<string[]> {
  if (!allRecent) return named.map(({ pollId }) => pollId);
  return (await rooms.all()).filter((poll) => mayHaveTakenBallots(poll, arrived)).map(({ pollId }) => pollId);
}

async function recountAll(ports: CountRedrivePorts, redrive: CountRedrive, letters: Reading, polls: ReadonlySet<string>): Promise<RecountedPoll[]> {
  const recounted: RecountedPoll[] = [];
  for (const pollId of polls) {
    ports.interruption?.check();
    // One poll may take minutes: the letters must still be ours when it is done.
    await letters.keep(HOLD_SECONDS);
    ports.note(`Recounting poll ${pollId} (${recounted.length + 1} of ${polls.size})`);
    recounted.push(await recountOne(ports, redrive, pollId));
  }
  return recounted;
}

async function recountOne(ports: CountRedrivePorts, { recountFunction }: CountRedrive, pollId: string): Promise<RecountedPoll> {
  const { recounts, rooms, interruption = new Interruption() } = ports;
  const roomId = await rooms.roomOf(pollId);
  if (roomId === undefined) return { pollId, failure: 'The table has no such poll; if it was deleted, drop the message' };
  try {
    const result = await interruption.race(recounts.recount(recountFunction, { roomId, pollId, mend: true }, interruption.signal));
    return { pollId, roomId, result };
  } catch (error) {
    interruption.check();
    return { pollId, roomId, failure: (error as Error).message };
  }
}

function split<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}
