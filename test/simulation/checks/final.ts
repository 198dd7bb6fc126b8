import { type DeadBallot, type QueuedBallot, VotingTable } from '../../../src/voting/contract';
import type { Item } from '../services/dynamo/expressions';
import { PK } from '../services/dynamo/table';
import type { Answer } from '../services/gateway';
import { OWNER } from '../world/scenario';
import { ROOM, type World } from '../world/world';
import { checkBallots } from './ballots';
import { checkClosing } from './closing';
import type { PollHistory, VoteRecord } from './history';
import { checkTallies } from './tallies';

/** How long anybody may have to wait for a decision about a vote, once nothing goes wrong any more, and how often they ask. */
const DECIDED_WITHIN_MS = 10_000;
const ASKED = 5;

/** What has to be true when everything has come to its end: of every vote, of the dead letters, and of what the API says. */
export async function checkAll(world: World): Promise<void> {
  const { streams, givenUp, watch, violations, simulation: { scheduler } } = world;
  await checkDecided(world);
  const letters = world.deadLetters.messages.map(({ body }) => JSON.parse(body) as DeadBallot);
  const buried = new Set(letters.filter(({ keys }) => PK in keys).map(nameOf));
  const unseen = world.hasUnseen;
  const asked = (lane: string) => {
    const history = world.histories.find(({ pollId }) => pollId !== undefined && lane.startsWith(`${VotingTable.BALLOT_PREFIX}${pollId}#`));
    return history !== undefined && (world.asksForRecount(history) || world.unproven.has(history));
  };
  checkTallies(streams, { buried, givenUp, recounted: false, unseen, asked }, watch, violations);

  await redrive(world);
  if (world.overflow.messages.length > 0) violations.add('unsettled', `${world.overflow.messages.length} messages stay in the queue`, 0);
  await recountWhereNeeded(world);
  checkTallies(streams, { buried, givenUp, recounted: true, unseen, asked }, watch, violations);
  checkGivenUp(world);
  for (const history of world.histories) {
    if (history.pollId === undefined) continue;
    checkPoll(world, history, history.pollId);
    let answer: Answer | undefined;
    const call = { endpoint: world.functions.results, caller: OWNER, path: { roomId: ROOM, pollId: history.pollId } };
    world.gateway.send(call, (heard) => { answer = heard; });
    await scheduler.run();
    checkResults(world, history, history.pollId, answer);
  }
}

/** Whatever was announced and settled by nobody: somebody who votes now is told within seconds whether the vote counts. */
async function checkDecided({ histories, functions, gateway, scenario, violations, simulation: { scheduler } }: World): Promise<void> {
  const [voter] = scenario.members;
  for (const history of histories) {
    const { pollId, plan: { name, maxChoices } } = history;
    if (pollId === undefined) continue;
    const choice = { choice: 'o1', body: maxChoices === 1 ? { optionId: 'o1' } : { optionIds: ['o1'] } };
    const began = scheduler.now;
    let left = ASKED;
    let decided: number | undefined;
    const ask = () => {
      left -= 1;
      const sentAt = scheduler.now;
      let record: VoteRecord | undefined;
      gateway.send({
        endpoint: functions.castVote,
        caller: voter,
        path: { roomId: ROOM, pollId },
        body: choice.body,
        accepted: (acceptedAt) => {
          record = { voter, choice: choice.choice, sentAt, acceptedAt };
          history.votes.push(record);
        },
        answered: (answer) => { record!.answer = answer; },
      }, (answer) => {
        if (answer !== undefined && answer.status < 500) decided = scheduler.now;
        else if (left > 0) scheduler.after(1_000, ask);
      });
    };
    ask();
    await scheduler.run();
    if (decided === undefined || decided - began > DECIDED_WITHIN_MS) violations.add('unsettled', `A vote in ${name} was not decided within seconds`, 0);
  }
}

/** Somebody sends the dead letters of the queue on their way again. What is no ballot goes back there. */
async function redrive({ scenario, overflow, overflowDeadLetters, simulation: { faults, trace, scheduler } }: World): Promise<void> {
  if (!scenario.queue.redriven || overflowDeadLetters.messages.length === 0) return;
  faults.count('redrive');
  trace.add('operator', () => `redrives ${overflowDeadLetters.messages.length} messages`);
  overflow.redrive(overflowDeadLetters);
  await scheduler.run();
}

/** What the operator does about the alarms: dead letters that ask for recounts, what was given up, and what the runbook says of streams. */
async function recountWhereNeeded(world: World): Promise<void> {
  for (const history of world.histories) {
    if (!(world.givenUp.length > 0 || world.hasUnseen || world.asksForRecount(history) || world.unproven.has(history))) continue;
    world.recount(history, (equal) => {
      if (!equal) world.violations.add('unsettled', `A recount of ${history.plan.name} does not bring it right`, 0);
    });
  }
  await world.simulation.scheduler.run();
}

function checkPoll({ watch, violations, overflowDeadLetters }: World, history: PollHistory, pollId: string): void {
  const { plan: { name }, created } = history;
  if (created.size !== 1) violations.add('created', `One request made ${created.size} polls of ${name}`, 0);
  const { ballots, put, ...times } = watch.stateOf(pollId);
  const letters = overflowDeadLetters.messages.map(({ body }) => queuedBallot(body));
  checkBallots(history, { ballots, put, dead: letters.filter((letter) => letter?.pollId === pollId) }, violations);
  checkClosing(history, times, ballots, violations);
}

function nameOf({ keys, sequence }: DeadBallot): string {
  const partition = keys[PK] as Item[string];
  return `${partition.S} ${sequence}`;
}

function queuedBallot(body: string): QueuedBallot {
  return (body.includes('voter') ? JSON.parse(body) : {}) as QueuedBallot;
}

/** What somebody finds who asks the API, now that all is quiet. */
function checkResults(
  { watch, violations }: World, { plan: { name, options, visibility } }: PollHistory, pollId: string, answer: Answer | undefined,
): void {
  const { ballots, closesAt, closedAt } = watch.stateOf(pollId);
  if (visibility !== 'always' && closesAt === undefined && closedAt === undefined) {
    if (answer?.status !== 403) violations.add('seen', `The results of ${name} are hidden, and were answered ${String(answer?.status)}`, 0);
    return;
  }
  const counts = Object.fromEntries(options.map((_, index) => [`o${index + 1}`, 0]));
  for (const { choice } of ballots.values()) for (const option of choice.split(',')) counts[option] += 1;
  const expected = JSON.stringify({ counts, total: ballots.size });
  const found = JSON.stringify({ counts: answer?.body.counts, total: answer?.body.total });
  if (found !== expected) violations.add('wrong', `The results of ${name} are ${found}, its ballots ${expected}`);
}

/** The stream gives up only where the tallies took nothing for very long. */
function checkGivenUp({ givenUp, scenario, violations }: World): void {
  if (givenUp.length === 0 || scenario.faults.storms.some(({ on }) => on === 'tallies')) return;
  violations.add('dead-letters', `${givenUp.length} batches were given up without a reason`, 0);
}
