import { printable } from '../../local/terminal/printable';
import type { Style } from '../../local/terminal/style';
import { table } from '../../local/terminal/table';
import { age, instant, plural } from '../terminal/words';
import type { DecodedLetter, Group } from './group';
import type { Veil } from './veil';

/** Letters of one reason that are shown one by one; `--json` has them all. */
const SHOWN = 10;

export interface View {
  readonly style: Style;
  readonly veil: Veil;
  readonly now: number;
}

/** The groups as a person reads them. */
export function describeGroups(groups: readonly Group[], view: View): string[] {
  return groups.flatMap(({ reason, letters, oldest, newest }) => {
    const [from, to] = [age(view.now - newest), age(view.now - oldest)];
    const since = from === to ? `${from} old` : `${from} to ${to} old`;
    const rows = table(letters.slice(0, SHOWN).map((item) => row(item, view)), '    ');
    const more = letters.length > SHOWN ? [view.style.dim(`    and ${letters.length - SHOWN} more (--json shows all)`)] : [];
    return [`  ${view.style.bold(plural(letters.length, 'message'))}  ${view.style.yellow(printable(reason))}  ${view.style.dim(since)}`, ...rows, ...more, ''];
  });
}

function row({ letter, content }: DecodedLetter, { style, veil }: View): string[] {
  const id = style.dim(letter.id);
  if (content.kind === 'malformed') return [id, plural(letter.body.length, 'character'), `received ${plural(letter.receives, 'time')}`];
  if (content.kind === 'batch') {
    const { range, records, arrived: [from, to] } = content;
    return [id, plural(records, 'record'), `arrived ${instant(from)} to ${instant(to)}`, `shard ${range.shardId}`, `${range.first} to ${range.last}`];
  }
  const { lane, voter, choice } = content;
  const shown = choice === undefined ? undefined : veil.choice(choice);
  const place = content.kind === 'queued' ? `accepted ${instant(content.acceptedAt)}` : `sequence ${content.sequence ?? 'unknown'}`;
  return [
    id,
    lane === undefined ? 'poll and lane unknown' : `poll ${lane.pollId} lane ${lane.lane}`,
    voter === undefined ? 'voter unknown' : printable(veil.voter(voter)),
    ...(shown === undefined ? [] : [`chose ${printable(shown)}`]),
    place,
  ];
}

/** A letter for `--json`: the same as is shown, and nothing more of the ballot. */
export function letterJson({ letter, content }: DecodedLetter, veil: Veil): object {
  const { voter, choice, ...open } = { voter: undefined, choice: undefined, ...content };
  return {
    id: letter.id,
    sentAt: instant(letter.sentAt),
    receives: letter.receives,
    ...open,
    ...(open.kind === 'batch' ? { arrived: open.arrived.map(instant) } : {}),
    ...(open.kind === 'queued' ? { acceptedAt: instant(open.acceptedAt) } : {}),
    ...(voter === undefined ? {} : { voter: veil.voter(voter) }),
    ...(choice === undefined ? {} : { choice: veil.choice(choice) }),
  };
}
