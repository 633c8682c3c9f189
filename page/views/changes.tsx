import { useEffect, useMemo, useState } from "preact/hooks";
import { type Changes, useChanges } from "../live/changes.ts";
import { useNow } from "../live/now.ts";
import { refine } from "../live/place.ts";
import { JobSelect } from "../parts/jobselect.tsx";
import { type Bin, binned } from "../pure/chart.ts";
import type { Place } from "../pure/route.ts";
import { clockTime, grouped } from "../pure/time.ts";
import { ChangeList } from "./changelist.tsx";
import { Chart } from "./chart.tsx";

/** What was added, changed and removed, and when: a chart to see when much happened, and the list to see what. */
export const ChangesView = ({ place, jobs }: { place: Place; jobs: readonly string[] }) => {
  const { job = "", source = "" } = place.asked;
  const span = spans.find(([name]) => name === place.asked.span) ?? spans[1]!;
  const answer = useChanges({ job, source, span: span[1] });
  const [chosen, setChosen] = useState<Pick<Bin, "from" | "until">>();
  const bins = useBins(answer.changes, span[1]);
  const ask = (more: Record<string, string>) => {
    setChosen(undefined);
    refine({ ...place, asked: { ...place.asked, ...more } });
  };
  const listed = useMemo(
    () =>
      chosen === undefined
        ? answer.changes
        : answer.changes.filter(({ at }) => Date.parse(at) >= chosen.from && Date.parse(at) < chosen.until),
    [answer.changes, chosen],
  );
  return (
    <div class="sheet">
      <h1 class="view-title">What changed</h1>
      <Toolbar jobs={jobs} job={job} source={source} span={span[0]} onAsk={ask} />
      {answer.error !== "" && (
        <p class="fault" role="alert">
          {answer.error}
        </p>
      )}
      <Chart bins={bins} chosen={chosen} onChoose={setChosen} />
      <Outcome answer={answer} listed={listed.length} chosen={chosen} onAll={() => setChosen(undefined)} />
      <ChangeList changes={listed} onSource={(text) => ask({ source: text })} />
    </div>
  );
};

interface ToolbarProperties {
  readonly jobs: readonly string[];
  readonly job: string;
  readonly source: string;
  readonly span: string;
  readonly onAsk: (more: Record<string, string>) => void;
}

const Toolbar = ({ jobs, job, source, span, onAsk }: ToolbarProperties) => (
  <div class="toolbar">
    <JobSelect jobs={jobs} job={job} all="Every job" onChange={(one) => onAsk({ job: one })} />
    <SourceField source={source} onChange={(text) => onAsk({ source: text })} />
    <label class="field">
      <span>Back to</span>
      <select value={span} onChange={(event) => onAsk({ span: event.currentTarget.value })}>
        {spans.map(([name, , words]) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </select>
    </label>
  </div>
);

interface OutcomeProperties {
  readonly answer: Changes;
  readonly listed: number;
  readonly chosen: Pick<Bin, "from" | "until"> | undefined;
  readonly onAll: () => void;
}

const Outcome = ({ answer, listed, chosen, onAll }: OutcomeProperties) => (
  <p class="outcome" role="status">
    {answer.isLoading ? "Asking the server…" : `${grouped(listed)} changes`}
    {chosen !== undefined && (
      <>
        {` from ${clockTime(chosen.from, Date.now())} to ${clockTime(chosen.until, Date.now())} `}
        <button type="button" class="small" onClick={onAll}>
          Show all
        </button>
      </>
    )}
    {answer.isCut && " The oldest are left out: name a job or a source."}
  </p>
);

const minute = 60_000;
const spans: readonly (readonly [string, number, string])[] = [
  ["15m", 15 * minute, "15 minutes ago"],
  ["1h", 60 * minute, "an hour ago"],
  ["6h", 360 * minute, "6 hours ago"],
  ["24h", 1440 * minute, "a day ago"],
  ["7d", 7 * 1440 * minute, "7 days ago"],
];

/** The chart moves on by a thirtieth of its bars' width at most, so that it is not drawn anew each second. */
const useBins = (changes: Changes["changes"], span: number): Bin[] => {
  const now = Math.ceil(useNow() / 5000) * 5000;
  return useMemo(() => {
    const happenings = changes.map(({ at, change }) => ({ at: Date.parse(at), change }));
    return binned(happenings, { since: now - span, until: now, most: 90 });
  }, [changes, span, now]);
};

const SourceField = ({ source, onChange }: { source: string; onChange: (source: string) => void }) => {
  const [typed, setTyped] = useState(source);
  useEffect(() => setTyped(source), [source]);
  return (
    <form
      class="field-form"
      onSubmit={(event) => {
        event.preventDefault();
        onChange(typed.trim());
      }}
    >
      <label class="field search">
        <span>Source</span>
        <input
          type="search"
          value={typed}
          placeholder="pod/shop/api-0, then Enter"
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          onInput={(event) => setTyped(event.currentTarget.value)}
          onBlur={() => typed.trim() !== source && onChange(typed.trim())}
        />
      </label>
    </form>
  );
};
