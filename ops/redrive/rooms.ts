import type { Interruption } from '../interruption';
import type { KnownPoll, PollDirectory } from '../ports';

/** A poll as a person names it: `ROOM/POLL`, or `POLL` alone. */
export interface NamedPoll {
  readonly pollId: string;
  readonly roomId?: string;
}

export function toNamedPoll(text: string): NamedPoll {
  const slash = text.indexOf('/');
  return slash < 0 ? { pollId: text } : { roomId: text.slice(0, slash), pollId: text.slice(slash + 1) };
}

/** Finds the rooms of polls. The table has no index from a poll to its room: what is not known takes reading all of it, once. */
export class RoomFinder {
  private readonly rooms = new Map<string, string>();
  private everything: Promise<KnownPoll[]> | undefined;

  constructor(private readonly polls: () => Promise<PollDirectory>, private readonly table: string, private readonly note: (line: string) => void,
    private readonly interruption?: Interruption) {}

  know({ pollId, roomId }: NamedPoll): void {
    if (roomId !== undefined) this.rooms.set(pollId, roomId);
  }

  async roomOf(pollId: string): Promise<string | undefined> {
    if (!this.rooms.has(pollId)) await this.all();
    return this.rooms.get(pollId);
  }

  all(): Promise<KnownPoll[]> {
    this.everything ??= this.readAll();
    return this.everything;
  }

  private async readAll(): Promise<KnownPoll[]> {
    this.note(`Looking through the table ${this.table} for its polls, which reads all of it`);
    const found: KnownPoll[] = [];
    for await (const poll of (await this.polls()).all(this.table)) {
      this.interruption?.check();
      found.push(poll);
      // What a person named stands.
      if (!this.rooms.has(poll.pollId)) this.rooms.set(poll.pollId, poll.roomId);
    }
    return found;
  }
}
