import { noSettings } from "../../../lib/config/settings.ts";
import type { Plan } from "../../../lib/discovery/current.ts";
import type { Provider } from "../../../lib/discovery/provider.ts";
import type { ProviderStatus } from "../../../lib/pool/status.ts";
import { createServe } from "../../../lib/serve/routes.ts";
import { changed } from "../../fakes/events.ts";
import { job } from "../../fakes/jobs.ts";
import { provider } from "../../fakes/providers.ts";
import { createServeParts, readWhole } from "./parts.ts";

export const now = Date.parse("2026-11-22T12:00:00Z");

export const pods = provider({ id: "kubernetes/00000000000a", jobs: ["pods", "a/b", "100%"] });

export const looked = { lastAttempt: now, lastSuccess: now };

export const setUp = async (
  statuses: ProviderStatus[],
  { jobs = pods.jobs }: { jobs?: readonly string[] } = {},
) => {
  const clock = () => now;
  const { pool, parts } = createServeParts(clock);
  for (const one of statuses) await parts.statuses.put(one);
  const serve = createServe({ plan: async () => planOf(jobs, [pods]), ...parts });
  let sequence = 0;
  return {
    blobs: parts.blobs,
    deadLetterCount: parts.deadLetterCount,
    apply: async (source: string, ...addresses: string[]) => {
      sequence += 1;
      const event = changed({ source, provider: pods.id, sequence, addresses });
      await pool.offer(event, event.group!);
      await pool.bump(pods.id);
    },
    get: async (
      path: string,
      headers: Record<string, string> = { host: "127.0.0.1:9095" },
      query: Record<string, string[]> | null = null,
    ) => {
      return readWhole(await serve({ ...request(path, headers), multiValueQueryStringParameters: query }));
    },
  };
};

const request = (path: string, headers: Record<string, string>) => ({
  httpMethod: "GET",
  path: `/${path}`,
  pathParameters: path === "" ? null : { path },
  headers,
  multiValueQueryStringParameters: null,
  requestContext: { identity: { sourceIp: "127.0.0.1" } },
});

const planOf = (jobs: readonly string[], providers: Provider[]): Plan => ({
  hash: "h",
  providers,
  warnings: [],
  settings: noSettings,
  configuration: { jobs: jobs.map((name) => job(name)) },
});
