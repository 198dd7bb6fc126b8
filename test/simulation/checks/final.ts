import type { DeadBallot, QueuedBallot } from '../../../src/voting/contract';
import type { Item } from '../services/dynamo/expressions';
import { PK } from '../services/dynamo/table';
import type { Answer } from '../services/gateway';
import { OWNER } from '../world/scenario';
import { ROOM, type World } from '../world/world';
import { checkBallots } from './ballots';
import { checkClosing } from './closing';
import type { PollHistory } from './history';
import { checkTallies } from './tallies';

/** What has to be true when everything has come to its end: of every vote, of the dead letters, and of what the API says. */
export async function checkAll(world: World): Promise<void> {
  const { stream, mapping, watch, violations, simulation: { scheduler } } = world;
  const tallyOf = (lane: string) => watch.tallyOf(lane);
  const buried = new Set(world.deadLetters.messages.map(({ body }) => nameOf(JSON.parse(body) as DeadBallot)));
  const { givenUp } = mapping;
  checkTallies(stream, { buried, givenUp, recounted: false }, tallyOf, violations);

  await redrive(world);
  if (world.overflow.messages.length > 0) violations.add('unsettled', `${world.overflow.messages.length} messages stay in the queue`, 0);
  if (givenUp.length > 0) await recountAll(world);
  checkTallies(stream, { buried, givenUp, recounted: true }, tallyOf, violations);
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

/** Somebody sends the dead letters of the queue on their way again. What is no ballot goes back there. */
async function redrive({ scenario, overflow, overflowDeadLetters, simulation: { faults, trace, scheduler } }: World): Promise<void> {
  if (!scenario.queue.redriven || overflowDeadLetters.messages.length === 0) return;
  faults.count('redrive');
  trace.add('operator', () => `redrives ${overflowDeadLetters.messages.length} messages`);
  overflow.redrive(overflowDeadLetters);
  await scheduler.run();
}

async function recountAll(world: World): Promise<void> {
  for (const history of world.histories) {
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
function checkGivenUp({ mapping, scenario, violations }: World): void {
  if (mapping.givenUp.length === 0 || scenario.faults.storms.some(({ on }) => on === 'tallies')) return;
  violations.add('dead-letters', `${mapping.givenUp.length} batches were given up without a reason`, 0);
}
