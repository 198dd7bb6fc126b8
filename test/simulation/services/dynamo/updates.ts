import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type Item, type Placeholders, validation } from './expressions';
import { Tokens } from './tokens';

type Value = (item: Item, words: Placeholders) => AttributeValue;
/** Reads from the item as it was, writes to the one that it becomes. */
type Action = (item: Item, becomes: Record<string, AttributeValue>, words: Placeholders) => void;

const CLAUSES = ['SET', 'ADD', 'REMOVE'];
const parsed = new Map<string, Action[]>();

/** The item after an update expression of the forms SET, ADD of numbers, and REMOVE. */
export function updated(expression: string, item: Item, words: Placeholders): Item {
  let actions = parsed.get(expression);
  if (actions === undefined) {
    actions = parse(new Tokens(expression));
    parsed.set(expression, actions);
  }
  const becomes = { ...item };
  for (const act of actions) act(item, becomes, words);
  return becomes;
}

function parse(tokens: Tokens): Action[] {
  const actions: Action[] = [];
  while (tokens.peek() !== undefined) {
    const clause = CLAUSES.find((name) => tokens.takes(name));
    if (clause === undefined) throw tokens.unknown();
    do actions.push(action(clause, tokens)); while (tokens.takes(','));
  }
  return actions;
}

function action(clause: string, tokens: Tokens): Action {
  const name = path(tokens);
  if (clause === 'REMOVE') return (_, becomes, words) => { delete becomes[words.name(name)]; };
  if (clause === 'ADD') {
    const amount = term(tokens);
    return (item, becomes, words) => {
      const attribute = words.name(name);
      becomes[attribute] = sum(item[attribute] ?? { N: '0' }, amount(item, words), 1);
    };
  }
  tokens.expects('=');
  const value = arithmetic(tokens);
  return (item, becomes, words) => { becomes[words.name(name)] = value(item, words); };
}

function arithmetic(tokens: Tokens): Value {
  const left = term(tokens);
  const sign = tokens.takes('+') ? 1 : tokens.takes('-') ? -1 : undefined;
  if (sign === undefined) return left;
  const right = term(tokens);
  return (item, words) => sum(left(item, words), right(item, words), sign);
}

function term(tokens: Tokens): Value {
  if (tokens.takes('IF_NOT_EXISTS')) {
    tokens.expects('(');
    const name = path(tokens);
    tokens.expects(',');
    const otherwise = term(tokens);
    tokens.expects(')');
    return (item, words) => {
      const fallback = otherwise(item, words);
      return item[words.name(name)] ?? fallback;
    };
  }
  const word = tokens.next();
  if (word.startsWith(':')) return (_, words) => words.value(word);
  if (!/^#?[A-Za-z_]\w*$/.test(word)) throw tokens.unknown();
  return (item, words) => {
    const value = item[words.name(word)];
    if (value === undefined) throw validation(`${word} is not an attribute of the item`);
    return value;
  };
}

function path(tokens: Tokens): string {
  const word = tokens.next();
  if (!/^#?[A-Za-z_]\w*$/.test(word)) throw tokens.unknown();
  return word;
}

function sum(a: AttributeValue, b: AttributeValue, sign: 1 | -1): AttributeValue {
  if (a.N === undefined || b.N === undefined) throw validation('Only numbers are added');
  const value = Number(a.N) + sign * Number(b.N);
  if (!Number.isSafeInteger(value)) throw validation(`${a.N} and ${b.N} are added exactly by DynamoDB, not here`);
  return { N: String(value) };
}
