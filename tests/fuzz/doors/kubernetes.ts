import fc from "fast-check";
import type { KubernetesSdConfig } from "../../../lib/config/configuration.ts";
import { createKubernetesDiscoverer } from "../../../lib/discovery/kubernetes/discover.ts";
import { apiServerAccess, nothingAttached, providerOf } from "../../unit/discovery/kubernetes/provider.ts";
import type { Door } from "../door.ts";
import { withPassword } from "../line.ts";
import { looks } from "../looks.ts";
import { recordedPairs } from "../samples.ts";
import type { Sound } from "../wire.ts";

interface Sample {
  readonly config: Partial<KubernetesSdConfig>;
  readonly objects: readonly Recorded[];
}
interface Recorded {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly namespace?: string };
}
interface Written extends Pick<KubernetesSdConfig, "role"> {
  readonly attach_metadata?: Partial<KubernetesSdConfig["attachMetadata"]>;
  readonly namespaces?: { readonly names: readonly string[] };
  readonly selectors?: KubernetesSdConfig["selectors"];
}

/** The objects and blocks of the golden cases. */
const samples = recordedPairs<Written, readonly Recorded[]>("golden/kubernetes/*", [
  "config.json",
  "objects.json",
]).map(
  ([{ role, attach_metadata, namespaces }, objects]): Sample => ({
    objects,
    config: {
      role,
      attachMetadata: { ...nothingAttached, ...attach_metadata },
      namespaces: { names: namespaces?.names ?? [], ownNamespace: false },
    },
  }),
);

const kindOf = (path: string) => path.split("/").at(-1) ?? "";
const pluralOf = ({ kind }: Recorded) =>
  kind === "Endpoints" ? "endpoints" : `${kind.toLowerCase()}s`.replace(/sss$/, "sses");

/** Pages of two, so that there is something to continue. */
const soundly = ({ objects }: Sample, { pathname, searchParams }: URL): Sound | undefined => {
  const namespace = /\/namespaces\/([^/]+)\//.exec(pathname)?.[1];
  const found = objects.filter(
    (object) =>
      pluralOf(object) === kindOf(pathname) &&
      (namespace === undefined || object.metadata.namespace === namespace),
  );
  const start = Number(searchParams.get("continue") ?? "0");
  const metadata = { resourceVersion: "7", ...(start + 2 < found.length && { continue: String(start + 2) }) };
  const items = found.slice(start, start + 2);
  return { document: { kind: "SomeList", apiVersion: "v1", metadata, items } };
};

/** The lists of an API server (spec §2). */
export const kubernetes: Door = {
  name: "kubernetes",
  runs: 25,
  open: async (scope) => [
    await looks(scope, {
      samples: fc.constantFrom(...samples),
      soundly,
      discoverer: () => createKubernetesDiscoverer({ wait: async () => {} }),
      provider: ({ origin }, { config }) => {
        const access = apiServerAccess(origin);
        const login = access.kind === "api-server" ? { ...access, httpClient: withPassword } : access;
        return providerOf(login, config);
      },
    }),
  ],
};
