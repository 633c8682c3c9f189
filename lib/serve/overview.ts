import type { Plan } from "../discovery/current.ts";
import { text } from "../door/answer.ts";
import type { ProviderStatus } from "../pool/status.ts";
import type { Route } from "./route.ts";

/** `GET /`, for a person who opens the door's root. */
export const overviewRoute: Route = {
  path: "",
  answer: async ({ plan }, { statuses }) => text(200, overview(plan, await statuses.list())),
};

const overview = (plan: Plan, statuses: readonly ProviderStatus[]): string => {
  const targets = new Map(statuses.map((status) => [status.provider, status.targets]));
  const jobs = plan.configuration.jobs.map(({ name }) => {
    const own = plan.providers.filter((provider) => provider.jobs.includes(name));
    const sum = own.reduce((total, { id }) => total + (targets.get(id) ?? 0), 0);
    return `  sd/${encodeURIComponent(name)}  ${sum} targets\n`;
  });
  return `Rollcall serves these jobs by HTTP service discovery:\n\n${jobs.join("")}\nand api/v1/providers, metrics, -/healthy, -/ready.\n`;
};
