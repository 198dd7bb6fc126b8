import {
  BatchGetItemCommand, type BatchGetItemCommandInput, DeleteItemCommand, type DeleteItemCommandInput, GetItemCommand, type GetItemCommandInput,
  PutItemCommand, type PutItemCommandInput, QueryCommand, type QueryCommandInput, TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput, UpdateItemCommand, type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { Random } from '../../engine/random';
import { holds, type Item, orderOf, type Placeholders, validation } from './expressions';
import { placeholders, PK, SK, Table } from './table';

const WRITE = ['TableName', 'ConditionExpression', 'ExpressionAttributeNames', 'ExpressionAttributeValues', 'ReturnValues', 'ReturnValuesOnConditionCheckFailure'];
const GET = ['TableName', 'Key', 'ConsistentRead', 'ProjectionExpression', 'ExpressionAttributeNames'];
const BATCH_GET = ['Keys', 'ConsistentRead', 'ProjectionExpression', 'ExpressionAttributeNames'];
/** How often a table leaves its part of a batch unanswered. */
const UNPROCESSED = 0.02;
const QUERY = [
  'TableName', 'KeyConditionExpression', 'ExpressionAttributeNames', 'ExpressionAttributeValues', 'ConsistentRead', 'ScanIndexForward', 'Limit',
  'ExclusiveStartKey', 'ProjectionExpression',
];

/** Usually replicas are a second or less behind, and nobody promises it. */
const MAX_LAG = 2_000;

type Returned = { readonly [Member in 'Item' | 'Attributes']?: Item };

/** DynamoDB as the adapters know it: takes the commands of the low-level client, does each in one moment, or throws its errors. */
export class SimDynamo {
  private readonly tables = new Map<string, Table>();
  /** The transactions that were done: the SDK gives each command a token, and the same token changes nothing again. */
  private readonly transactions = new WeakSet<object>();

  constructor(private readonly random: Random, private readonly now: () => number) {}

  table(name: string): Table {
    const table = this.tables.get(name) ?? new Table(this.now);
    this.tables.set(name, table);
    return table;
  }

  execute(command: object): object {
    if (command instanceof PutItemCommand) return this.put(command.input);
    if (command instanceof UpdateItemCommand) return this.update(command.input);
    if (command instanceof DeleteItemCommand) return this.remove(command.input);
    if (command instanceof GetItemCommand) return this.get(command.input);
    if (command instanceof QueryCommand) return this.query(command.input);
    if (command instanceof BatchGetItemCommand) return this.batchGet(command.input);
    if (command instanceof TransactWriteItemsCommand) return this.transact(command, command.input);
    throw new Error(`The simulated DynamoDB does not know ${command.constructor.name}`);
  }

  private put(input: PutItemCommandInput): Returned {
    knows(input, [...WRITE, 'Item']);
    return this.write(input, input.Item!, () => input.Item);
  }

  private update(input: UpdateItemCommandInput): Returned {
    knows(input, [...WRITE, 'Key', 'UpdateExpression']);
    return this.write(input, input.Key!, (table, words) => table.becomes(input.Key!, input, words));
  }

  private remove(input: DeleteItemCommandInput): Returned {
    knows(input, [...WRITE, 'Key']);
    return this.write(input, input.Key!, () => undefined);
  }

  private write(
    input: PutItemCommandInput | UpdateItemCommandInput | DeleteItemCommandInput, key: Item,
    make: (table: Table, words: Placeholders) => Item | undefined,
  ): Returned {
    const table = this.table(input.TableName!);
    const words = placeholders(input);
    const before = table.get(key);
    const allowed = table.allows(key, input, words);
    const after = make(table, words);
    words.checkAllUsed();
    if (!allowed) {
      const { ReturnValuesOnConditionCheckFailure: wanted } = input;
      throw failure('ConditionalCheckFailedException', { ...(wanted === 'ALL_OLD' && before !== undefined ? { Item: before } : {}) });
    }
    table.set(key, after);
    if (input.ReturnValues === 'ALL_OLD') return before === undefined ? {} : { Attributes: before };
    return input.ReturnValues === 'ALL_NEW' ? { Attributes: after } : {};
  }

  private get(input: GetItemCommandInput): Returned {
    knows(input, GET);
    const words = placeholders(input);
    const item = this.table(input.TableName!).get(input.Key!, this.lag(input.ConsistentRead));
    const project = projection(input.ProjectionExpression, words);
    words.checkAllUsed();
    return item === undefined ? {} : { Item: project(item) };
  }

  /** Every table answers for itself, or not at all. */
  private batchGet(input: BatchGetItemCommandInput): object {
    knows(input, ['RequestItems']);
    const items: Record<string, Item[]> = {};
    const left: Record<string, object> = {};
    for (const [name, asked] of Object.entries(input.RequestItems!)) {
      knows(asked, BATCH_GET);
      const { Keys: keys = [], ...how } = asked;
      if (this.random.chance(UNPROCESSED)) left[name] = asked;
      else items[name] = keys.map((key) => this.get({ TableName: name, Key: key, ...how }).Item).filter((item) => item !== undefined);
    }
    return { Responses: items, UnprocessedKeys: left };
  }

  private query(input: QueryCommandInput): object {
    knows(input, QUERY);
    const words = placeholders(input);
    const { KeyConditionExpression: condition = '', ScanIndexForward: forward = true, Limit: limit = Infinity, ExclusiveStartKey: start } = input;
    const [, name = '', value = ''] = /^(#?\w+) = (:\w+)( AND |$)/.exec(condition) ?? [];
    const pk = words.name(name) === PK ? words.value(value).S : undefined;
    if (pk === undefined) throw validation(`The query names no partition: ${condition}`);
    const all = this.table(input.TableName!).partition(pk, this.lag(input.ConsistentRead));
    // An empty partition, too, must use every placeholder.
    holds(condition, {}, words);
    const project = projection(input.ProjectionExpression, words);
    words.checkAllUsed();
    const ordered = forward ? all : all.reverse();
    const matching = ordered.filter((item) => holds(condition, item, words)
      && (start === undefined || (orderOf(item[SK], start[SK]) ?? 0) * (forward ? 1 : -1) > 0));
    const items = matching.slice(0, limit);
    const last = items.at(-1);
    const more = items.length < matching.length && last !== undefined;
    return { Items: items.map(project), ...(more ? { LastEvaluatedKey: { [PK]: last[PK], [SK]: last[SK] } } : {}) };
  }

  private transact(command: object, input: TransactWriteItemsCommandInput): object {
    knows(input, ['TransactItems']);
    if (this.transactions.has(command)) return {};
    const puts = (input.TransactItems ?? []).map((write) => {
      knows(write, ['Put']);
      const { Put: put } = write;
      knows(put!, [...WRITE, 'Item']);
      const words = placeholders(put!);
      const table = this.table(put!.TableName!);
      const standing = table.get(put!.Item!);
      const allowed = table.allows(put!.Item!, put!, words);
      words.checkAllUsed();
      return { table, item: put!.Item!, allowed, standing };
    });
    if (puts.some(({ allowed }) => !allowed)) {
      const reasons = puts.map(({ allowed, standing }) => (allowed ? { Code: 'None' } : { Code: 'ConditionalCheckFailed', Item: standing }));
      throw failure('TransactionCanceledException', { CancellationReasons: reasons });
    }
    for (const { table, item } of puts) table.set(item, item);
    this.transactions.add(command);
    return {};
  }

  /** How old what a read gives is: an eventually consistent one asks any replica. */
  private lag(consistent = false): number {
    return consistent ? 0 : this.random.int(0, MAX_LAG);
  }
}

function projection(expression: string | undefined, words: Placeholders): (item: Item) => Item {
  const names = expression?.split(',').map((word) => words.name(word.trim()));
  return (item) => (names === undefined ? item : Object.fromEntries(names.filter((name) => name in item).map((name) => [name, item[name]])));
}

function failure(name: string, more: object): Error {
  return Object.assign(new Error(name), { name, $metadata: { httpStatusCode: 400 }, ...more });
}

function knows(input: object, members: readonly string[]): void {
  const unknown = Object.entries(input).filter(([name, value]) => value !== undefined && !members.includes(name)).map(([name]) => name);
  if (unknown.length > 0) throw new Error(`The simulated DynamoDB does not know ${unknown.join(', ')}`);
}
