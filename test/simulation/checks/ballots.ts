import { type PollHistory, problemOf, type Violations, type VoteRecord } from './history';
import type { FinalBallot } from './watch';

export interface Standing {
  readonly ballots: ReadonlyMap<string, FinalBallot>;
  /** What was ever put while its voter waited. */
  readonly put: ReadonlyArray<FinalBallot & { readonly voter: string }>;
  /** What lies in the dead letters: kept, and not lost. */
  readonly dead: ReadonlyArray<FinalBallot & { readonly voter: string }>;
}

const same = (a: FinalBallot, b: FinalBallot) => a.choice === b.choice && a.acceptedAt === b.acceptedAt;
const show = (ballot: FinalBallot | undefined) => (ballot === undefined ? 'none' : `${ballot.choice} of ${ballot.acceptedAt}`);
const refused = ({ answer }: VoteRecord) => answer !== undefined && answer.status >= 400 && answer.status < 500;

/** What the voter was told: that this ballot stands (201, 200), or that it was taken and is decided later (202). */
function told({ answer }: VoteRecord): (FinalBallot & { readonly queued: boolean }) | undefined {
  if (answer === undefined || answer.status >= 300) return undefined;
  const { optionId, optionIds, acceptedAt } = answer.body;
  const choice = Array.isArray(optionIds) ? optionIds.join() : String(optionId);
  return { choice, acceptedAt: Date.parse(String(acceptedAt)), queued: answer.status === 202 };
}

/** Holds the ballots that stand in the end against what every voter asked for and was told. */
export function checkBallots({ plan, votes }: PollHistory, standing: Standing, violations: Violations): void {
  const voters = new Map<string, VoteRecord[]>();
  for (const vote of votes) voters.set(vote.voter, [...voters.get(vote.voter) ?? [], vote]);
  for (const [voter] of standing.ballots) {
    if (!voters.has(voter)) violations.add('wrong', `${voter} has a ballot in ${plan.name} and never asked for one`);
  }
  for (const [voter, asked] of voters) {
    const own = { put: standing.put.filter((ballot) => ballot.voter === voter), dead: standing.dead.filter((ballot) => ballot.voter === voter) };
    const ballot = standing.ballots.get(voter);
    const add = (kind: 'lost' | 'wrong', why: string) => violations.add(kind, `${voter} in ${plan.name}: ${why}; standing is ${show(ballot)}`);
    checkVoter(plan.revote, asked, ballot, own, add);
  }
}

type Add = (kind: 'lost' | 'wrong', why: string) => void;
interface Own {
  readonly put: readonly FinalBallot[];
  readonly dead: readonly FinalBallot[];
}

function checkVoter(revote: boolean, asked: readonly VoteRecord[], standing: FinalBallot | undefined, { put, dead }: Own, add: Add): void {
  const promises = asked.map(told).filter((promise) => promise !== undefined);
  const firm = promises.filter(({ queued }) => !queued);
  // A dead letter names what it holds: somebody can put it into its place.
  const queued = promises.filter((promise) => promise.queued && !dead.some((letter) => same(letter, promise)));
  if (standing === undefined) {
    const lost = [...firm, ...queued].at(0);
    if (lost !== undefined) add('lost', `was told that ${show(lost)} is taken`);
    if (asked.some(({ answer }) => answer !== undefined && problemOf(answer) === 'already-voted')) add('lost', 'was told of an earlier vote');
    return;
  }
  const sources = asked.filter((vote) => same(vote, standing));
  if (sources.length === 0) add('wrong', 'never asked for that');
  // A write that comes late, after its repetition was refused, may still take the place of the same choice. That one was taken.
  const sameTaken = !revote && asked.some((vote) => vote.choice === standing.choice && !refused(vote));
  if (sources.length > 0 && sources.every(refused) && !sameTaken) add('wrong', 'was told that it was refused');
  if (asked.filter(({ answer }) => answer?.status === 201).length > 1) add('wrong', 'was told twice that it was the first vote');
  // Nobody else's vote, and no earlier one of this voter, can be meant.
  if (asked.length === 1 && asked[0].answer?.status === 200) add('wrong', 'was told that the first vote was not the first');
  if (revote) checkLatest([...firm, ...queued], standing, add);
  else checkFirst(firm, queued, put, standing, add);
}

/** Where a change is allowed nothing stands that was accepted before a vote that was taken. */
function checkLatest(taken: readonly FinalBallot[], standing: FinalBallot, add: Add): void {
  const { acceptedAt } = standing;
  // Two of the same millisecond: either may stand, and is what the other one's voter was told if anything was.
  const later = taken.find((one) => one.acceptedAt > acceptedAt);
  if (later !== undefined) add('wrong', `was told that ${show(later)} is taken`);
}

/**
 * Where no change is allowed, a vote that was told to stand does: its choice, at least, because the same again may have taken
 * its place. If all that was taken came by the queue, the one that was accepted first stands.
 */
function checkFirst(
  firm: readonly FinalBallot[], queued: readonly FinalBallot[], put: readonly FinalBallot[], standing: FinalBallot, add: Add,
): void {
  const other = firm.find(({ choice }) => choice !== standing.choice);
  if (other !== undefined) add('wrong', `was told that ${show(other)} stands`);
  // One that was put while its voter waited may have been told for all that the table knows.
  if (firm.length > 0 || put.length > 0) return;
  const earlier = queued.find(({ acceptedAt }) => acceptedAt < standing.acceptedAt);
  if (earlier !== undefined) add('wrong', `was told that ${show(earlier)} is taken`);
}
