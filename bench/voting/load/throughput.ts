import { median, quantile, tallyOf } from '../statistics';
import type { Reply } from './http';
import type { Site } from './site';

/** The least share of a plain endpoint's throughput that voting must reach. */
export const THROUGHPUT_LIMIT = 0.8;

export interface ThroughputFigures {
  readonly rounds: number;
  readonly requestsPerRound: number;
  readonly connections: number;
  /** Requests answered a second: the medians of the rounds. */
  readonly plainPerSecond: number;
  readonly votesPerSecond: number;
  /** Of the plain endpoint that reads once before its put: the least that is asked of who does not let everybody vote. */
  readonly withReadPerSecond: number;
  /** The median of the rounds' ratios: each round of votes against the plain one just before it. */
  readonly ratio: number;
  /** The same against the plain endpoint that reads before it puts. */
  readonly ratioToRead: number;
  /** The same as `ratio` where a round ends when its last vote is counted. */
  readonly ratioUntilCounted: number;
  /** Milliseconds from the last answer to the last vote counted. */
  readonly countedAfterMs: number;
  readonly p50Ms: { readonly plain: number; readonly votes: number };
  readonly ratios: number[];
  readonly statuses: Record<string, number>;
}

const COUNT_LIMIT_MS = 30_000;

/** The same people by the same client, plain puts and votes by turns; the votes are counted while they come. */
export async function measureThroughput(site: Site, requests: number, rounds: number, connections: number): Promise<ThroughputFigures> {
  const voters = Array.from({ length: requests }, (_, index) => index);
  const warm = voters.slice(0, Math.min(requests, connections * 3));
  const practice = await site.poll();
  await run(warm, connections, (voter) => site.plain(voter));
  await run(warm, connections, (voter) => site.plain(voter, true));
  await run(warm, connections, (voter) => site.vote(practice, voter));
  await site.counted(practice, warm.length, COUNT_LIMIT_MS);

  const all: Array<{ plain: Round; reads: Round; votes: Round; countedMs: number }> = [];
  for (let round = 0; round < rounds; round += 1) {
    const plain = await run(voters, connections, (voter) => site.plain(voter));
    const reads = await run(voters, connections, (voter) => site.plain(voter, true));
    const poll = await site.poll();
    const started = performance.now();
    const votes = await run(voters, connections, (voter) => site.vote(poll, voter));
    const counted = await site.counted(poll, requests, COUNT_LIMIT_MS);
    all.push({ plain, reads, votes, countedMs: (counted ?? Infinity) - started });
  }
  const perSecond = (ms: number) => requests / ms * 1_000;
  const ratios = all.map(({ plain, votes }) => plain.ms / votes.ms);
  return {
    rounds,
    requestsPerRound: requests,
    connections,
    plainPerSecond: perSecond(median(all.map(({ plain }) => plain.ms))),
    votesPerSecond: perSecond(median(all.map(({ votes }) => votes.ms))),
    withReadPerSecond: perSecond(median(all.map(({ reads }) => reads.ms))),
    ratio: median(ratios),
    ratioToRead: median(all.map(({ reads, votes }) => reads.ms / votes.ms)),
    ratioUntilCounted: median(all.map(({ plain, countedMs }) => plain.ms / countedMs)),
    countedAfterMs: median(all.map(({ votes, countedMs }) => countedMs - votes.ms)),
    p50Ms: { plain: median(all.map(({ plain }) => plain.p50Ms)), votes: median(all.map(({ votes }) => votes.p50Ms)) },
    ratios,
    statuses: tallyOf(all.flatMap(({ votes }) => votes.statuses)),
  };
}

interface Round { readonly ms: number; readonly p50Ms: number; readonly statuses: number[] }

async function run(voters: readonly number[], atOnce: number, call: (voter: number) => Promise<Reply>): Promise<Round> {
  const replies: Reply[] = [];
  const queue = voters.values();
  const started = performance.now();
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (const voter of queue) replies.push(await call(voter));
  }));
  const ms = performance.now() - started;
  const failed = replies.find(({ status }) => status < 200 || status > 299);
  if (failed !== undefined) throw new Error(`A request of the load was answered ${failed.status}: ${JSON.stringify(failed.body)}`);
  return { ms, p50Ms: quantile(replies.map((reply) => reply.ms), 0.5), statuses: replies.map(({ status }) => status) };
}
