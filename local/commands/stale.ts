import type { AppState } from '../run/state';
import { say } from '../terminal/printable';
import { timeOfDay } from '../terminal/time';

/** Said wherever the remains of a crash are found and removed. */
export function tellStale({ pid, since }: AppState): void {
  say(`The local cloud that was started at ${timeOfDay(new Date(since))} (process ${pid}) ended without a word; what it left was cleaned up.`);
}
