import { renderMetrics } from "../api/metrics.ts";
import { describeProviders } from "../api/providers.ts";
import { success, text } from "../door/answer.ts";
import type { Route } from "./route.ts";

/** `GET /api/v1/providers`: how each provider is doing. */
export const providersRoute: Route = {
  path: "api/v1/providers",
  answer: async ({ plan }, { statuses, clock }) =>
    success(describeProviders(plan.providers, await statuses.list(), clock())),
};

/** `GET /metrics`: `prometheus_sd_*` and our own. */
export const metricsRoute: Route = {
  path: "metrics",
  answer: async ({ plan }, { statuses, clock }) => {
    const { body, type } = await renderMetrics(plan, await statuses.list(), clock());
    return text(200, body, type);
  },
};
