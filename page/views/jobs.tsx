import type { Counts } from "../live/counts.ts";
import type { Provider } from "../live/shapes.ts";
import { HealthMark } from "../parts/health.tsx";
import { Inline } from "../parts/value.tsx";
import { worstHealth } from "../pure/health.ts";
import { formatPlace } from "../pure/route.ts";
import { grouped } from "../pure/time.ts";

interface Properties {
  readonly jobs: readonly string[];
  readonly providers: readonly Provider[];
  readonly counts: ReadonlyMap<string, Counts>;
}

/** The jobs of the configuration: what each has found, keeps and drops. */
export const JobTable = ({ jobs, providers, counts }: Properties) => (
  <section aria-labelledby="jobs-title">
    <h2 id="jobs-title">Jobs</h2>
    <table class="ledger jobs">
      <thead>
        <tr>
          <th scope="col">Job</th>
          <th scope="col" class="number">
            Active
          </th>
          <th scope="col" class="number">
            Dropped
          </th>
          <th scope="col" class="share-head wide">
            <span class="visually-hidden">Share of active targets</span>
          </th>
          <th scope="col" class="wide">
            Found by
          </th>
          <th scope="col">Health</th>
        </tr>
      </thead>
      <tbody>
        {jobs.map((job) => (
          <JobRow
            key={job}
            job={job}
            providers={providers.filter((one) => one.jobs.includes(job))}
            counts={counts.get(job)}
          />
        ))}
      </tbody>
    </table>
  </section>
);

interface RowProperties {
  readonly job: string;
  readonly providers: readonly Provider[];
  readonly counts: Counts | undefined;
}

const JobRow = ({ job, providers, counts }: RowProperties) => {
  const found = providers.reduce((sum, one) => sum + one.targets, 0);
  const dropped = counts?.dropped ?? 0;
  const kinds = [...new Set(providers.map(({ role, mechanism }) => role ?? mechanism))];
  return (
    <tr>
      <th scope="row">
        <a href={formatPlace({ view: "targets", job, asked: {} })}>
          <Inline text={job} most={80} />
        </a>
      </th>
      <td class="number">{grouped(counts?.active ?? found)}</td>
      <td class="number soft">
        {dropped === 0 ? (
          "–"
        ) : (
          <a href={formatPlace({ view: "targets", job, asked: { state: "dropped" } })}>{grouped(dropped)}</a>
        )}
        {counts !== undefined && counts.failed > 0 && (
          <>
            {" "}
            <a class="bad" href={formatPlace({ view: "targets", job, asked: { state: "failed" } })}>
              +{grouped(counts.failed)} failed
            </a>
          </>
        )}
      </td>
      <td class="wide share-cell">
        <Share active={counts?.active ?? found} rest={dropped + (counts?.failed ?? 0)} />
      </td>
      <td class="wide soft">{kinds.join(", ")}</td>
      <td>
        <HealthMark health={worstHealth(providers.map(({ health }) => health))} />
      </td>
    </tr>
  );
};

const Share = ({ active, rest }: { active: number; rest: number }) => (
  <span class="share" aria-hidden="true">
    <span class="share-active" style={{ flexGrow: active }} />
    <span class="share-rest" style={{ flexGrow: rest }} />
  </span>
);
