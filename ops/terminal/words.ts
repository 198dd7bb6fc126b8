export function plural(number: number, noun: string, nouns = `${noun}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? noun : nouns}`;
}

const UNITS = [['d', 86_400_000], ['h', 3_600_000], ['min', 60_000]] as const;

/** `45 s`, `12 min`, `3 h`, `5 d`: how long something is ago, as coarse as one would say it. */
export function age(ms: number): string {
  for (const [unit, size] of UNITS) if (ms >= size) return `${Math.floor(ms / size)} ${unit}`;
  return `${Math.max(0, Math.floor(ms / 1000))} s`;
}

/** Later ones, and earlier ones below zero, are no moments of a Date. */
const MAX_INSTANT = 8.64e15;

/** The moment in UTC, or a dash if it is unknown or impossible. */
export function instant(ms: number | undefined): string {
  return ms === undefined || !(Math.abs(ms) <= MAX_INSTANT) ? '–' : new Date(ms).toISOString();
}
