import { Refusal } from "../decode.ts";
import type { PlaceOf } from "../struct.ts";
import type { LabelSettings } from "./settings.ts";

interface Written {
  readonly separator: string;
  readonly ignored: readonly string[];
  readonly stored: readonly string[];
}

/** `label_separator`, `ignore_label` and `store_label` (spec A1): the last is `name`, or `newName=name`. */
export const labelSettings = ({ separator, ignored, stored }: Written, at: PlaceOf): LabelSettings => {
  const pairs = stored.map((written): [string, string] => {
    const [first = "", second = first, ...more] = written.split("=");
    if (first !== "" && second !== "" && more.length === 0 && first !== "__proto__") return [second, first];
    throw new Refusal(
      at("store_label"),
      `store_label is name or newName=name, not ${JSON.stringify(written)}`,
    );
  });
  return { separator, ignored, stored: new Map(pairs) };
};
