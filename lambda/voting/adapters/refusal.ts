import type { Item } from './items';

/** Does a conditional write. Where its condition does not hold, the item that stands there is the result instead. */
export async function unlessRefused<T>(write: () => Promise<T>): Promise<{ done: T } | { standing: Item }> {
  try {
    return { done: await write() };
  } catch (error) {
    const { name, Item: standing } = error as Error & { Item?: Item };
    if (name !== 'ConditionalCheckFailedException' || standing === undefined) throw error;
    return { standing };
  }
}
