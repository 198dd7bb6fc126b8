import type { LaneCounts } from '../../../src/voting/contract';
import type { Fold } from '../fold';
import type { MarkedTally } from '../ports';
import { COUNT_PREFIX, type Item, number } from './items';

/** The fold as an update: its deltas to the counts, one to the version where ballots changed, the mark, and the marker that came by. */
export function addition({ first, last, deltas, ballots, changes, marker }: Fold) {
  const names: Record<string, string> = { '#mark': 'mark', '#version': 'version', '#ballots': 'ballots', '#changes': 'changes' };
  const values: Item = {
    ':first': { S: first }, ':last': { S: last }, ':version': number(changes > 0 ? 1 : 0), ':ballots': number(ballots), ':changes': number(changes),
  };
  const sets = ['#mark = :last'];
  // Also by 0: a lane's first fold makes all of them.
  const additions = ['#version :version', '#ballots :ballots', '#changes :changes'];
  if (marker !== undefined) {
    names['#marker'] = 'marker';
    values[':marker'] = { S: marker };
    sets.push('#marker = :marker');
  }
  for (const [index, [optionId, delta]] of [...deltas].entries()) {
    names[`#n${index}`] = `${COUNT_PREFIX}${optionId}`;
    values[`:n${index}`] = number(delta);
    additions.push(`#n${index} :n${index}`);
  }
  return {
    UpdateExpression: `SET ${sets.join(', ')} ADD ${additions.join(', ')}`,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}

/** Other counts in the place of those that were seen, if nothing was counted since. */
export function replacement(seen: MarkedTally, { ballots, counts }: LaneCounts) {
  const names: Record<string, string> = { '#mark': 'mark', '#version': 'version', '#ballots': 'ballots', '#changes': 'changes' };
  const values: Item = { ':mark': { S: seen.mark }, ':changes': number(seen.changes), ':ballots': number(ballots), ':one': number(1) };
  const sets = ['#ballots = :ballots'];
  for (const [index, optionId] of [...new Set([...Object.keys(seen.counts), ...Object.keys(counts)])].entries()) {
    names[`#n${index}`] = `${COUNT_PREFIX}${optionId}`;
    values[`:n${index}`] = number(counts[optionId] ?? 0);
    sets.push(`#n${index} = :n${index}`);
  }
  return {
    UpdateExpression: `SET ${sets.join(', ')} ADD #version :one`,
    ConditionExpression: '#mark = :mark AND #changes = :changes',
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}
