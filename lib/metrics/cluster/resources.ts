import { record, text } from "../../discovery/kubernetes/objects/decode.ts";
import { parseQuantity } from "./quantity.ts";

/** Amounts by resource: `cpu` in thousandths of a core, everything else in its own unit. */
export type Resources = ReadonlyMap<string, bigint>;

/** A resource list of the API; throws `field: expected …, got …`. */
export const decodeResources = (value: unknown, field: string): Resources => {
  const amounts = new Map<string, bigint>();
  for (const [name, written] of Object.entries(record(value, field))) {
    const quantity = typeof written === "number" ? String(written) : text(written, `${field}.${name}`);
    const amount = parseQuantity(quantity, name === "cpu" ? 3 : 0);
    if (amount === undefined)
      throw new Error(`${field}.${name}: expected a quantity, got ${JSON.stringify(quantity)}`);
    amounts.set(name, amount);
  }
  return amounts;
};
