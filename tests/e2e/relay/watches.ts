import type { ControlPlane } from "../control-plane.ts";

/** How many watches the API server serves, by resource, as its own metrics count them; other people's included. */
export const servedWatches = async (cluster: ControlPlane): Promise<Map<string, number>> => {
  const watches = new Map<string, number>();
  for (const line of (await cluster.read("/metrics")).split("\n")) {
    if (!line.startsWith("apiserver_longrunning_gauge{") || !line.includes('verb="WATCH"')) continue;
    const [, group = "", resource = ""] = /[{,]group="([^"]*)",resource="([^"]*)"/.exec(line) ?? [];
    if (!discovered.has(`${group}/${resource}`)) continue;
    watches.set(resource, (watches.get(resource) ?? 0) + Number(line.slice(line.lastIndexOf(" ") + 1)));
  }
  return watches;
};

/** What discovery reads (spec §2.2), in the groups in which it does. */
const discovered = new Set([
  "/nodes",
  "/pods",
  "/services",
  "/endpoints",
  "/namespaces",
  "discovery.k8s.io/endpointslices",
  "networking.k8s.io/ingresses",
  "apps/replicasets",
  "batch/jobs",
]);

/** What came on top, resources without any left out. */
export const watchesSince = (now: ReadonlyMap<string, number>, before: ReadonlyMap<string, number>) =>
  Object.fromEntries(
    [...now]
      .map(([resource, count]) => [resource, count - (before.get(resource) ?? 0)] as const)
      .filter(([, count]) => count !== 0)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
