import { type PollHistory, type VoteRecord, type Violations } from '../checks/history';
import type { Answer, Endpoint, Gateway } from '../services/gateway';
import type { Simulation } from '../services/lambda';
import { type Closer, type Intent, OUTSIDER, OWNER, type PollPlan } from './scenario';

export interface Stage {
  readonly simulation: Simulation;
  readonly gateway: Gateway;
  readonly roomId: string;
  readonly endpoints: Readonly<Record<'castVote' | 'closePoll' | 'createPoll' | 'results', Endpoint>>;
  readonly violations: Violations;
}

const RETRY = { least: 50, most: 3_000 };
/** How often somebody doubts that a vote was really kept. */
const DOUBTS = 2;

/** The people: they make polls, vote, repeat themselves, close. Each goes on by what the API tells them. */
export class Actors {
  constructor(private readonly stage: Stage) {}

  /** Makes the poll, however often it takes, under one idempotency key; then lets everybody else begin. */
  open(history: PollHistory): void {
    const { plan } = history;
    const { gateway, roomId, endpoints, simulation: { scheduler, random, faults } } = this.stage;
    const { name, creator, options, revote, maxChoices } = plan;
    let begun = false;
    // The same times with every repetition, as the same key demands it.
    const time = (after: number | undefined) => (after === undefined ? undefined : new Date(plan.at + after).toISOString());
    const times = { opensAt: time(plan.opensAfter), closesAt: time(plan.closesAfter) };
    const body = { question: name, options, revote, maxChoices, ...times, visibility: plan.visibility };
    const ask = () => gateway.send({
      endpoint: endpoints.createPoll,
      caller: creator,
      path: { roomId },
      body,
      headers: { 'idempotency-key': name },
      answered: ({ status, body: { pollId } }) => {
        if (status === 201) history.created.add(String(pollId));
      },
    }, (answer) => {
      // A poll whose end is past before anybody could make it is made no more.
      if (answer?.status === 400) return;
      if (answer?.status !== 201) return this.later(ask);
      history.pollId = String(answer.body.pollId);
      if (begun) return;
      begun = true;
      this.say(creator, () => `${name} is ${history.pollId}`);
      this.begin(history);
    });
    scheduler.at(plan.at, ask);
    if (faults.happens('sent-twice')) scheduler.at(plan.at + random.int(0, 3_000), ask);
  }

  private begin(history: PollHistory): void {
    const { plan: { intents, closers } } = history;
    const { scheduler, faults, random } = this.stage.simulation;
    for (const intent of intents) {
      if (intent.copies > 1) faults.count('sent-twice');
      for (let copy = 0; copy < intent.copies; copy += 1) scheduler.after(intent.at, () => this.vote(history, intent, 1));
    }
    for (const closer of closers) scheduler.after(closer.at, () => this.close(history, closer, 1));
    this.watch(history, this.lastMoment(history.plan));
    scheduler.after(random.int(0, 5_000), () => this.peep(history));
  }

  private vote(history: PollHistory, intent: Intent, attempt: number): void {
    const { simulation: { scheduler }, gateway, roomId, endpoints } = this.stage;
    const { voter, optionIds, attempts, doubtful } = intent;
    const choice = [...optionIds].sort().join();
    const sentAt = scheduler.now;
    let record: VoteRecord | undefined;
    gateway.send({
      endpoint: endpoints.castVote,
      caller: voter,
      path: { roomId, pollId: history.pollId! },
      body: history.plan.maxChoices === 1 ? { optionId: optionIds[0] } : { optionIds },
      accepted: (acceptedAt) => {
        record = { voter, choice, sentAt, acceptedAt };
        history.votes.push(record);
        this.say(voter, () => `asks for ${choice} in ${history.plan.name}, stamped ${acceptedAt}`);
      },
      answered: (answer) => {
        record!.answer = answer;
        this.say(voter, () => `is answered ${answer.status} ${JSON.stringify(answer.body)}`);
      },
    }, (answer) => {
      const again = !settled(answer) || (doubtful && answer?.status === 202 && attempt <= DOUBTS);
      if (again && attempt < attempts) return this.later(() => this.vote(history, intent, attempt + 1));
      if (!settled(answer) && attempts > 10) this.stage.violations.add('unsettled', `${voter} was not told in ${attempts} attempts what became of a vote`, 0);
    });
  }

