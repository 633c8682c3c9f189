import { UsageError } from "../command.ts";

/** How many targets a proposed configuration may lose, of so many there are: `5`, or `2%`. */
export type Allowed = (now: number) => number;

export const allowedLoss = (text: string): Allowed => {
  const [, digits = "", percent] = /^(\d{1,9}(?:\.\d{1,6})?)(%?)$/.exec(text) ?? [];
  const number = Number(digits);
  if (digits === "" || (percent === "%" ? number > 100 : !Number.isInteger(number))) {
    throw new UsageError(`--max-lost ${text}: expected a whole number such as 5, or a share such as 2%`);
  }
  return (now) => (percent === "%" ? (now * number) / 100 : number);
};
