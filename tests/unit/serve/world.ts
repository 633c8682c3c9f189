import { parseConfiguration } from "../../../lib/config/parse.ts";
import { noSettings, type TokenSettings } from "../../../lib/config/settings.ts";
import type { Plan } from "../../../lib/discovery/current.ts";
import type { Provider } from "../../../lib/discovery/provider.ts";
import { createMemoryCycles } from "../../../lib/metrics/cycles/memory.ts";
import { createServe } from "../../../lib/serve/routes.ts";
import { contentHash } from "../../../lib/targetgroup/hash.ts";
import type { LabelSet, TargetGroup } from "../../../lib/targetgroup/targetgroup.ts";
import { changed } from "../../fakes/events.ts";
import { provider, status } from "../../fakes/providers.ts";
import { createServeParts, readWhole } from "./parts.ts";

export const now = Date.parse("2026-11-22T12:00:00Z");

export const groupOf = (
  source: string,
  targets: readonly LabelSet[],
  labels: LabelSet = {},
): TargetGroup => ({
  source,
  labels,
  targets,
});

export interface ServedWorld {
  /** The scrape configuration, as in the file. */
  readonly yaml: string;
  readonly providers: readonly Provider[];
  readonly tokens?: readonly TokenSettings[];
  readonly parts?: Partial<Parameters<typeof createServe>[0]>;
}

/** A door over a pool in memory, in which every provider was looked at. */
export const serveWorld = async ({ yaml, providers, tokens = [], parts = {} }: ServedWorld) => {
  const clock = () => now;
  const { pool, parts: own } = createServeParts(clock);
  const { statuses } = own;
  for (const { id } of providers) {
    await statuses.put(status({ provider: id, lastAttempt: now, lastSuccess: now, filled: true }));
  }
  let plan = planOf(yaml, providers, tokens);
  const serve = createServe({
    plan: async () => plan,
    ...own,
    cycles: createMemoryCycles(),
    ...parts,
  });
  let sequence = 0;
  return {
    statuses,
    reconfigure: (text: string) => {
      plan = planOf(text, providers, tokens);
    },
    /** A group without targets is gone. */
    apply: async (id: string, ...groups: TargetGroup[]) => {
      for (const group of groups) {
        sequence += 1;
        const addresses = group.targets.map(() => "a");
        const event = changed({ source: group.source, provider: id, sequence, addresses });
        await pool.offer({ ...event, hash: contentHash(group) }, group);
      }
      await pool.bump(id);
    },
    /** `path` may have a query. */
    get: async (path: string, headers: Record<string, string> = {}) => {
      return readWhole(await serve(requestOf(path, headers)));
    },
  };
};

/** Two clusters of a job `pods`. */
export const east = provider({ id: "kubernetes/00000000000a", cluster: "east", jobs: ["pods"] });
export const west = provider({ id: "kubernetes/00000000000b", cluster: "west", jobs: ["pods"] });

const requestOf = (path: string, headers: Record<string, string>) => {
  const url = new URL(path, "http://127.0.0.1/");
  const names = [...new Set(url.searchParams.keys())];
  return {
    httpMethod: "GET",
    path: url.pathname,
    pathParameters: { path: url.pathname.slice(1) },
    headers: { host: "127.0.0.1:9095", ...headers },
    multiValueQueryStringParameters: Object.fromEntries(
      names.map((name) => [name, url.searchParams.getAll(name)]),
    ),
    requestContext: { identity: { sourceIp: "127.0.0.1" } },
  };
};

export const planOf = (
  yaml: string,
  providers: readonly Provider[],
  tokens: readonly TokenSettings[],
): Plan => {
  const main = { path: "prometheus.yml", text: yaml };
  const { configuration } = parseConfiguration({ main, jobFiles: [] });
  return { hash: yaml, providers, warnings: [], settings: { ...noSettings, tokens }, configuration };
};
