import { type PollHistory, problemOf, type Violations } from './history';
import type { FinalBallot } from './watch';

export interface Times {
  readonly opensAt?: number;
  readonly closesAt?: number;
  readonly closedAt?: number;
}

/** One beginning and one end for all: nothing of it or after it is taken, nothing before it is refused for it. */
export function checkClosing(
  history: PollHistory, { opensAt = -Infinity, closesAt = Infinity, closedAt = Infinity }: Times,
  ballots: ReadonlyMap<string, FinalBallot>, violations: Violations,
): void {
  const { plan: { name, creator }, votes, closes } = history;
  const end = Math.min(closesAt, closedAt);
  const done = closes.filter(({ status }) => status === 200);
  for (const { who, closedAt: told } of done) {
    if (told === undefined || Date.parse(told) !== end) violations.add('closed', `${who} was told that ${name} closed at ${String(told)}, it did at ${end}`, 0);
    if (who !== creator && who !== 'owner') violations.add('closed', `${who} may not close ${name} and did`, 0);
  }
  const closedFor = Math.min(Infinity, ...done.map(({ at }) => at));
  for (const { voter, choice, acceptedAt, sentAt, answer } of votes) {
    const standing = ballots.get(voter);
    const stands = standing?.acceptedAt === acceptedAt && standing.choice === choice;
    const what = `${choice} of ${voter} in ${name}, stamped ${acceptedAt}`;
    const problem = answer === undefined ? '' : problemOf(answer);
    if (stands && acceptedAt < opensAt) violations.add('closed', `${what}, stands although the poll opened at ${opensAt}`);
    if (problem === 'poll-not-open' && acceptedAt >= opensAt) violations.add('refused', `${what}, was refused although the poll opened at ${opensAt}`);
    if (stands && acceptedAt >= end) violations.add('closed', `${what}, stands although the poll closed at ${end}`);
    if (stands && sentAt >= closedFor) violations.add('closed', `${what}, stands although it was sent at ${sentAt}, after the close was answered at ${closedFor}`);
    if (problem === 'poll-closed' && acceptedAt < end) {
      violations.add('refused', `${what}, was refused although the poll closed at ${end}`);
    }
  }
}
