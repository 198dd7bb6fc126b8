import type { Phase, Progress, Timings } from '../types';

/** Times the phases and tells about them. A phase that runs again counts anew. */
export class PhaseTimer {
  private readonly taken: Record<Phase, number> = { install: 0, start: 0, synth: 0, deploy: 0, hands: 0 };
  private readonly begun: number;

  constructor(private readonly now: () => number, private readonly tell: (progress: Progress) => void) {
    this.begun = now();
  }

  async run<T>(phase: Phase, message: string, work: () => Promise<T>, done: (result: T) => string): Promise<T> {
    const from = this.now();
    this.tell({ phase, state: 'begun', message });
    const result = await work();
    this.taken[phase] = Math.round(this.now() - from);
    this.tell({ phase, state: 'done', message: done(result), ms: this.taken[phase] });
    return result;
  }

  note(phase: Phase, message: string): void {
    this.tell({ phase, state: 'note', message });
  }

  timings(): Timings {
    return { ...this.taken, total: Math.round(this.now() - this.begun) };
  }
}
