import type { Room } from '../../src/rooms/contract';
import type { PageRequest } from '../shared/page';

/** A creation that its sender may repeat: under which key it is remembered, and until when (milliseconds since the epoch). */
export interface Repeatable {
  readonly key: string;
  readonly until: number;
}

/**
 * What became of a creation: done; not done, because the invite code belongs to another room; or not done, because
 * an earlier creation of the same key is remembered with the room that it made.
 */
export type Creation =
  | { readonly outcome: 'created' }
  | { readonly outcome: 'code-taken' }
  | { readonly outcome: 'remembered'; readonly room: Room };

/** The rooms, and who is in them. */
export interface Rooms {
  /** Makes the room, its invite code and its owner's membership: all of them or none. */
  create(room: Room, repeatable?: Repeatable): Promise<Creation>;
  /** The room of a user, where the user is in it. Sees every write that was answered before. */
  ofUser(userId: string, roomId: string): Promise<Room | undefined>;
  /** The rooms of a user after the id of the page request, the newest room first. */
  list(userId: string, page: PageRequest): Promise<{ rooms: Room[]; more: boolean }>;
  /** The room that a code invites to. */
  byInviteCode(code: string): Promise<Room | undefined>;
  /** Puts a user into a room. Nothing changes where the user is in it already. */
  join(room: Room, userId: string, joinedAt: string): Promise<void>;
}

/** How many wrong invite codes a user has sent in a window of time; windows are numbered. */
export interface WrongCodes {
  count(userId: string, window: number): Promise<number>;
  /** Counts one more, and forgets the window at `until` (milliseconds since the epoch) or later. */
  add(userId: string, window: number, until: number): Promise<void>;
}

export type Role = 'owner' | 'member';

/** Who may act in a room: what other services ask. */
export interface Memberships {
  /** Undefined for a room that does not exist as for one that the user is not in. */
  roleOf(roomId: string, userId: string): Promise<Role | undefined>;
}

/** That many random bytes, good enough for a secret. */
export type RandomBytes = (length: number) => Uint8Array;
