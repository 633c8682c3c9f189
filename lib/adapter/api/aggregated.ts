import type { Catalogue } from "../provider/provider.ts";
import { type ApiResource, resourcesOf } from "./discovery.ts";
import { type GroupName, groups, isServed, preferredVersion } from "./groups.ts";

export const aggregatedVersions = ["v2", "v2beta1"] as const;
export type AggregatedVersion = (typeof aggregatedVersions)[number];

/** `/apis` for those who want every group's resources in one answer (Kubernetes's `apidiscovery.k8s.io`), as newer aggregators do. */
export const aggregatedDocument = (version: AggregatedVersion, catalogue: Catalogue) => ({
  kind: "APIGroupDiscoveryList",
  apiVersion: `apidiscovery.k8s.io/${version}`,
  metadata: {},
  items: groups
    .filter(({ name }) => isServed(name, catalogue))
    .map(({ name }) => ({
      metadata: { name, creationTimestamp: null },
      versions: [
        {
          version: preferredVersion,
          resources: nested(name, resourcesOf(name, catalogue)),
          freshness: "Current",
        },
      ],
    })),
});

/** `pods/http_requests` is a subresource of `pods` here, although `pods` itself cannot be asked for. */
const nested = (group: GroupName, resources: readonly ApiResource[]) => {
  const of = ({ name }: ApiResource) => name.split("/", 1)[0] ?? "";
  const scopeOf = ({ namespaced }: ApiResource) => (namespaced ? "Namespaced" : "Cluster");
  return [...Map.groupBy(resources, (one) => JSON.stringify([of(one), one.namespaced]))].map(([, ones]) => {
    const [first] = ones as [ApiResource, ...ApiResource[]];
    const own = ones.find(({ name }) => !name.includes("/"));
    const below = ones.filter(({ name }) => name.includes("/"));
    return {
      resource: of(first),
      responseKind: own === undefined ? {} : kindOf(group, own),
      scope: scopeOf(first),
      singularResource: "",
      verbs: own?.verbs ?? [],
      ...(below.length > 0 && {
        subresources: below.map((one) => ({
          subresource: one.name.slice(one.name.indexOf("/") + 1),
          responseKind: kindOf(group, one),
          verbs: one.verbs,
        })),
      }),
    };
  });
};

const kindOf = (group: GroupName, { kind }: ApiResource) => ({ group, version: preferredVersion, kind });
