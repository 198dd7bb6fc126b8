import { type AttributeValue, type DynamoDBClient, type TransactWriteItem, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { calling } from '../dependency';
import { DependencyUnavailable } from '../problem';

/** How often a transaction is tried that met another one on the same items: twice the same key at once, that is. */
const CONFLICT_ATTEMPTS = 4;
const REFUSED = 'ConditionalCheckFailed';

/** Why a write of a transaction was not done. */
export interface Refusal {
  /** The item that stands there, where the write asked for it. */
  readonly standing?: Record<string, AttributeValue>;
}

export interface TransactionOptions {
  readonly client: DynamoDBClient;
  /** What a caller is told does not answer. */
  readonly dependency: string;
}

/**
 * Does all the writes or none. Undefined where they were done; otherwise, in the order of the writes, the refusal of each whose
 * condition does not hold. Throws where neither is known.
 */
export async function transact(options: TransactionOptions, writes: TransactWriteItem[]): Promise<Array<Refusal | undefined> | undefined> {
  const { client, dependency } = options;
  for (let attempt = 0; attempt < CONFLICT_ATTEMPTS; attempt += 1) {
    const reasons = await calling(dependency, () => reasonsAgainst(client, writes));
    if (reasons === undefined) return undefined;
    if (reasons.some(({ Code }) => Code === REFUSED)) return reasons.map(({ Code, Item: standing }) => (Code === REFUSED ? { standing } : undefined));
    if (!reasons.some(({ Code }) => Code === 'TransactionConflict')) {
      throw new DependencyUnavailable(dependency, { cause: new Error(reasons.map(({ Code }) => Code ?? 'None').join(', ')) });
    }
  }
  throw new DependencyUnavailable(dependency);
}

interface Reason {
  readonly Code?: string;
  readonly Item?: Record<string, AttributeValue>;
}

async function reasonsAgainst(client: DynamoDBClient, writes: TransactWriteItem[]): Promise<Reason[] | undefined> {
  try {
    await client.send(new TransactWriteItemsCommand({ TransactItems: writes }));
    return undefined;
  } catch (error) {
    const { name, CancellationReasons: reasons } = error as Error & { CancellationReasons?: Reason[] };
    if (name !== 'TransactionCanceledException' || reasons === undefined) throw error;
    return reasons;
  }
}
