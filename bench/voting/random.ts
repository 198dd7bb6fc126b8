const MODULUS = 2 ** 31 - 1;
const MULTIPLIER = 48_271;

/** Random numbers in [0, 1) that are the same in every run (Park and Miller's "minimal standard"): figures that anybody can repeat. */
export function seeded(seed: number): () => number {
  let state = 1 + seed % (MODULUS - 1);
  return () => {
    state = state * MULTIPLIER % MODULUS;
    return (state - 1) / (MODULUS - 1);
  };
}

/** An id as Cognito gives its users: a random UUID. */
export function uuid(random: () => number): string {
  const hex = Array.from({ length: 4 }, () => Math.floor(random() * 2 ** 32).toString(16).padStart(8, '0')).join('');
  const variant = '89ab'[parseInt(hex[16], 16) % 4];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
