import type { Provider, TargetState } from "../live/shapes.ts";

/** A provider's health as a word with a mark; the colour says it once more. */
export const HealthMark = ({ health }: { health: Provider["health"] }) => (
  <span class={`badge badge-${health}`}>
    <span class="sign" aria-hidden="true">
      {signs[health]}
    </span>
    {words[health]}
  </span>
);

const signs = { ok: "✓", stale: "~", failing: "✕", never: "…" } as const;
const words = { ok: "ok", stale: "stale", failing: "failing", never: "no answer yet" } as const;

/** What became of a target. */
export const StateMark = ({ state }: { state: TargetState }) => (
  <span class={`badge badge-${state}`}>
    <span class="sign" aria-hidden="true">
      {stateSigns[state]}
    </span>
    {state}
  </span>
);

const stateSigns = { active: "✓", dropped: "–", failed: "✕", duplicate: "=" } as const;
