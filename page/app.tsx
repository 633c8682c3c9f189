import { useEffect, useRef } from "preact/hooks";
import { usePlace } from "./live/place.ts";
import { usePolled } from "./live/polled.ts";
import { providersShape } from "./live/shapes.ts";
import { ConnectionMark } from "./parts/connection.tsx";
import { ThemeButton } from "./parts/theme.tsx";
import { formatPlace, type Place, type View, views } from "./pure/route.ts";
import { ChangesView } from "./views/changes.tsx";
import { ExplainView } from "./views/explain.tsx";
import { MetricsView } from "./views/metrics.tsx";
import { Overview } from "./views/overview.tsx";
import { TargetsView } from "./views/targets.tsx";

/** The page: a head that is always there, and the view that the address names. */
export const App = () => {
  const place = usePlace();
  const main = useRef<HTMLElement>(null);
  useViewChange(place.view, main);
  // Everybody needs the jobs, and that the server answers shows by it in every view.
  const providers = usePolled("api/v1/providers", providersShape);
  const jobs = jobsOf(providers.data?.providers ?? []);
  return (
    <div class={`frame frame-${place.view}`}>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <Head view={place.view} />
      <main ref={main} tabIndex={-1} aria-label={titles[place.view]}>
        {providers.error !== "" && (
          <p class="fault" role="alert">
            The server refuses: {providers.error}
          </p>
        )}
        <Body place={place} jobs={jobs} providers={providers.data} />
      </main>
    </div>
  );
};

const Head = ({ view: here }: { view: View }) => (
  <header class="top">
    <a class="mark" href="#/">
      <Tick />
      Rollcall
    </a>
    <nav aria-label="Views">
      {views.map((view) => (
        <a
          key={view}
          href={formatPlace({ view, job: "", asked: {} })}
          aria-current={view === here ? "page" : undefined}
        >
          {titles[view]}
        </a>
      ))}
    </nav>
    <ConnectionMark />
    <ThemeButton />
  </header>
);

const titles: Readonly<Record<View, string>> = {
  overview: "Overview",
  targets: "Targets",
  explain: "Explain",
  changes: "Changes",
  metrics: "Metrics",
};

interface BodyProperties {
  readonly place: Place;
  readonly jobs: readonly string[];
  readonly providers: Parameters<typeof Overview>[0]["answer"];
}

const Body = ({ place, jobs, providers }: BodyProperties) => {
  if (place.view === "targets") return <TargetsView place={place} jobs={jobs} />;
  if (place.view === "explain") return <ExplainView place={place} jobs={jobs} />;
  if (place.view === "changes") return <ChangesView place={place} jobs={jobs} />;
  if (place.view === "metrics") return <MetricsView place={place} />;
  return <Overview answer={providers} jobs={jobs} />;
};

const jobsOf = (providers: readonly { jobs: readonly string[] }[]) =>
  [...new Set(providers.flatMap(({ jobs }) => jobs))].sort();

/** A screen reader is told of a new view by its title and by where the focus is. */
const useViewChange = (view: View, main: { readonly current: HTMLElement | null }) => {
  const shown = useRef(view);
  useEffect(() => {
    document.title = `${titles[view]} – Rollcall`;
    if (shown.current !== view) main.current?.focus({ preventScroll: true });
    shown.current = view;
    window.scrollTo(0, 0);
  }, [view, main]);
};

const Tick = () => (
  <svg class="tick" viewBox="0 0 16 16" width="20" height="20" aria-hidden="true">
    <rect width="16" height="16" rx="3.5" />
    <path d="M3.6 8.4l3 3 5.8-6.8" />
  </svg>
);
