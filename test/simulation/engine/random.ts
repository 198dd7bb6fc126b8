/** L'Ecuyer's combined generator of 1988: two small multiplicative ones, exact in doubles, period 2 * 10^18. */
const FIRST = { multiplier: 40_014, modulus: 2_147_483_563 };
const SECOND = { multiplier: 40_692, modulus: 2_147_483_399 };
/** Seeds next to each other begin alike; after some steps their sequences have nothing in common. */
const WARM_UP = 10;

/** The only source of chance in a simulation: the same seed gives the same numbers, on every machine. */
export class Random {
  private first: number;
  private second: number;

  constructor(seed: number) {
    this.first = 1 + (seed % (FIRST.modulus - 1));
    this.second = 1 + ((seed * 31 + 7) % (SECOND.modulus - 1));
    for (let step = 0; step < WARM_UP; step += 1) this.next();
  }

  /** A number from 0 to below 1. */
  next(): number {
    this.first = (this.first * FIRST.multiplier) % FIRST.modulus;
    this.second = (this.second * SECOND.multiplier) % SECOND.modulus;
    const difference = this.first - this.second;
    return (difference < 0 ? difference + FIRST.modulus - 1 : difference) / FIRST.modulus;
  }

  /** A whole number, both ends included. */
  int(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  chance(probability: number): boolean {
    return probability > 0 && this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.next() * items.length)];
  }

  /** A sequence of its own, so that one part of a simulation can draw more without the others noticing. */
  fork(): Random {
    return new Random(this.int(0, FIRST.modulus - 1));
  }
}

const HASH_MODULUS = 4_294_967_291;

/** Spreads texts over 0 to below 1: good enough for partitions. */
export function position(text: string): number {
  let hash = 17;
  // Twice, so that a difference in the last character reaches every digit.
  for (let round = 0; round < 2; round += 1) {
    for (let index = 0; index < text.length; index += 1) hash = (hash * 1_000_003 + text.charCodeAt(index)) % HASH_MODULUS;
  }
  return hash / HASH_MODULUS;
}
