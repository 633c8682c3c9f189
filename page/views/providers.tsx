import { useNow } from "../live/now.ts";
import type { Provider } from "../live/shapes.ts";
import { HealthMark } from "../parts/health.tsx";
import { Inline, Value } from "../parts/value.tsx";
import { formatPlace } from "../pure/route.ts";
import { duration, grouped } from "../pure/time.ts";
import { GuardNotice } from "./guard.tsx";

/** Who finds targets, the troubled ones first. */
export const ProviderTable = ({ providers }: { providers: readonly Provider[] }) => {
  const now = useNow();
  const ordered = [...providers].sort(
    (a, b) => troubleOf(b) - troubleOf(a) || a.provider.localeCompare(b.provider),
  );
  return (
    <section aria-labelledby="providers-title">
      <h2 id="providers-title">Providers</h2>
      <table class="ledger providers">
        <thead>
          <tr>
            <th scope="col">Provider</th>
            <th scope="col" class="wide">
              Jobs
            </th>
            <th scope="col" class="number wide">
              Sources
            </th>
            <th scope="col" class="number">
              Targets
            </th>
            <th scope="col" class="wide">
              Followed by
            </th>
            <th scope="col" class="number">
              Last good
            </th>
            <th scope="col">Health</th>
          </tr>
        </thead>
        {ordered.map((provider) => (
          <ProviderRows key={provider.provider} provider={provider} now={now} />
        ))}
      </table>
    </section>
  );
};

const troubleOf = ({ health, guard }: Provider) =>
  ["ok", "never", "stale", "failing"].indexOf(health) * 2 + (guard === null ? 0 : 1);

/** One body a provider, so that what is said beneath its row belongs to it. */
const ProviderRows = ({ provider, now }: { provider: Provider; now: number }) => {
  const { cluster, mechanism, role, lastSuccess, stalenessSeconds } = provider;
  return (
    <tbody>
      <tr>
        <th scope="row">
          <span class="provider-kind">
            {mechanism}
            {role !== undefined && <span class="soft"> · {role}</span>}
          </span>
          <span class="provider-place">
            <Inline text={cluster} most={60} />
          </span>
        </th>
        <td class="wide">
          <JobLinks jobs={provider.jobs} />
        </td>
        <td class="number wide">{grouped(provider.sources)}</td>
        <td class="number">{grouped(provider.targets)}</td>
        <td class="wide soft">{provider.followedBy}</td>
        <td class="number soft" title={lastSuccess ?? undefined}>
          {lastSuccess === null ? "never" : `${duration(stalenessSeconds ?? 0)} ago`}
        </td>
        <td>
          <HealthMark health={provider.health} />
        </td>
      </tr>
      <Beneath provider={provider} now={now} />
    </tbody>
  );
};

/** What is wrong, and what is held back. */
const Beneath = ({ provider: { provider, guard, lastError }, now }: { provider: Provider; now: number }) => (
  <>
    {lastError !== "" && (
      <tr class="beneath">
        <td colSpan={7}>
          <p class="last-error">
            <strong>Last error.</strong> <Value text={lastError} />
          </p>
        </td>
      </tr>
    )}
    {guard !== null && (
      <tr class="beneath">
        <td colSpan={7}>
          <GuardNotice provider={provider} guard={guard} now={now} />
        </td>
      </tr>
    )}
  </>
);

export const JobLinks = ({ jobs }: { jobs: readonly string[] }) => (
  <>
    {jobs.map((job, index) => (
      <span key={job}>
        {index > 0 && ", "}
        <a href={formatPlace({ view: "targets", job, asked: {} })}>
          <Inline text={job} most={60} />
        </a>
      </span>
    ))}
  </>
);
