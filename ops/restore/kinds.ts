import { RoomsTable } from '../../src/rooms/contract';
import { VotingTable } from '../../src/voting/contract';
import { OpsError } from '../errors';
import type { StoredItem } from '../ports';

/** Whose table is restored. */
export type Service = 'voting' | 'rooms';

/** What an item is to a restore. `tally` and `marker` belong to a stream and are never copied; `expired` items count as deleted. */
export type Kind = 'poll' | 'ballot' | 'item' | 'tally' | 'marker' | 'expired';
export const COPIED: readonly Kind[] = ['poll', 'ballot', 'item'];

export function kindOf(service: Service, item: StoredItem, now: number): Kind {
  const expiresAt = item[VotingTable.TIME_TO_LIVE]?.N;
  if (service === 'voting') {
    const [pk, sk] = [partitionOf(item), sortOf(item)];
    if (pk.startsWith(VotingTable.TALLY_PREFIX)) return 'tally';
    if (pk.startsWith(VotingTable.BALLOT_PREFIX)) return sk.startsWith(VotingTable.MARKER_PREFIX) ? 'marker' : 'ballot';
    if (pk.startsWith(VotingTable.ROOM_PREFIX) && sk.startsWith(VotingTable.POLL_PREFIX)) return 'poll';
  }
  return expiresAt !== undefined && Number(expiresAt) * 1_000 <= now ? 'expired' : 'item';
}

/** The service whose items have this key; undefined if both may have it (remembered idempotency keys), or none is known to. */
export function serviceOf(item: StoredItem): Service | undefined {
  const [pk, sk] = [partitionOf(item), sortOf(item)];
  if ([VotingTable.ROOM_PREFIX, VotingTable.BALLOT_PREFIX, VotingTable.TALLY_PREFIX].some((prefix) => pk.startsWith(prefix))) return 'voting';
  if (pk.startsWith(RoomsTable.INVITE_PREFIX)) return 'rooms';
  const ofRooms = [RoomsTable.MEMBERSHIP_PREFIX, RoomsTable.ATTEMPTS_PREFIX].some((prefix) => sk.startsWith(prefix));
  return pk.startsWith(RoomsTable.USER_PREFIX) && ofRooms ? 'rooms' : undefined;
}

/** Refuses items of the other service: the tables of both services have the same keys, so their keys alone do not tell them apart. */
export function requireItemsOf(service: Service, table: string, items: readonly StoredItem[]): void {
  const other = items.map(serviceOf).find((owner) => owner !== undefined && owner !== service);
  if (other === undefined) return;
  throw new OpsError(`${table} has items of the ${other} service.`, `Give --service ${other}, or the restored table of the ${service} service.`);
}

/** `ballot#<pollId>#<lane>` */
export function pollOfBallot(item: StoredItem): string {
  return partitionOf(item).slice(VotingTable.BALLOT_PREFIX.length).split('#')[0];
}

export function pollOf(item: StoredItem): { readonly roomId: string; readonly pollId: string } {
  return { roomId: partitionOf(item).slice(VotingTable.ROOM_PREFIX.length), pollId: sortOf(item).slice(VotingTable.POLL_PREFIX.length) };
}

function partitionOf(item: StoredItem): string {
  return item[VotingTable.PARTITION_KEY]?.S ?? '';
}

function sortOf(item: StoredItem): string {
  return item[VotingTable.SORT_KEY]?.S ?? '';
}
