import type { Style } from '../../local/terminal/style';
import { table } from '../../local/terminal/table';
import type { LaneCounts, RecountLane, RecountResult } from '../../src/voting/contract';
import { plural } from '../terminal/words';

/** The verdict in a few words: `16 lanes equal`, `15 lanes equal, 1 mended`. */
export function verdictOf({ lanes }: RecountResult): string {
  const states = ['equal', 'mended', 'differs', 'waiting', 'busy'] as const;
  const parts = states.map((state) => [state, lanes.filter((lane) => lane.state === state).length] as const).filter(([, amount]) => amount > 0);
  return parts.length === 0 ? 'no lanes' : parts.map(([state, amount], index) => `${index === 0 ? plural(amount, 'lane') : amount} ${state}`).join(', ');
}

/** Without what a lane with few ballots would tell of its voters. */
export function withoutCounts(result: RecountResult): RecountResult {
  const numbers = (said: LaneCounts | undefined, name: 'before' | 'after') => (said === undefined ? {} : { [name]: { ballots: said.ballots, counts: {} } });
  return { ...result, lanes: result.lanes.map(({ before, after, ...lane }) => ({ ...lane, ...numbers(before, 'before'), ...numbers(after, 'after') })) };
}

/** The verdict of a recount, and the lanes that are not equal, as a person reads them. */
export function describeRecount(result: RecountResult, style: Style): string[] {
  const colours: Readonly<Record<RecountLane['state'], (text: string) => string>> = {
    equal: (text) => style.green(text),
    mended: (text) => style.yellow(text),
    differs: (text) => style.red(text),
    busy: (text) => style.yellow(text),
    waiting: (text) => style.red(text),
  };
  const ballots = result.lanes.reduce((sum, lane) => sum + lane.ballots, 0);
  const differing = result.lanes.filter(({ state }) => state !== 'equal');
  const rows = differing.map(({ lane, ballots: found, state, before, after }) => [
    String(lane), found.toLocaleString('en-US'), colours[state](state), before === undefined ? '' : counts(before), after === undefined ? '' : counts(after),
  ]);
  return [
    `${style.bold(`Poll ${result.pollId}`)} ${style.dim(`${plural(result.lanes.length, 'lane')}, ${plural(ballots, 'ballot')}`)}`,
    ...(rows.length === 0 ? [] : [...table([['lane', 'ballots', 'state', 'tally said', 'ballots say'].map((title) => style.dim(title)), ...rows]), '']),
    ...verdict(result, style),
  ];
}

function verdict(result: RecountResult, style: Style): string[] {
  const unreadable = result.lanes.reduce((sum, lane) => sum + (lane.unreadable ?? 0), 0);
  if (result.equal) {
    return [
      `${style.green('✔')} The tallies equal the ballots: ${verdictOf(result)}.`,
      ...(unreadable === 0 ? [] : [`${style.yellow('!')} ${plural(unreadable, 'item')} cannot be read as a ballot, and counts for nothing; the dead letters name them.`]),
    ];
  }
  const differs = result.lanes.some(({ state }) => state === 'differs' || state === 'waiting');
  return [
    `${style.red('✘')} ${differs ? 'The tallies differ from the ballots, or wait to be counted on' : 'Not proven'}: ${verdictOf(result)}.`,
    `  ${style.bold('What to do:')} ${differs ? 'Run it again with --mend to make the tallies equal to the ballots.' : 'Votes kept arriving in the busy lanes, or counting is behind (`npx trinity-ops status` says): run it again later. Where nobody votes, look for errors in the log of the function that counts.'}`,
  ];
}

function counts({ ballots, counts: byOption }: LaneCounts): string {
  const options = Object.entries(byOption).map(([option, number]) => `${option} ${number}`).join(', ');
  return `${plural(ballots, 'ballot')}${options === '' ? '' : `: ${options}`}`;
}
