import type { LaneCounts } from '../../../src/voting/contract';
import type { Checkpoint } from '../checkpoint';
import type { Fold, Onto } from '../fold';
import type { LaneFolds, MarkedTally } from '../ports';
import { limitOf, startOf, toAttribute } from './checkpoints';
import { type Item, number } from './items';
import { attributes } from './tally-item';

/** The parts of an update while it is put together: what each placeholder stands for, and the actions of both clauses. */
class Update {
  readonly names: Record<string, string> = {};
  readonly values: Item = {};
  readonly conditions: string[] = [];
  private readonly sets: string[] = [];
  private readonly additions: string[] = [];

  set(placeholder: string, name: string, value: Item[string]): void {
    this.sets.push(`${this.named(placeholder, name)} = ${this.valued(placeholder, value)}`);
  }

  add(placeholder: string, name: string, delta: number): void {
    this.additions.push(`${this.named(placeholder, name)} ${this.valued(placeholder, number(delta))}`);
  }

  named(placeholder: string, name: string): string {
    this.names[`#${placeholder}`] = name;
    return `#${placeholder}`;
  }

  valued(placeholder: string, value: Item[string]): string {
    this.values[`:${placeholder}`] = value;
    return `:${placeholder}`;
  }

  request() {
    return {
      UpdateExpression: `SET ${this.sets.join(', ')} ADD ${this.additions.join(', ')}`,
      ConditionExpression: this.conditions.join(' AND '),
      ExpressionAttributeNames: this.names,
      ExpressionAttributeValues: this.values,
    };
  }
}

/** The folds as one update: each adds to its lane's counts and version, and sets its checkpoint, if every checkpoint is what its fold is made for. */
export function addition(folds: LaneFolds) {
  const update = new Update();
  for (const [lane, fold] of folds) addFold(update, lane, fold);
  return update.request();
}

function addFold(update: Update, lane: number, { onto, checkpoint, deltas, ballots, changes, marker }: Fold): void {
  const names = attributes(lane);
  update.set(`m${lane}`, names.checkpoint, toAttribute(checkpoint));
  update.conditions.push(conditionOf(update, lane, onto));
  // Also by 0: a lane's first fold makes both.
  update.add(`v${lane}`, names.version, changes);
  update.add(`b${lane}`, names.ballots, ballots);
  if (marker !== undefined) update.set(`k${lane}`, names.marker, { S: marker });
  for (const [index, [optionId, delta]] of [...deltas].entries()) update.add(`n${lane}_${index}`, names.count(optionId), delta);
}

function conditionOf(update: Update, lane: number, onto: Onto): string {
  if ('exactly' in onto) return isExactly(update, `m${lane}`, `s${lane}`, onto.exactly);
  const { below, source: { stream, complete } } = onto;
  const between = `#m${lane} > ${update.valued('from', startOf(stream))} AND #m${lane} < ${update.valued(`f${lane}`, limitOf(stream, below))}`;
  return complete ? `(attribute_not_exists(#m${lane}) OR (${between}))` : `(${between})`;
}

function isExactly(update: Update, name: string, value: string, checkpoint: Checkpoint | undefined): string {
  return checkpoint === undefined ? `attribute_not_exists(#${name})` : `#${name} = ${update.valued(value, toAttribute(checkpoint))}`;
}

/** Other counts in the place of those that were seen of a lane, if nothing was processed since: the base from which it is counted on. */
export function replacement(lane: number, seen: MarkedTally, { ballots, counts }: LaneCounts) {
  const update = new Update();
  const names = attributes(lane);
  update.set('b', names.ballots, number(ballots));
  for (const [index, optionId] of [...new Set([...Object.keys(seen.counts), ...Object.keys(counts)])].entries()) {
    update.set(`n${index}`, names.count(optionId), number(counts[optionId] ?? 0));
  }
  update.add('v', names.version, 1);
  update.named('m', names.checkpoint);
  update.conditions.push(isExactly(update, 'm', 'm', seen.checkpoint), `#v = ${update.valued('seen', number(seen.version))}`);
  if (seen.checkpoint !== undefined && seen.checkpoint.state !== 'counting') {
    update.set('c', names.checkpoint, toAttribute({ ...seen.checkpoint, state: 'counting' }));
  }
  return update.request();
}
