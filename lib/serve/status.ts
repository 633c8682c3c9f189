import { renderMetrics } from "../api/metrics.ts";
import { describeProviders } from "../api/providers.ts";
import { success, text } from "../door/answer.ts";
import { secondsBehind } from "../pool/lag.ts";
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
  answer: async ({ plan }, { statuses, deadLetterCount, lag, reloads, clock }) => {
    const read = [statuses.list(), deadLetterCount.read(), lag.read(), reloads.read()] as const;
    const [known, deadLetters, behind, reload] = await Promise.all(read);
    const now = clock();
    const measured = { plan, statuses: known, deadLetters, lag: secondsBehind(behind, now), reload, now };
    const { body, type } = renderMetrics(measured);
    return text(200, body, type);
  },
};
