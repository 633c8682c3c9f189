import fc from "fast-check";
import { holdRefusal } from "./line.ts";
import { spoiltJson, type TreeFault, treeFaults } from "./trees.ts";

/** An event as Lambda hands it over, which has parsed it. */
export const spoilt = (samples: readonly object[]): fc.Arbitrary<unknown> =>
  fc.tuple(fc.constantFrom(...samples), treeFaults).map(([one, faults]) => parsed(one, faults));

const parsed = (one: object, faults: readonly TreeFault[]): unknown => {
  const text = spoiltJson(one, faults);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** What it gives, or undefined when it is refused in one line. */
export const given = async <Result>(work: Promise<Result>): Promise<Result | undefined> => {
  try {
    return await work;
  } catch (error) {
    holdRefusal(error);
    return undefined;
  }
};
