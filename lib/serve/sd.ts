import { failure, jsonBytes } from "../door/answer.ts";
import { findJob, unsure } from "./job.ts";
import type { Route } from "./route.ts";

/** `GET /sd/{job+}`: the whole list of one job, or an error status when it is not known: a scraper then keeps what it had. */
export const sdRoute: Route = {
  path: "sd/",
  answer: async ({ request, plan, rest }, parts) => {
    const [unknown] = request.query.keys();
    if (unknown !== undefined) {
      // A scraper that asked for its shard and got everything would scrape everything.
      return failure(400, "bad_data", `the parameter ${unknown} is not supported; /sd/{job} takes none`);
    }
    const job = findJob(rest, plan);
    if (job === undefined) {
      const jobs = plan.configuration.jobs.map(({ name }) => name);
      return failure(404, "not_found", `no such job: ${rest}; there are: ${jobs.join(", ")}`, { jobs });
    }
    const providers = plan.providers.filter((provider) => provider.jobs.includes(job));
    const statuses = await parts.statuses.list();
    const ids = providers.map(({ id }) => id);
    const reason = unsure(providers, statuses, await parts.lists.count(ids));
    if (reason !== undefined) return failure(503, "unavailable", `job ${job}: ${reason}`);
    return jsonBytes(await parts.lists.list(ids));
  },
};
