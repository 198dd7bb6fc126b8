const ROOM_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a room could have this id: what cannot be an id needs no read, and must never become part of a key. */
export function isRoomId(text: string): boolean {
  return ROOM_ID.test(text);
}
