/** What the rooms endpoints, and functions with a membership check, find in their environment. */
export const RoomsEnv = {
  TABLE_NAME: 'ROOMS_TABLE_NAME',
} as const;

/**
 * The keys of the rooms table. One item an invite code and one a membership, both of which carry the room (it never
 * changes), so that joining, a list and a check are one read each; one a remembered idempotency key, one a count of wrong codes.
 */
export const RoomsTable = {
  PARTITION_KEY: 'pk',
  SORT_KEY: 'sk',
  TIME_TO_LIVE: 'expiresAt',
  /** The partition of everything that belongs to a user. */
  USER_PREFIX: 'user#',
  /** The sort key of a membership in that partition. */
  MEMBERSHIP_PREFIX: 'room#',
  INVITE_PREFIX: 'invite#',
  IDEMPOTENCY_PREFIX: 'idempotency#',
  ATTEMPTS_PREFIX: 'attempts#',
} as const;

/** Twelve characters of Crockford's base 32: 60 bits. */
export const INVITE_CODE_LENGTH = 12;
export const INVITE_CODE_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** How many wrong codes a caller may send in one window before 429. */
export const INVITE_ATTEMPTS = 10;
export const INVITE_WINDOW_SECONDS = 600;

/** For how long a function may trust a membership that it has read, in seconds. */
export const MEMBERSHIP_CACHE_SECONDS = 5;

export interface NewRoom { readonly name: string }
export interface JoinRequest { readonly inviteCode: string }
export interface Room {
  readonly roomId: string;
  readonly name: string;
  readonly inviteCode: string;
  readonly ownerId: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}
export interface RoomPage { readonly items: Room[]; readonly nextCursor?: string }
