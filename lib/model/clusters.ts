import type { MetricsSettings } from "../config/metrics/settings.ts";
import type { Access } from "../door/access.ts";
import { type Collection, planCollections } from "../metrics/plan.ts";
import type { Current } from "../metrics/settings.ts";
import { NotThere } from "./badquery.ts";

/** A cluster whose metrics are asked for. */
export interface Asked {
  readonly metrics: MetricsSettings;
  readonly collection: Collection;
}

/**
 * Heapster knows one cluster; here `?cluster=NAME` says which, and without it the first is meant (ADR 27). A cluster that the asker may not read is
 * not there for it. Undefined when there is none at all.
 */
export const clusterAsked = (
  current: Current,
  { access, name }: { access: Access; name: string | null },
): Asked | undefined => {
  const { metrics } = current.settings;
  if (metrics === undefined) return undefined;
  const visible = readableCollections(current, access);
  const collection = name === null ? visible[0] : visible.find(({ cluster }) => cluster === name);
  if (collection !== undefined) return { metrics, collection };
  if (name === null) return undefined;
  throw new NotThere(
    `no metrics of a cluster ${JSON.stringify(name)}; there are: ${visible.map(({ cluster }) => cluster).join(", ") || "none"}`,
  );
};

/** Those that the asker may read, in the order of the settings. */
export const readableCollections = (current: Current, access: Access): Collection[] =>
  planCollections(current.settings, current.servers).collections.filter(({ cluster }) =>
    mayRead(access, cluster),
  );

/** Metrics tell of everything in a cluster: whoever may read only some jobs may not read them. */
const mayRead = (access: Access, cluster: string) => access.readsEveryJob && access.readsCluster(cluster);
