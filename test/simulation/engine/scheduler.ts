import type { Random } from './random';

interface Entry {
  readonly at: number;
  readonly tie: number;
  readonly serial: number;
  readonly run: () => void;
}

const before = (a: Entry, b: Entry) => a.at !== b.at ? a.at < b.at : a.tie !== b.tie ? a.tie < b.tie : a.serial < b.serial;

/** More than any history needs: whoever reaches it goes round in circles. */
const MAX_EVENTS = 200_000;

/**
 * Virtual time. Whatever happens is an event of this one queue; what falls on the same millisecond comes in an order that the
 * seed decides. What an event stirs runs on until nothing moves any more, before the next one comes.
 */
export class Scheduler {
  now = 0;
  events = 0;
  private stirred = false;
  private readonly heap: Entry[] = [];
  private serial = 0;

  constructor(private readonly random: Random) {}

  after(milliseconds: number, run: () => void): void {
    this.at(this.now + Math.max(0, milliseconds), run);
  }

  at(moment: number, run: () => void): void {
    this.serial += 1;
    this.push({ at: Math.max(this.now, Math.round(moment)), tie: this.random.next(), serial: this.serial, run });
  }

  /** Somebody's code goes on by what this event brings: the next event waits for it. */
  stir(): void {
    this.stirred = true;
  }

  /** Lets time pass until nothing is left to happen. */
  async run(): Promise<void> {
    for (let next = this.pop(); next !== undefined; next = this.pop()) {
      this.events += 1;
      if (this.events > MAX_EVENTS) throw new Error(`Nothing settled within ${MAX_EVENTS} events`);
      this.now = next.at;
      next.run();
      if (!this.stirred) continue;
      this.stirred = false;
      // Comes back after the last microtask: everything in a simulation that waits, waits for an event of this queue.
      await new Promise((resolve) => { setImmediate(resolve); });
    }
  }

  private push(entry: Entry): void {
    const { heap } = this;
    let index = heap.length;
    while (index > 0) {
      const parent = Math.floor((index - 1) / 2);
      if (!before(entry, heap[parent])) break;
      heap[index] = heap[parent];
      index = parent;
    }
    heap[index] = entry;
  }

  private pop(): Entry | undefined {
    const { heap } = this;
    const top = heap.at(0);
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return top;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child += 1;
      if (!before(heap[child], last)) break;
      heap[index] = heap[child];
      index = child;
    }
    heap[index] = last;
    return top;
  }
}
