import { memo } from "preact/compat";
import type { Target } from "../live/shapes.ts";
import { Inline } from "../parts/value.tsx";
import { splitName, tellingLabels } from "../pure/labels.ts";

interface Properties {
  readonly index: number;
  /** CSS pixels. */
  readonly top: number;
  readonly target: Target;
  readonly isCurrent: boolean;
  readonly isOpen: boolean;
}

/** One target of the table: its address and state, what tells it apart, and what it became. */
export const TargetRow = memo(
  ({ index, top, target, isCurrent, isOpen }: Properties) => (
    <tr
      id={`target-${index}`}
      class={`grid-row state-${target.state}${isCurrent ? " current" : ""}${isOpen ? " open" : ""}`}
      data-row={index}
      aria-rowindex={index + 2}
      aria-selected={isOpen}
      style={{ transform: `translateY(${top}px)` }}
    >
      <td class="cell-target">
        <span class="sign" aria-hidden="true">
          {signs[target.state]}
        </span>
        <span class="visually-hidden">{target.state}: </span>
        <span class="address">
          <Inline text={target.discoveredLabels.__address__ ?? "(no address)"} most={60} />
        </span>
        <span class="source">
          <Inline text={target.source} most={80} />
        </span>
      </td>
      <td class="cell-discovered">
        <Pairs labels={tellingLabels(target.discoveredLabels, 10)} />
      </td>
      <td class="cell-final">
        {target.state === "active" ? (
          <Pairs labels={finalLabels(target)} />
        ) : (
          <span class="why">
            {target.reason === "" ? target.state : <Inline text={target.reason} most={140} />}
          </span>
        )}
      </td>
    </tr>
  ),
  (before, after) =>
    before.target === after.target &&
    before.index === after.index &&
    before.top === after.top &&
    before.isCurrent === after.isCurrent &&
    before.isOpen === after.isOpen,
);

const signs = { active: "✓", dropped: "–", failed: "✕", duplicate: "=" } as const;

/** What a scraped series carries, what people look for first; the job is the table's own. */
const finalLabels = ({ labels }: Target): [string, string][] =>
  Object.entries(labels)
    .filter(([name]) => !name.startsWith("__") && name !== "job")
    .sort(([a], [b]) => placeOf(a) - placeOf(b));

const firstNames = ["namespace", "pod", "service", "node", "container", "instance"];

const placeOf = (name: string) => (firstNames.includes(name) ? firstNames.indexOf(name) : firstNames.length);

const Pairs = ({ labels }: { labels: readonly (readonly [string, string])[] }) => (
  <span class="pairs">
    {labels.slice(0, 12).map(([name, value]) => (
      <span key={name} class="pair">
        <span class="pair-name">{splitName(name)[1].slice(0, 60)}</span>
        <Inline text={value} most={48} />
      </span>
    ))}
  </span>
);