  private close(history: PollHistory, closer: Closer, attempt: number): void {
    const { simulation: { scheduler }, gateway, roomId, endpoints, violations } = this.stage;
    const { who, attempts } = closer;
    gateway.send({
      endpoint: endpoints.closePoll,
      caller: who,
      path: { roomId, pollId: history.pollId! },
      answered: ({ status, body: { closedAt } }) => {
        history.closes.push({ who, status, at: scheduler.now, ...(typeof closedAt === 'string' ? { closedAt } : {}) });
        this.say(who, () => `closes ${history.plan.name}: ${status} ${String(closedAt ?? '')}`);
      },
    }, (answer) => {
      if (settled(answer)) return;
      if (attempt < attempts) this.later(() => this.close(history, closer, attempt + 1));
      else if (attempts > 10) violations.add('unsettled', `${who} could not close ${history.plan.name} in ${attempts} attempts`, 0);
    });
  }

  /** Somebody who never votes looks at the results again and again, one look after the other. */
  private watch(history: PollHistory, until: number): void {
    const { simulation: { scheduler, random }, violations } = this.stage;
    const { name, visibility } = history.plan;
    let last = { version: 0, counts: '' };
    const look = () => this.look(history, OWNER, last.version, (answer) => {
      if (answer?.status === 200) {
        const { body: { version, counts, status } } = answer;
        const seen = { version: Number(version), counts: JSON.stringify(counts) };
        if (seen.version < last.version) violations.add('version', `Version ${seen.version} of ${name} after ${last.version}`, 0);
        if (seen.version === last.version && seen.counts !== last.counts && last.counts !== '') {
          violations.add('version', `Version ${seen.version} of ${name} is ${last.counts} and ${seen.counts}`, 0);
        }
        if (visibility !== 'always' && status !== 'closed') violations.add('seen', `The results of ${name} are shown ${String(visibility)}, and were at once`, 0);
        last = seen;
      }
      if (scheduler.now < until) scheduler.after(random.int(200, 1_500), look);
    });
    look();
  }

  /** Somebody looks who is not in the room. */
  private peep(history: PollHistory): void {
    this.look(history, OUTSIDER, 0, (answer) => {
      if (answer?.status === 200) this.stage.violations.add('seen', `${OUTSIDER} saw the results of ${history.plan.name}`, 0);
    });
  }

  private look(history: PollHistory, caller: string, atLeast: number, seen: (answer: Answer | undefined) => void): void {
    const { gateway, roomId, endpoints } = this.stage;
    let answer: Answer | undefined;
    gateway.send({
      endpoint: endpoints.results,
      caller,
      path: { roomId, pollId: history.pollId! },
      query: { atLeast: String(atLeast) },
      // Also what the caller does not hear any more was shown.
      answered: (given) => { answer = given; },
    }, () => seen(answer));
  }

  private lastMoment({ intents, closers }: PollPlan): number {
    return this.stage.simulation.scheduler.now + Math.max(0, ...intents.map(({ at }) => at), ...closers.map(({ at }) => at)) + 3_000;
  }

  private later(again: () => void): void {
    const { scheduler, random } = this.stage.simulation;
    scheduler.after(random.int(RETRY.least, RETRY.most), again);
  }

  private say(actor: string, what: () => string): void {
    this.stage.simulation.trace.add(actor, what);
  }
}

/** Whether there is nothing to repeat: taken, or refused for good. */
function settled(answer: Answer | undefined): boolean {
  return answer !== undefined && answer.status < 500 && answer.status !== 429;
}
