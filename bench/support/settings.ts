/** A bench's size from the environment, so that a try can be smaller than what figures are taken with. */
export const wholeNumber = (variable: `${typeof prefix}${string}`, otherwise: number, least = 1): number => {
  const text = process.env[variable];
  if (text === undefined || text === "") return otherwise;
  if (!/^\d+$/.test(text) || Number(text) < least)
    throw new Error(`${variable} must be a whole number, ${least} at least, is ${text}`);
  return Number(text);
};

const prefix = "ROLLCALL_BENCH_";

/** Whether nothing in the environment makes this run another than the one that figures are taken with. */
export const isFullSize = (): boolean =>
  Object.entries(process.env).every(([name, value]) => !name.startsWith(prefix) || value === "");

/** Milliseconds to wait until what is measured rests; in a try, of which nobody takes figures, fewer. */
export const resting = (milliseconds: number): number =>
  isFullSize() ? milliseconds : Math.min(milliseconds, 500);
