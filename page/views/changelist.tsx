import { useState } from "preact/hooks";
import * as z from "zod/mini";
import { keyOf } from "../live/changes.ts";
import type { Change } from "../live/shapes.ts";
import { Inline } from "../parts/value.tsx";
import { splitName } from "../pure/labels.ts";
import { clockTime, grouped } from "../pure/time.ts";
import { JobLinks } from "./providers.tsx";

/** The changes themselves, newest first. */
export const ChangeList = ({
  changes,
  onSource,
}: {
  changes: readonly Change[];
  onSource: (source: string) => void;
}) => {
  const [most, setMost] = useState(page);
  const now = Date.now();
  if (changes.length === 0) return null;
  return (
    <>
      <table class="ledger changes">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">What</th>
            <th scope="col">Source</th>
            <th scope="col" class="number wide">
              Targets
            </th>
            <th scope="col" class="wide">
              Labels
            </th>
            <th scope="col" class="wide">
              Jobs
            </th>
          </tr>
        </thead>
        <tbody>
          {changes.slice(0, most).map((change) => (
            <ChangeRow key={keyOf(change)} change={change} now={now} onSource={onSource} />
          ))}
        </tbody>
      </table>
      {changes.length > most && (
        <p>
          <button type="button" onClick={() => setMost(most + page)}>
            Show {grouped(Math.min(page, changes.length - most))} more
          </button>
        </p>
      )}
    </>
  );
};

const page = 100;

interface RowProperties {
  readonly change: Change;
  readonly now: number;
  readonly onSource: (source: string) => void;
}

const ChangeRow = ({ change, now, onSource }: RowProperties) => (
  <tr>
    <td class="when">
      <time dateTime={change.at}>{clockTime(Date.parse(change.at), now)}</time>
    </td>
    <td>
      <span class={`change-mark ${change.change}`}>
        <span class="sign" aria-hidden="true">
          {signs[change.change]}
        </span>
        {change.change}
      </span>
    </td>
    <td class="change-source">
      <button
        type="button"
        class="link"
        onClick={() => onSource(change.source)}
        title={`by provider ${change.provider}`}
      >
        <Inline text={change.source} most={120} />
      </button>
    </td>
    <td class="number wide">
      {change.targetsBefore === change.targetsAfter
        ? grouped(change.targetsAfter)
        : `${grouped(change.targetsBefore)} → ${grouped(change.targetsAfter)}`}
    </td>
    <td class="wide soft change-labels">
      <Labels labels={change.labels} />
    </td>
    <td class="wide soft change-jobs">
      <JobLinks jobs={change.jobs} />
    </td>
  </tr>
);

const signs = { added: "+", updated: "~", removed: "−" } as const;

const ownPart = (name: string) => splitName(name)[1];

/** The names of labels that came, went and changed, the first few of them. */
const Labels = ({ labels }: { labels: unknown }) => {
  const { added, removed, changed } = shape.safeParse(labels).data ?? { added: [], removed: [], changed: [] };
  const told = [
    ...added.map((name) => `+${ownPart(name)}`),
    ...removed.map((name) => `−${ownPart(name)}`),
    ...changed.map((name) => `~${ownPart(name)}`),
  ];
  if (told.length === 0) return <>–</>;
  const rest = told.length - mostNames;
  return (
    <>
      <Inline text={told.slice(0, mostNames).join(" ")} most={160} />
      {rest > 0 && ` and ${rest} more`}
    </>
  );
};

const mostNames = 4;

const names = z._default(z.array(z.string()), []);
const shape = z.object({ added: names, removed: names, changed: names });
