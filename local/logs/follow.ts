import { setTimeout as wait } from 'node:timers/promises';
import type { LogEvent } from '../types';
import type { LogReader } from './reader';

const EVERY_MS = 250;
/** A read takes longer the more was logged: following takes at most this part of the time. */
const SHARE = 8;

/** Hands on what functions log, until it is told to stop. A read that fails is one of an emulator that is going: the next may not. */
export async function followLogs(reader: LogReader, onEvent: (event: LogEvent) => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const from = performance.now();
    for (const event of await reader.read().catch(() => [])) onEvent(event);
    const pause = Math.max(EVERY_MS, SHARE * (performance.now() - from));
    await wait(pause, undefined, { signal }).catch(() => undefined);
  }
}
