import { VotingTable } from '../../src/voting/contract';
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
