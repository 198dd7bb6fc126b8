import { holds, type Item, Placeholders, validation } from './expressions';
import { updated } from './updates';

export const PK = 'pk';
export const SK = 'sk';

export interface Change {
  readonly keys: Item;
  readonly before?: Item;
  readonly after?: Item;
}

interface Version {
  readonly item?: Item;
  readonly since: number;
}

/** The condition of a write and what its placeholders stand for. */
export interface Write {
  readonly ConditionExpression?: string;
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Item;
}

/** The versions of an item that reads of a replica may still give, the newest first. */
const VERSIONS = 4;

/** The items of one table. A write is checked and done in one moment; who listens hears of it in the same moment. */
export class Table {
  readonly listeners: Array<(change: Change) => void> = [];
  private readonly partitions = new Map<string, Map<string, Version[]>>();

  constructor(private readonly now: () => number) {}

  /** The item as it was that many milliseconds ago. */
  get(key: Item, lag = 0): Item | undefined {
    return this.seen(this.partitions.get(keyText(key, PK))?.get(keyText(key, SK)) ?? [], lag);
  }

  /** The items of one partition in the order of their sort keys. */
  partition(pk: string, lag = 0): Item[] {
    const items = [...this.partitions.get(pk) ?? []].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, versions]) => this.seen(versions, lag));
    return items.filter((item) => item !== undefined);
  }

  /** Every item whose partition key begins so. */
  beginningWith(prefix: string): Item[] {
    return [...this.partitions.keys()].filter((pk) => pk.startsWith(prefix)).flatMap((pk) => this.partition(pk));
  }

  /** Whether the condition holds for the item that stands there. */
  allows(key: Item, { ConditionExpression: condition }: Write, words: Placeholders): boolean {
    return condition === undefined || holds(condition, this.get(key) ?? {}, words);
  }

  /** What an update makes of the item that stands there. */
  becomes(key: Item, { UpdateExpression: expression }: Write, words: Placeholders): Item {
    if (expression === undefined) throw validation('An update has no expression');
    return updated(expression, this.get(key) ?? { [PK]: key[PK], [SK]: key[SK] }, words);
  }

  set(key: Item, after: Item | undefined): void {
    const keys = { [PK]: key[PK], [SK]: key[SK] };
    const before = this.get(key);
    const pk = keyText(key, PK);
    const partition = this.partitions.get(pk) ?? new Map<string, Version[]>();
    this.partitions.set(pk, partition);
    const sk = keyText(key, SK);
    const version = { item: after, since: this.now() };
    partition.set(sk, [version, ...partition.get(sk) ?? []].slice(0, VERSIONS));
    for (const listener of this.listeners) listener({ keys, before, after });
  }

  private seen(versions: readonly Version[], lag: number): Item | undefined {
    return versions.find(({ since }) => lag === 0 || since <= this.now() - lag)?.item;
  }
}

export function placeholders({ ExpressionAttributeNames: names, ExpressionAttributeValues: values }: Write): Placeholders {
  return new Placeholders(names, values);
}

export function keyText(key: Item, name: string): string {
  const text = key[name]?.S;
  if (text === undefined || text === '') throw validation(`The key has no ${name}`);
  return text;
}
