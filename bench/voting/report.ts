import type { Figures, Promised } from './figures';
import type { AccountFigures } from './model/accounts';
import type { Limit, ModelFigures } from './model/model';
import { ASSUMPTIONS, QUOTAS } from './model/quotas';

const whole = (value: number) => Math.round(value).toLocaleString('en-US');
const percent = (value: number) => `${(value * 100).toFixed(2)} %`;

/** The figures as a person reads them, with how they were counted. */
export function report(figures: Figures): string {
  return [
    '', 'What is promised', ...promises(figures), '', ...units(figures), '', ...hottest(figures), '', ...step(figures), '', ...logic(figures), '',
    ...throughput(figures), '', ...figures.model.flatMap(modelled), ...figures.accounts.flatMap(accounts), ...inputs(), '',
    'Again: npm run bench:voting -- [--json] [--check] [--quick]; JSON is the last line. --check fails on firm promises alone: what depends on how',
    'much else runs on the machine is printed, and so is what cannot be held as the pipeline is.', '',
  ].join('\n');
}

function promises({ promises: all }: Figures): string[] {
  const verdict = ({ held, kind }: Promised) => `${held ? 'held' : 'NOT HELD'}${kind === 'firm' ? '' : ` (${kind})`}`;
  return all.flatMap((one) => [
    `  ${one.name.padEnd(54)}${one.value.toFixed(4).padStart(9)} ${one.atLeast ? '>=' : '<='} ${one.limit.toFixed(4)}  ${verdict(one)}`,
    ...(one.held || one.reason === undefined ? [] : [`      ${one.reason}`]),
  ]);
}

function units({ units: { ours, peers } }: Figures): string[] {
  return [
    'Write units a counted vote, as the API reports them (ReturnConsumedCapacity: TOTAL)',
    ...ours.deliveries.map(({ batch, shards, unitsPerVote, tallyWrites, votes }) =>
      `  ours, batch ${whole(batch).padStart(5)}, lanes in it: ${ours.lanes / shards}`.padEnd(46) + `${unitsPerVote.toFixed(3)}   ${votes} votes, ${tallyWrites} writes of tallies`),
    ...peers.map(({ name, unitsPerVote, votes, repeated, counted }) =>
      `  ${name}`.padEnd(46) + `${unitsPerVote.toFixed(3)}   ${repeated} of ${votes} sent again: counted ${counted}${counted === votes ? '' : ', WRONG'}`),
    `  Ours counted ${ours.countedAfterRepeats} of ${ours.votes} after a tenth was sent again and every batch delivered twice.`,
    `  A batch of tallies cost ${ours.firstBatchUnits} units when nothing was counted, ${ours.lastBatchUnits} after the rest was.`,
    '  Counted: the ballots by the pipeline\'s adapter into a table as the pipeline\'s, the emulator\'s stream of it in full batches through its aggregator.',
    '  A refused repetition is not in it: the API does not report it; AWS charges a unit for it, as for the peers\'.',
  ];
}

function hottest({ hotKey }: Figures): string[] {
  return [
    `Hottest partition key: share of ${whole(hotKey.voters)} random voters, of ${hotKey.polls} polls (1/16 is ${percent(hotKey.limit)})`,
    ...hotKey.byLanes.map(({ lanes, worst, median }) =>
      `  ${String(lanes).padStart(4)} lanes   median ${percent(median).padStart(7)}   worst ${percent(worst).padStart(7)}   ${(worst * 16).toFixed(2)}/16`),
  ];
}

function step({ load: { step: figures } }: Figures): string[] {
  const { statuses, latencyMs: { base, burst } } = figures;
  const latency = ({ p50, p95, p99 }: typeof base) => `p50 ${whole(p50)} ms, p95 ${whole(p95)} ms, p99 ${whole(p99)} ms`;
  return [
    `Step: ${figures.baseRate} votes/s for ${figures.baseSeconds} s, then ${figures.burstRate} votes/s for ${figures.burstSeconds} s, on one poll, over HTTP`,
    `  offered ${figures.offered} and ${figures.sentTwice} of them twice; answers ${JSON.stringify(statuses)}; accepted ${figures.accepted}`,
    `  lost ${figures.lost}, double ${figures.double}; every option of tallies, results and ballots ${figures.exact ? 'as accepted' : 'NOT AS ACCEPTED'}`,
    `  last answer after ${figures.answeredIn.toFixed(2)}, last vote counted after ${figures.drainedIn.toFixed(2)} times the burst's length`,
    `  before ${latency(base)}; in the burst ${latency(burst)}`,
    '  Ten times the rate is four fifths of what this machine can do at all (see throughput): the emulator is one process, and the client runs beside it.',
  ];
}

