/** Random numbers in [0, 1) that a seed repeats (a linear congruential generator whose low bits are thrown away). */
export const randomFrom = (seed: number): (() => number) => {
  let state = BigInt(Math.trunc(seed));
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & mask;
    return Number(state >> 32n) / 2 ** 32;
  };
};

const mask = 2n ** 64n - 1n;
