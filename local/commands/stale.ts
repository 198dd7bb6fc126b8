import type { AppState } from '../run/state';
import { say } from '../terminal/printable';

/** Said wherever the remains of a crash are found and removed. */
export function tellStale({ pid, since }: AppState): void {
  say(`The local cloud that was started at ${new Date(since).toLocaleTimeString()} (process ${pid}) ended without a word; what it left was cleaned up.`);
}