function logic({ logic: figures }: Figures): string[] {
  return [
    'Logic alone, one process, no network',
    `  fold (records to sums)                    ${whole(figures.fold.votesPerSecond).padStart(11)} votes/s   ${figures.fold.bytesPerVote} bytes allocated a vote`,
    `  aggregate (event to commands of the SDK)  ${whole(figures.aggregate.votesPerSecond).padStart(11)} votes/s   ${figures.aggregate.bytesPerVote} bytes allocated a vote`,
    ...figures.growth.map(({ countedBefore, usPerVote, writes, bytesSent }) =>
      `  after ${whole(countedBefore).padStart(9)} votes: ${usPerVote.toFixed(2)} us a vote, ${writes} writes and ${whole(bytesSent)} bytes a batch of ${whole(figures.batch)}`),
    '  Time: the quickest of 20 rounds. Bytes: growth of the heap in a round without a collection.',
  ];
}

function throughput({ load: { throughput: figures } }: Figures): string[] {
  return [
    `Throughput on the local cloud, ${figures.connections} connections, ${figures.requestsPerRound} requests a round, ${figures.rounds} rounds by turns, medians`,
    `  one plain put                 ${whole(figures.plainPerSecond).padStart(6)}/s   p50 ${whole(figures.p50Ms.plain)} ms`,
    `  one read and a plain put      ${whole(figures.withReadPerSecond).padStart(6)}/s`,
    `  votes, counted meanwhile      ${whole(figures.votesPerSecond).padStart(6)}/s   p50 ${whole(figures.p50Ms.votes)} ms   answers ${JSON.stringify(figures.statuses)}`,
    `  votes by plain puts ${figures.ratio.toFixed(2)}; until the last is counted ${figures.ratioUntilCounted.toFixed(2)} (it is ${whole(figures.countedAfterMs)} ms after the last answer: the window is 1 s)`,
    `  votes by plain puts with a read ${figures.ratioToRead.toFixed(2)}`,
    '  All behind the same API, authorizer and client. A vote asks for the membership (a first vote always) and the poll (every 0.5 s in each instance) by one call,',
    '  and the emulator, one process, also serves the stream, the aggregator and its writes: on AWS none of these share a processor.',
  ];
}

function modelled(figures: ModelFigures): string[] {
  const { sizing, limits, firstSustained, firstStep, firstOwn, acceptedSustained, acceptedStep } = figures;
  const { unitsAtPeak, unitsAtTenth, cheapFrom, drainSeconds } = figures;
  const line = ({ name, sustained, step: step_, beyond, moves }: Limit) =>
    `  ${name.padEnd(40)}${whole(sustained).padStart(10)}${whole(step_).padStart(10)}   ${beyond.padEnd(17)} ${moves}`;
  return [
    `Model, expectedPeakVotesPerSecond ${whole(sizing.expectedPeak)}: ${sizing.lanes} lanes, warmed to ${sizing.warmWriteUnits === undefined ? 'none' : whole(sizing.warmWriteUnits)}, batch ${whole(sizing.batchSize)}, ${sizing.drainConcurrency} drains (votes/s on one poll; nothing measured)`,
    `  ${'limit'.padEnd(40)}${'sustained'.padStart(10)}${'step'.padStart(10)}   ${'beyond it'.padEnd(17)} what moves it`,
    ...[...limits].sort((a, b) => a.step - b.step).map(line),
    `  First met: sustained '${firstSustained}', step '${firstStep}'; of the pipeline's own '${firstOwn.name}' at ${whole(firstOwn.step)}. Nothing is refused up to ${whole(acceptedSustained)} sustained, ${whole(acceptedStep)} in a step.`,
    `  Write units a vote: ${unitsAtPeak.toFixed(3)} at the peak, ${unitsAtTenth.toFixed(3)} at a tenth of it, at most 1.02 from ${whole(cheapFrom)} votes/s on. Ten seconds of such a step are drained in ${drainSeconds} s.`,
    '',
  ];
}

function accounts({ expectedPeak, crowd, limits, refreshesPerSecond, refreshesUnspread }: AccountFigures): string[] {
  return [
    `Model of the accounts, expectedPeak ${whole(expectedPeak)} (people/s; nothing measured)`,
    ...limits.map(({ action, throttle, quota, category, secondsForCrowd }) =>
      `  ${action.padEnd(18)} route ${whole(throttle).padStart(8)}   Cognito's first quota ${whole(quota).padStart(4)} (${category})   ${whole(crowd)} people in ${whole(secondsForCrowd)} s`),
    `  They refresh at ${whole(refreshesPerSecond)} per second, because the announced ends are spread; at ${whole(refreshesUnspread)} if they were not.`,
    '',
  ];
}

function inputs(): string[] {
  const list = (values: object) => Object.entries(values).map(([name, value]) => `${name} ${value}`).join(', ');
  return [
    'Inputs of the model',
    `  Quotas of a new account: ${list(QUOTAS)}`,
    `  Assumed, not promised by AWS: ${list(ASSUMPTIONS)}`,
    '  Partitions: write units at once / 1,000; lanes fall on them by chance (mean of the fullest). A lane never splits (ADR 0006).',
  ];
}
