/** A participant: what it does, one call to the pool after the other. */
export type Script<Pool> = (pool: Pool, waitUntil: (ready: () => boolean) => Promise<void>) => Promise<void>;

export interface Start<Pool> {
  readonly pool: Pool;
  readonly scripts: ReadonlyArray<Script<Pool>>;
  /** Called with the order: the number of the script that had each turn. */
  check(order: string): Promise<void>;
}

interface Turn {
  readonly who: number;
  readonly ready: () => boolean;
  readonly take: () => void;
}

const ALWAYS = () => true;
/** More promises than any handler resolves between two calls. */
const MAX_MICROTASKS = 1_000;

/**
 * Runs scripts side by side in every order that their calls to a pool can come in, each time from a new start. `begin` makes
 * the start; `check` is called when all scripts have ended. Returns the number of orders.
 */
export async function inEveryOrder<Pool extends object>(begin: () => Start<Pool>): Promise<number> {
  let choices: number[] = [];
  for (let orders = 1; ; orders += 1) {
    const { pool, scripts, check } = begin();
    const { taken, widths } = await runOnce(pool, scripts, choices);
    await check(taken.join(''));
    // The next order: the last choice that had another one to make takes it, and what follows is open again.
    let last = widths.length - 1;
    while (last >= 0 && (choices[last] ?? 0) + 1 >= widths[last]) last -= 1;
    if (last < 0) return orders;
    choices = widths.slice(0, last + 1).map((_, index) => choices[index] ?? 0);
    choices[last] += 1;
  }
}

async function runOnce<Pool extends object>(pool: Pool, scripts: ReadonlyArray<Script<Pool>>, choices: readonly number[]) {
  let waiting: Turn[] = [];
  let running = scripts.length;
  const failures: unknown[] = [];
  scripts.forEach((script, who) => {
    const turn = (ready: () => boolean) => new Promise<void>((take) => { waiting.push({ who, ready, take }); });
    const view = new Proxy(pool, {
      get(target, name) {
        const member = Reflect.get(target, name);
        return typeof member !== 'function' ? member : async (...args: unknown[]) => {
          await turn(ALWAYS);
          return member.apply(target, args);
        };
      },
    });
    script(view, turn).catch((error) => { failures.push(error); }).finally(() => { running -= 1; });
  });

  const taken: number[] = [];
  const widths: number[] = [];
  for (;;) {
    for (let task = 0; task < MAX_MICROTASKS && waiting.length < running; task += 1) await undefined;
    if (failures.length > 0) throw failures[0];
    if (running === 0) return { taken, widths };
    const able = waiting.filter(({ ready }) => ready()).sort((a, b) => a.who - b.who);
    if (able.length === 0) throw new Error(`Everybody waits after ${taken.join('')}`);
    const chosen = able[choices[taken.length] ?? 0];
    taken.push(chosen.who);
    widths.push(able.length);
    waiting = waiting.filter((turn) => turn !== chosen);
    chosen.take();
  }
}
