import { quantile, tallyOf } from '../statistics';
import type { Reply } from './http';
import type { Site } from './site';

/** A burst must be counted within this multiple of its own length. */
export const DRAIN_LIMIT = 1.2;
export const FACTOR = 10;

export interface StepPlan {
  readonly baseRate: number;
  readonly baseSeconds: number;
  readonly burstRate: number;
  readonly burstSeconds: number;
}

export interface StepFigures extends StepPlan {
  /** Votes of different people, and those sent a second time at the same moment. */
  readonly offered: number;
  readonly sentTwice: number;
  readonly statuses: Record<string, number>;
  readonly accepted: number;
  readonly lost: number;
  readonly double: number;
  /** Whether the tallies, the results and the ballots agree for every option with what was accepted. */
  readonly exact: boolean;
  /** From the first vote of the burst to its last one counted, by the burst's length. */
  readonly drainedIn: number;
  /** The same to the last one answered. */
  readonly answeredIn: number;
  readonly latencyMs: { readonly base: Latency; readonly burst: Latency };
}

interface Latency { readonly p50: number; readonly p95: number; readonly p99: number }
interface Sent { readonly voter: number; readonly reply: Reply | undefined }

const COUNT_LIMIT_MS = 60_000;
/** Results are kept for a second in an instance, so the last ones may be that old; and what counts twice would show by then. */
const SETTLE_MS = 2_500;
const EVERY_TWICE = 20;
/** A queue in front of a server that is asked for all it can do only grows: the burst keeps a little away from that. */
const SHARE_OF_CEILING = 0.8;

/** As many votes as there are voters, at a tenth of what the machine can do and then at about that. */
export function planStep(ceiling: number, voters: number, burstSeconds: number): StepPlan {
  const baseSeconds = Math.max(2, burstSeconds / 2);
  const most = Math.floor((voters - 1) / (burstSeconds + baseSeconds / FACTOR));
  const burstRate = Math.max(FACTOR, Math.floor(Math.min(ceiling * SHARE_OF_CEILING, most) / FACTOR) * FACTOR);
  return { baseRate: burstRate / FACTOR, baseSeconds, burstRate, burstSeconds };
}

/** Votes on one poll that come whether or not the ones before were answered: first at the base rate, then at ten times that. */
export async function measureStep(site: Site, plan: StepPlan): Promise<StepFigures> {
  const poll = await site.poll();
  const base = plan.baseRate * plan.baseSeconds;
  const burst = plan.burstRate * plan.burstSeconds;
  const votes: Array<Promise<Sent>> = [];
  const twice: Array<Promise<Sent>> = [];
  const cast = (voter: number): Promise<Sent> => site.vote(poll, voter).then((reply) => ({ voter, reply }), () => ({ voter, reply: undefined }));
  const send = (voter: number) => {
    votes.push(cast(voter));
    if (voter % EVERY_TWICE === 0) twice.push(cast(voter));
  };
  await atRate(plan.baseRate, 0, base, send);
  const burstAt = performance.now();
  await atRate(plan.burstRate, base, base + burst, send);
  const answers = await Promise.all(votes);
  await Promise.all(twice);
  const answeredAt = performance.now();
  const again = await Promise.all(twice);

  // A vote is in if any of its requests was accepted: the second one may be what came through.
  const accepted = new Set([...answers, ...again].filter(({ reply }) => reply !== undefined && reply.status < 300).map(({ voter }) => voter));
  const countedAt = await site.counted(poll, accepted.size, COUNT_LIMIT_MS);
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const [results, ballots] = [await site.results(poll), await site.ballots(poll)];
  const expected: Record<string, number> = Object.fromEntries(poll.options.map(({ optionId }) => [optionId, 0]));
  for (const voter of accepted) expected[site.optionOf(poll, voter)] += 1;
  const difference = results.total - accepted.size;
  const latency = (from: number, to: number): Latency => {
    const ms = answers.slice(from, to).flatMap(({ reply }) => (reply === undefined ? [] : [reply.ms]));
    return { p50: quantile(ms, 0.5), p95: quantile(ms, 0.95), p99: quantile(ms, 0.99) };
  };
  return {
    ...plan,
    offered: votes.length,
    sentTwice: twice.length,
    statuses: tallyOf([...answers, ...again].map(({ reply }) => reply?.status ?? 0)),
    accepted: accepted.size,
    lost: Math.max(0, -difference),
    double: Math.max(0, difference),
    exact: poll.options.every(({ optionId }) =>
      results.counts[optionId] === expected[optionId] && (ballots.counts[optionId] ?? 0) === expected[optionId]),
    drainedIn: ((countedAt ?? Infinity) - burstAt) / 1_000 / plan.burstSeconds,
    answeredIn: (answeredAt - burstAt) / 1_000 / plan.burstSeconds,
    latencyMs: { base: latency(0, base), burst: latency(base, base + burst) },
  };
}

/** Sends numbers from one to before another, so many a second: what the timer was late for is sent at once. */
async function atRate(perSecond: number, from: number, to: number, send: (number: number) => void): Promise<void> {
  const started = performance.now();
  for (let next = from; next < to;) {
    const due = Math.min(to, from + Math.floor((performance.now() - started) / 1_000 * perSecond) + 1);
    for (; next < due; next += 1) send(next);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  // The last one takes its share of a second, too.
  const left = (to - from) / perSecond * 1_000 - (performance.now() - started);
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
}
