import type { Access } from "../door/access.ts";
import { success, text } from "../door/answer.ts";
import type { CycleRecord } from "../metrics/cycles/cycles.ts";
import { secondsBehind } from "../pool/lag.ts";
import { renderMetrics } from "../status/metrics.ts";
import { describeProviders } from "../status/providers.ts";
import type { Route } from "./route.ts";

/** `GET /api/v1/providers`: how each provider is doing. */
export const providersRoute: Route = {
  path: "api/v1/providers",
  answer: async ({ plan }, { statuses, deadLetterCount, clock }) => {
    const [known, deadLetters] = await Promise.all([statuses.list(), deadLetterCount.read()]);
    return success({ ...describeProviders(plan.providers, known, clock()), deadLetters });
  },
};

/** `GET /metrics`: `prometheus_sd_*` and our own. */
export const metricsRoute: Route = {
  path: "metrics",
  answer: async ({ plan, access }, { statuses, deadLetterCount, lag, reloads, cycles, clock }) => {
    const now = clock();
    const known = await Promise.all([statuses.list(), deadLetterCount.read(), lag.read(), reloads.read()]);
    const [statusesKnown, deadLetters, behind, reload] = known;
    const { body, type } = renderMetrics({
      ...{ plan, statuses: statusesKnown, deadLetters, reload, now },
      lag: secondsBehind(behind, now),
      cycles:
        plan.settings.metrics === undefined ? [] : visible(access, (await cycles?.records()) ?? [], now),
    });
    return text(200, body, type);
  },
};

/** Who may read only some jobs is told nothing of clusters as a whole; a cluster that is collected no more leaves after a day. */
const visible = (access: Access, records: readonly CycleRecord[], now: number) =>
  records.filter(
    ({ cluster, end }) => access.readsEveryJob && access.readsCluster(cluster) && end > now - 86_400_000,
  );
