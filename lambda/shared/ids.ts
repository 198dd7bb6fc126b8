const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether something of the service could have this id: what cannot be an id needs no read, and must never become part of a key. */
export function isId(text: string): boolean {
  return ID.test(text);
}
