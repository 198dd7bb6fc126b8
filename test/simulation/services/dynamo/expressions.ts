import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { Tokens } from './tokens';

export type Item = Readonly<Record<string, AttributeValue>>;

/** What the placeholders of a request stand for. Each must be used, and each that is used must be there, as with DynamoDB. */
export class Placeholders {
  private readonly used = new Set<string>();

  constructor(private readonly names: Record<string, string> = {}, private readonly values: Record<string, AttributeValue> = {}) {}

  name(word: string): string {
    if (!word.startsWith('#')) return word;
    this.used.add(word);
    return found(this.names[word], word);
  }

  value(word: string): AttributeValue {
    this.used.add(word);
    return found(this.values[word], word);
  }

  checkAllUsed(): void {
    const unused = [...Object.keys(this.names), ...Object.keys(this.values)].filter((word) => !this.used.has(word));
    if (unused.length > 0) throw validation(`Placeholders unused in expressions: ${unused.join(', ')}`);
  }
}

function found<T>(what: T | undefined, word: string): T {
  if (what === undefined) throw validation(`${word} is not defined`);
  return what;
}

export function validation(message: string): Error {
  return Object.assign(new Error(message), { name: 'ValidationException', $metadata: { httpStatusCode: 400 } });
}

type Condition = (item: Item, words: Placeholders) => boolean;
type Operand = (item: Item, words: Placeholders) => AttributeValue | undefined;
type Comparison = (order: number) => boolean;

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

const NAME = /^#?[A-Za-z_]\w*$/;
const VALUE = /^:\w+$/;
const parsed = new Map<string, Condition>();

/** Whether a condition holds for an item; an absent item is an empty one. */
export function holds(expression: string, item: Item, words: Placeholders): boolean {
  let condition = parsed.get(expression);
  if (condition === undefined) {
    const tokens = new Tokens(expression);
    condition = either(tokens);
    if (tokens.peek() !== undefined) throw tokens.unknown();
    parsed.set(expression, condition);
  }
  return condition(item, words);
}

// Both sides are always looked at, so that placeholders count as used whichever way it goes.
function either(tokens: Tokens): Condition {
  const left = both(tokens);
  if (!tokens.takes('OR')) return left;
  const right = either(tokens);
  return (item, words) => [left(item, words), right(item, words)].includes(true);
}

function both(tokens: Tokens): Condition {
  const left = single(tokens);
  if (!tokens.takes('AND')) return left;
  const right = both(tokens);
  return (item, words) => ![left(item, words), right(item, words)].includes(false);
}

function single(tokens: Tokens): Condition {
  if (tokens.takes('NOT')) {
    const negated = single(tokens);
    return (item, words) => !negated(item, words);
  }
  if (tokens.takes('(')) {
    const inner = either(tokens);
    tokens.expects(')');
    return inner;
  }
  if (tokens.takes('ATTRIBUTE_EXISTS')) return existence(tokens, true);
  if (tokens.takes('ATTRIBUTE_NOT_EXISTS')) return existence(tokens, false);
  if (tokens.takes('BEGINS_WITH')) return beginning(tokens);
  const left = operand(tokens);
  const compare = Object.hasOwn(COMPARISONS, tokens.peek() ?? '') ? COMPARISONS[tokens.next()] : undefined;
  if (compare === undefined) throw tokens.unknown();
  const right = operand(tokens);
  return (item, words) => {
    const order = orderOf(left(item, words), right(item, words));
    return order !== undefined && compare(order);
  };
}

function existence(tokens: Tokens, wanted: boolean): Condition {
  const [path] = call(tokens, 1);
  return (item, words) => (path(item, words) !== undefined) === wanted;
}

function beginning(tokens: Tokens): Condition {
  const [path, prefix] = call(tokens, 2);
  return (item, words) => {
    const start = prefix(item, words)?.S;
    return path(item, words)?.S?.startsWith(start ?? '') ?? false;
  };
}

function call(tokens: Tokens, count: number): Operand[] {
  tokens.expects('(');
  const operands: Operand[] = [];
  for (let index = 0; index < count; index += 1) {
    if (index > 0) tokens.expects(',');
    operands.push(operand(tokens));
  }
  tokens.expects(')');
  return operands;
}

function operand(tokens: Tokens): Operand {
  const word = tokens.next();
  if (VALUE.test(word)) return (_, words) => words.value(word);
  if (NAME.test(word)) return (item, words) => item[words.name(word)];
  throw tokens.unknown();
}

/** Undefined where two values cannot be compared: then no comparison holds. */
export function orderOf(a: AttributeValue | undefined, b: AttributeValue | undefined): number | undefined {
  if (a?.N !== undefined && b?.N !== undefined) return Number(a.N) - Number(b.N);
  if (a?.S !== undefined && b?.S !== undefined) return a.S < b.S ? -1 : a.S > b.S ? 1 : 0;
  if (a?.B !== undefined && b?.B !== undefined) return Buffer.compare(a.B, b.B);
  if (a?.BOOL !== undefined && b?.BOOL !== undefined) return Number(a.BOOL) - Number(b.BOOL);
  return undefined;
}
