import { useEffect, useMemo, useState } from "preact/hooks";
import { goTo, refine } from "../live/place.ts";
import type { Target, TargetState } from "../live/shapes.ts";
import { mostRows, useTargets } from "../live/targets.ts";
import { JobSelect } from "../parts/jobselect.tsx";
import { filterTargets } from "../pure/filter.ts";
import { parseQuery, withMatcher } from "../pure/query.ts";
import type { Place } from "../pure/route.ts";
import { keyOf } from "../pure/targetkey.ts";
import { grouped } from "../pure/time.ts";
import { Detail } from "./detail.tsx";
import { StateChoice } from "./statechoice.tsx";
import { TargetGrid } from "./targetgrid.tsx";

/** The targets of a job: a table that stays quick with tens of thousands, and one of them in full beside it. */
export const TargetsView = ({ place, jobs }: { place: Place; jobs: readonly string[] }) => {
  const job = place.job === "" ? (jobs[0] ?? "") : place.job;
  const { asked } = place;
  const state = stateIn(asked.state);
  const query = useMemo(() => parseQuery(asked.q ?? ""), [asked.q]);
  const targets = useTargets(job, query.fault === "" ? query.selectors : undefined);
  const { rows } = targets;
  const worded = useMemo(() => filterTargets(rows, { words: query.words, state: "any" }), [rows, query]);
  const shown = useMemo(() => filterTargets(worded, { words: [], state }), [worded, state]);
  const opened = asked.t === undefined ? undefined : rows.find((target) => keyOf(target) === asked.t);
  const ask = (more: Record<string, string>) => refine({ ...place, job, asked: { ...asked, ...more } });
  return (
    <div class={opened === undefined ? "targets" : "targets targets-open"}>
      <h1 class="visually-hidden">Targets</h1>
      <Toolbar place={{ ...place, job }} jobs={jobs} state={state} targets={worded} />
      <Outcome {...targets} fault={query.fault} shown={shown.length} />
      <div class="panes">
        <TargetGrid
          // Another job begins at its top.
          key={job}
          targets={shown}
          opened={opened}
          isLoading={targets.isLoading}
          onOpen={(target) => ask({ t: keyOf(target) })}
        />
        {opened !== undefined && (
          <Detail
            target={opened}
            job={job}
            tab={asked.tab === "steps" ? "steps" : "labels"}
            onTab={(tab) => ask({ tab: tab === "labels" ? "" : tab })}
            onClose={() => ask({ t: "", tab: "" })}
            onMatch={(name, value) => ask({ q: withMatcher(asked.q ?? "", name, value) })}
          />
        )}
      </div>
    </div>
  );
};

interface ToolbarProperties {
  readonly place: Place;
  readonly jobs: readonly string[];
  readonly state: TargetState | "any";
  readonly targets: readonly Target[];
}

const Toolbar = ({ place, jobs, state, targets }: ToolbarProperties) => {
  const { job, asked } = place;
  const ask = (more: Record<string, string>) => refine({ ...place, asked: { ...asked, ...more } });
  return (
    <div class="toolbar">
      <JobSelect
        jobs={jobs}
        job={job}
        onChange={(chosen) => goTo({ ...place, job: chosen, asked: { ...asked, t: "" } })}
      />
      <StateChoice
        state={state}
        targets={targets}
        onChange={(chosen) => ask({ state: chosen === "any" ? "" : chosen })}
      />
      <SearchField text={asked.q ?? ""} onChange={(q) => ask({ q })} />
    </div>
  );
};

const states = ["active", "dropped", "failed", "duplicate"] as const;

const stateIn = (text: string | undefined): TargetState | "any" =>
  states.find((one) => one === text) ?? "any";

/** The address follows what is typed a moment later, so that each letter asks nothing. */
const SearchField = ({ text, onChange }: { text: string; onChange: (text: string) => void }) => {
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);
  useEffect(() => {
    if (typed === text) return;
    const timer = setTimeout(() => onChange(typed), 180);
    return () => clearTimeout(timer);
  }, [typed, text, onChange]);
  return (
    <label class="field search">
      <span>Search</span>
      <input
        type="search"
        value={typed}
        placeholder={'words, or {namespace="shop"}'}
        spellcheck={false}
        autocomplete="off"
        autocapitalize="off"
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
    </label>
  );
};

interface OutcomeProperties {
  readonly rows: readonly Target[];
  readonly shown: number;
  readonly isLoading: boolean;
  readonly isCut: boolean;
  readonly error: string;
  readonly fault: string;
}

const Outcome = ({ rows, shown, isLoading, isCut, error, fault }: OutcomeProperties) => {
  const refused = fault === "" ? error : fault;
  if (refused !== "") {
    return (
      <p class="outcome fault" role="alert">
        {refused}
      </p>
    );
  }
  const known = shown === rows.length ? grouped(shown) : `${grouped(shown)} of ${grouped(rows.length)}`;
  return (
    <p class="outcome" role="status">
      {isLoading && rows.length === 0
        ? "Asking the server…"
        : `${known} ${rows.length === 1 ? "target" : "targets"}`}
      {isLoading && rows.length > 0 && ", more on their way"}
      {isCut && `: the first ${grouped(mostRows)}, give a selector for the others`}
    </p>
  );
};
