import { useCounts } from "../live/counts.ts";
import type { Provider } from "../live/shapes.ts";
import { stateOfThings, worstHealth } from "../pure/health.ts";
import { grouped } from "../pure/time.ts";
import { JobTable } from "./jobs.tsx";
import { ProviderTable } from "./providers.tsx";

interface Properties {
  readonly answer:
    | { readonly providers: readonly Provider[]; readonly deadLetters?: number | null | undefined }
    | undefined;
  readonly jobs: readonly string[];
}

/** How everything is: a sentence first, then the jobs, then who finds their targets. */
export const Overview = ({ answer, jobs }: Properties) => {
  const counts = useCounts(jobs);
  if (answer === undefined) return <p class="waiting">Asking the server…</p>;
  const { providers } = answer;
  const deadLetters = answer.deadLetters ?? 0;
  const targets = providers.reduce((sum, one) => sum + one.targets, 0);
  const health = worstHealth(providers.map((one) => one.health));
  return (
    <div class="sheet">
      <section class={`opening opening-${health}`}>
        <h1>{stateOfThings(providers, deadLetters)}</h1>
        <dl class="figures">
          <Figure name="jobs" value={jobs.length} />
          <Figure name="targets found" value={targets} />
          <Figure name="providers" value={providers.length} />
          <Figure name="dead letters" value={deadLetters} isBad={deadLetters > 0} />
        </dl>
      </section>
      <JobTable jobs={jobs} providers={providers} counts={counts} />
      <ProviderTable providers={providers} />
      <footer class="links">
        <span>For programs:</span> <a href="api/v1/providers">providers</a>{" "}
        <a href="api/v1/targets">targets</a> <a href="metrics">metrics</a>
      </footer>
    </div>
  );
};

const Figure = ({ name, value, isBad = false }: { name: string; value: number; isBad?: boolean }) => (
  <div class={isBad ? "figure figure-bad" : "figure"}>
    <dt>{name}</dt>
    <dd>{grouped(value)}</dd>
  </div>
);
