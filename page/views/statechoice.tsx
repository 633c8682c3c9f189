import { useMemo } from "preact/hooks";
import type { Target, TargetState } from "../live/shapes.ts";
import { grouped } from "../pure/time.ts";

interface Properties {
  readonly state: TargetState | "any";
  readonly targets: readonly Target[];
  readonly onChange: (state: TargetState | "any") => void;
}

/** All, active, dropped; and the rarer states, if there are such targets. */
export const StateChoice = ({ state, targets, onChange }: Properties) => {
  const counts = useMemo(() => countsOf(targets), [targets]);
  const choices = (["any", "active", "dropped", "failed", "duplicate"] as const).filter(
    (one) => usual.has(one) || counts[one] > 0 || state === one,
  );
  return (
    <fieldset class="choice">
      <legend class="visually-hidden">State</legend>
      {choices.map((one) => (
        <label key={one} class={one === state ? "chosen" : undefined}>
          <input
            type="radio"
            name="state"
            value={one}
            checked={one === state}
            onChange={() => onChange(one)}
          />
          {words[one]} <span class="count">{grouped(counts[one])}</span>
        </label>
      ))}
    </fieldset>
  );
};

const words = {
  any: "All",
  active: "Active",
  dropped: "Dropped",
  failed: "Failed",
  duplicate: "Duplicate",
} as const;
const usual: ReadonlySet<string> = new Set(["any", "active", "dropped"]);

const countsOf = (targets: readonly Target[]) => {
  const counts = { any: targets.length, active: 0, dropped: 0, failed: 0, duplicate: 0 };
  for (const { state } of targets) counts[state] += 1;
  return counts;
};
