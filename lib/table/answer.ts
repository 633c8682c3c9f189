import { TransientError } from "../errors.ts";

/** Items of an answer: the SDK's types promise them, and its parser takes what it is sent. Throws TransientError for anything else than a list of them. */
export const itemsIn = <Item extends object>(items: Item[] | undefined, operation: string): Item[] => {
  if (Array.isArray(items) && items.every((item) => typeof item === "object" && item !== null)) return items;
  throw new TransientError(`DynamoDB ${operation}: the answer has no list of items`);
};
