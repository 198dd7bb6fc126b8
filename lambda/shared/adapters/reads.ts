import { type AttributeValue, BatchGetItemCommand, type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';

export interface Read {
  readonly TableName: string;
  readonly Key: Record<string, AttributeValue>;
  readonly ProjectionExpression?: string;
  readonly ConsistentRead?: boolean;
}

/** Reads one item: undefined where there is none. */
export type Reads = (read: Read) => Promise<Record<string, AttributeValue> | undefined>;

/** Each read as a call of its own. */
export function singleReads(client: DynamoDBClient): Reads {
  return async (read) => (await client.send(new GetItemCommand(read))).Item;
}

interface Waiting {
  readonly read: Read;
  readonly resolve: (item: Record<string, AttributeValue> | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads that are asked for in the same moment, before anybody waits, as one call, an item of each table. A request waits for
 * DynamoDB once, and whoever reads need not know of each other: the services' adapters stay apart. It is billed like single reads.
 */
export function gatheredReads(client: DynamoDBClient): Reads {
  const single = singleReads(client);
  let gathered: Waiting[] = [];

  function send(): void {
    const all = gathered;
    gathered = [];
    const byTable = new Map(all.map((waiting) => [waiting.read.TableName, waiting]));
    // A table's items come back in any order: of each only one can be told from the others without looking into it.
    const together = byTable.size > 1 ? [...byTable.values()] : [];
    for (const { read, resolve, reject } of all.filter((waiting) => !together.includes(waiting))) single(read).then(resolve, reject);
    if (together.length > 0) void batch(together);
  }

  async function batch(all: readonly Waiting[]): Promise<void> {
    try {
      const { Responses: items = {}, UnprocessedKeys: left = {} } = await client.send(new BatchGetItemCommand({
        RequestItems: Object.fromEntries(all.map(({ read: { TableName: table, Key: key, ...how } }) => [table, { Keys: [key], ...how }])),
      }));
      for (const { read, resolve, reject } of all) {
        // A table that throttles answers for the others all the same; asked alone, it says why.
        if (left[read.TableName] === undefined) resolve(items[read.TableName]?.[0]);
        else single(read).then(resolve, reject);
      }
    } catch (error) {
      for (const { reject } of all) reject(error);
    }
  }

  return (read) => new Promise((resolve, reject) => {
    if (gathered.length === 0) queueMicrotask(send);
    gathered.push({ read, resolve, reject });
  });
}
