import { quoted } from "../config/go-text.ts";
import { failure, success } from "../door/answer.ts";
import { jobYaml } from "../scrapepool/jobyaml.ts";
import { sortedJobs } from "./pools.ts";
import type { Asked, Route } from "./route.ts";

/** `GET /api/v1/scrape_pools`: the names of the jobs. */
export const scrapePoolsRoute: Route = {
  path: "api/v1/scrape_pools",
  answer: async ({ plan }) =>
    success({ scrapePools: sortedJobs(plan.configuration.jobs).map(({ name }) => name) }),
};

/** `GET /api/v1/scrape_pools/config?scrapePool`: the job's configuration, secrets left out. */
export const scrapePoolConfigRoute: Route = {
  path: "api/v1/scrape_pools/config",
  answer: async (asked) => {
    // A job's blocks tell of all its clusters.
    if (!asked.access.readsEveryCluster) {
      return failure(
        403,
        "forbidden",
        "this token does not read every cluster, of which a configuration tells",
      );
    }
    const found = askedPool(asked);
    return "statusCode" in found ? found : success({ yaml: jobYaml(found.job) });
  },
};

/** The job that `scrapePool` names, or Prometheus's refusal. */
export const askedPool = ({ request, plan }: Asked) => {
  const name = request.query.get("scrapePool") ?? "";
  if (name === "") return failure(400, "bad_data", "no scrapePool parameter provided");
  const job = plan.configuration.jobs.find((one) => one.name === name);
  if (job !== undefined) return { job };
  return failure(400, "bad_data", `error retrieving scrape config: scrape pool ${quoted(name)} not found`);
};
