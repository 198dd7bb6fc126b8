import type { Item } from './items';

/**
 * Does a conditional write. If its condition does not hold, the item that stands there is the result instead; if none does, `absent`.
 */
export async function unlessRefused<T>(write: () => Promise<T>, absent?: Item): Promise<{ done: T } | { standing: Item }> {
  try {
    return { done: await write() };
  } catch (error) {
    const { name, Item: standing = absent } = error as Error & { Item?: Item };
    if (name !== 'ConditionalCheckFailedException' || standing === undefined) throw error;
    return { standing };
  }
}
