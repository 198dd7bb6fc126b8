import { MEMBERSHIP_CACHE_SECONDS } from '../../../src/rooms/contract';
import type { Reads } from '../../shared/adapters/reads';
import type { Clock } from '../../shared/api';
import { calling } from '../../shared/dependency';
import { isId } from '../../shared/ids';
import { remember } from '../../shared/remember';
import type { Memberships, Role } from '../ports';
import { membershipKey, roleIn, TABLE } from './items';

/** How many memberships one instance remembers: some 2 MB. */
const CACHE_ENTRIES = 10_000;

export interface MembershipsOptions {
  readonly reads: Reads;
  readonly tableName: string;
  readonly clock: Clock;
}

/**
 * Asks the rooms table, one read of one item, and trusts a membership for some seconds. That somebody is no member
 * is never remembered: who has just joined must not be sent away.
 */
export function dynamoMemberships({ reads, tableName, clock }: MembershipsOptions): Memberships {
  const cache = new Map<string, { role: Role; until: number }>();

  return {
    async roleOf(roomId, userId) {
      if (!isId(roomId)) return undefined;
      const entry = `${roomId} ${userId}`;
      const known = cache.get(entry);
      if (known !== undefined && clock() < known.until) return known.role;
      const item = await calling(TABLE, () => reads({
        TableName: tableName,
        Key: membershipKey(userId, roomId),
        ProjectionExpression: 'ownerId',
        ConsistentRead: true,
      }));
      if (item === undefined) return undefined;
      const role = roleIn(item, userId);
      remember(cache, CACHE_ENTRIES, entry, { role, until: clock() + MEMBERSHIP_CACHE_SECONDS * 1000 });
      return role;
    },
  };
}
