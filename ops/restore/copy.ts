import type { Interruption } from '../interruption';
import { type Items, type StoredItem, Throttled } from '../ports';
import { COPIED, type Kind, kindOf, pollOf, pollOfBallot, requireItemsOf, type Service, serviceOf } from './kinds';
import type { Progress } from './progress';

/** Writes at once, of one segment. */
const WRITES = 16;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

export interface CopyPorts {
  readonly items: Items;
  readonly progress: Progress;
  readonly interruption: Interruption;
  readonly sleep: (ms: number) => Promise<void>;
  readonly note: (line: string) => void;
  readonly now: () => number;
}

export interface Copy {
  readonly service: Service;
  readonly from: string;
  readonly to: string;
  /** Only reads, and counts what would be copied. */
  readonly dryRun: boolean;
}

/**
 * Copies the items of one table into another, segment by segment. An item that the target has is left as it is: it was written after
 * the moment that the source was restored to. So the copy can be repeated, and stopped anywhere. Tallies and the markers of recounts
 * stay behind: they say how far the *other* table's stream was counted.
 */
export async function copy(ports: CopyPorts, order: Copy): Promise<void> {
  await Promise.all(ports.progress.segments.map((segment) => copySegment(ports, order, segment)));
}

/**
 * Refuses a table of the other service before anything is written: reads until an item tells whose table it is, which the first one
 * nearly always does.
 */
export async function requireTableOf(ports: Omit<CopyPorts, 'progress'>, { service, from, segments }: Pick<Copy, 'service' | 'from'> & { readonly segments: number }): Promise<void> {
  for (let segment = 0; segment < segments; segment += 1) {
    let position: StoredItem | undefined;
    do {
      ports.interruption.check();
      const at = position;
      const page = await patiently(ports, () => ports.items.page(from, { segment, of: segments, from: at }));
      requireItemsOf(service, from, page.items);
      if (page.items.some((item) => serviceOf(item) !== undefined)) return;
      position = page.next;
    } while (position !== undefined);
  }
}

async function copySegment(ports: CopyPorts, { service, from, to, dryRun }: Copy, segment: number): Promise<void> {
  const { items, progress, interruption } = ports;
  while (!progress.isDone(segment)) {
    interruption.check();
    const page = await patiently(ports, () => items.page(from, { segment, of: progress.segments.length, from: progress.positionOf(segment) }));
    requireItemsOf(service, from, page.items);
    const counts: Partial<Record<Kind | 'written', number>> = {};
    const count = (what: Kind | 'written') => { counts[what] = (counts[what] ?? 0) + 1; };
    const polls = page.items.flatMap((item) => (kindOf(service, item, ports.now()) === 'poll' ? [pollOf(item)] : []));
    const voted = new Set(page.items.flatMap((item) => (kindOf(service, item, ports.now()) === 'ballot' ? [pollOfBallot(item)] : [])));
    await inParallel(page.items, WRITES, async (item) => {
      const kind = kindOf(service, item, ports.now());
      count(kind);
      if (dryRun || !COPIED.includes(kind)) return;
      if (await patiently(ports, () => items.putAbsent(to, item))) count('written');
    });
    // The position moves on after everything before it is written: what is interrupted is copied again, which changes nothing.
    await progress.advance(segment, { next: page.next, counts, polls, voted: [...voted] });
    ports.note(progress.line());
  }
}

/** Waits for a table that throttles, for longer each time. */
async function patiently<T>({ sleep, interruption, note }: Omit<CopyPorts, 'progress'>, call: () => Promise<T>): Promise<T> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof Throttled)) throw error;
      if (pause === LONGEST_PAUSE_MS) note('The table throttles: waiting for it');
      await interruption.race(sleep(pause));
    }
  }
}

async function inParallel(items: readonly StoredItem[], width: number, work: (item: StoredItem) => Promise<void>): Promise<void> {
  let next = 0;
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, async () => {
    for (let index = next++; index < items.length; index = next++) await work(items[index]);
  }));
}
