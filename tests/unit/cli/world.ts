import { parseConfiguration } from "../../../lib/config/parse.ts";
import { createPopulator } from "../../../lib/relabel/populate.ts";
import { jobYaml } from "../../../lib/scrapepool/jobyaml.ts";
import type { TargetGroup } from "../../../lib/targetgroup/targetgroup.ts";
import { type Answering, good } from "./run.ts";

export interface WorldProvider {
  readonly provider: string;
  readonly mechanism: string;
  readonly role?: string;
  readonly cluster: string;
  readonly jobs: readonly string[];
  readonly groups: readonly TargetGroup[];
}

/** A Rollcall with this configuration and pool, as far as `diff` and `compare` ask it. */
export const worldOf = (configuration: string, providers: readonly WorldProvider[]): Answering => {
  const main = { path: "/etc/prometheus.yml", text: configuration };
  const { jobs } = parseConfiguration({ main, jobFiles: [] }).configuration;
  const own = (job: string | null) => providers.filter((one) => one.jobs.includes(job ?? ""));
  const jobNamed = (name: string | null) => jobs.find((job) => job.name === name);
  const search = (name: string | null) => {
    const job = jobNamed(name);
    if (job === undefined) return [];
    const populator = createPopulator(job);
    return own(name).flatMap(({ provider, cluster, groups }) =>
      groups.flatMap(({ source, labels, targets }) =>
        targets.map((target) => {
          const outcome = populator.populate(target, labels);
          return {
            job: job.name,
            provider,
            source,
            cluster,
            state: outcome.state,
            discoveredLabels: Object.fromEntries(populator.discovered(target, labels)),
            labels: outcome.state === "active" ? Object.fromEntries(outcome.labels) : {},
          };
        }),
      ),
    );
  };
  return ({ path, query }) => {
    const job = query.get("job");
    if (path === "api/v1/providers") return good({ providers });
    if (path === "api/v1/scrape_pools") return good({ scrapePools: jobs.map(({ name }) => name) });
    if (path === "api/v1/search") return good({ targets: search(job), cursor: null });
    if (path === "api/v1/scrape_pools/config") {
      const found = jobNamed(query.get("scrapePool"));
      return found === undefined ? undefined : good({ yaml: jobYaml(found) });
    }
    if (path !== "api/v1/groups") return undefined;
    const groups = own(job).flatMap(({ provider, groups: held }) =>
      held.map((group) => ({
        provider,
        source: group.source,
        version: { epoch: 1, sequence: 1 },
        hash: "",
        group,
      })),
    );
    return good({ groups, cursor: null });
  };
};
