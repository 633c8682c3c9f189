import * as z from "zod";
import { reasonOf } from "../../errors.ts";
import { inFlight } from "../../inflight.ts";
import type { Resource } from "./mapper.ts";

/** The document at a path of an API server. */
export type GetDocument = (path: string) => Promise<unknown>;

export interface DiscoveredResources {
  /** In the order of the cluster's preference. */
  readonly resources: readonly Resource[];
  /** One line for each group that could not be asked. */
  readonly problems: readonly string[];
}

/**
 * The resources of a cluster out of its discovery documents. A group that an aggregated server should answer for and does not is left out,
 * as kubectl does; metrics APIs are never asked, since they may be our own. Rejects when the core group or the list of groups cannot be had.
 */
export const discoverResources = async (get: GetDocument): Promise<DiscoveredResources> => {
  const [core, groups] = await Promise.all([resourcesAt(get, { group: "", version: "v1" }), groupsOf(get)]);
  const answers = await inFlight(documentsAtOnce, groups, async (place) => {
    try {
      return { resources: await resourcesAt(get, place), problems: [] };
    } catch (error) {
      return { resources: [], problems: [`${place.group}/${place.version}: ${reasonOf(error)}`] };
    }
  });
  return {
    resources: [...core, ...answers.flatMap(({ resources }) => resources)],
    problems: answers.flatMap(({ problems }) => problems),
  };
};

const documentsAtOnce = 8;
const mostVersions = 1000;

interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

const groupsOf = async (get: GetDocument): Promise<GroupVersion[]> => {
  const { groups } = understood(groupList, await get("/apis"), "/apis");
  const versions = groups
    .filter(({ name }) => name !== "metrics.k8s.io" && !name.endsWith(".metrics.k8s.io"))
    .flatMap(({ name, versions, preferredVersion }) => {
      const first = preferredVersion?.version ?? versions[0]?.version ?? "";
      const others = versions.map(({ version }) => version).filter((version) => version !== first);
      return [first, ...others].map((version) => ({ group: name, version }));
    })
    .filter(({ group, version }) => isName(group) && isName(version));
  if (versions.length > mostVersions)
    throw new Error(`the API server has more than ${mostVersions} groups and versions`);
  return versions;
};

/** They become parts of paths. */
const isName = (text: string) => /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(text);

const resourcesAt = async (get: GetDocument, { group, version }: GroupVersion): Promise<Resource[]> => {
  const path = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  const { resources } = understood(resourceList, await get(path), path);
  return resources
    .filter(({ name }) => !name.includes("/"))
    .map(({ name, singularName, kind, namespaced }) => ({
      group,
      version,
      resource: name,
      // Servers before Kubernetes 1.27 do not say it for their own; apimachinery guesses it like this.
      singular: singularName === "" ? kind.toLowerCase() : singularName,
      kind,
      namespaced,
    }));
};

const understood = <T>(schema: z.ZodType<T>, document: unknown, path: string): T => {
  const { success, data, error } = schema.safeParse(document);
  if (success) return data;
  const [issue] = error.issues;
  throw new Error(`the API server's ${path}: ${issue?.path.join(".") || "the document"}: ${issue?.message}`);
};

const groupList = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      versions: z.array(z.object({ version: z.string() })),
      preferredVersion: z.object({ version: z.string() }).optional(),
    }),
  ),
});

const resourceList = z.object({
  resources: z.array(
    z.object({
      name: z.string(),
      singularName: z.string().default(""),
      kind: z.string(),
      namespaced: z.boolean(),
    }),
  ),
});
