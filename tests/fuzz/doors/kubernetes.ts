import assert from "node:assert/strict";
import fc from "fast-check";
import type { KubernetesSdConfig } from "../../../lib/config/configuration.ts";
import { createKubernetesDiscoverer } from "../../../lib/discovery/kubernetes/discover.ts";
import { reasonOf } from "../../../lib/errors.ts";
import { apiServerAccess, nothingAttached, providerOf } from "../../unit/discovery/kubernetes/provider.ts";
import { behaviour, type Door, type Scope } from "../door.ts";
import { hostileText } from "../hostile.ts";
import { holdLine, withPassword } from "../line.ts";
import { looks } from "../looks.ts";
import { recordedPairs } from "../samples.ts";
import { type Sound, startHostile } from "../wire.ts";

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

/** Pages of one, so that there is something to continue; `version`: of the cluster, at each page. */
const soundly = (
  { objects }: Sample,
  { pathname, searchParams }: URL,
  version: (page: number) => number = () => 7,
): Sound => {
  const namespace = /\/namespaces\/([^/]+)\//.exec(pathname)?.[1];
  const found = objects.filter(
    (object) =>
      pluralOf(object) === kindOf(pathname) &&
      (namespace === undefined || object.metadata.namespace === namespace),
  );
  const start = Number(searchParams.get("continue") ?? "0");
  const more = start + 1 < found.length && { continue: String(start + 1) };
  const metadata = { resourceVersion: String(version(start)), ...more };
  const items = found.slice(start, start + 1);
  return { document: { kind: "SomeList", apiVersion: "v1", metadata, items } };
};

const discoverer = () => createKubernetesDiscoverer({ wait: async () => {} });

const providerAt = ({ origin }: URL, { config }: Sample) => {
  const access = apiServerAccess(origin);
  const login = access.kind === "api-server" ? { ...access, httpClient: withPassword } : access;
  return providerOf(login, config);
};

/** The lists of an API server (spec §2). */
export const kubernetes: Door = {
  name: "kubernetes",
  runs: 25,
  open: async (scope) => [
    await looks(scope, {
      samples: fc.constantFrom(...samples),
      soundly: (sample, url) => soundly(sample, url),
      discoverer,
      provider: providerAt,
      share: 0.8,
    }),
    await mixing(scope),
    await endless(scope),
  ],
};

/** Every page says that there is another, under one name or a new one each time. */
const endless = async (scope: Scope) => {
  let asked = 0;
  let tokenOf = (page: number) => String(page);
  const server = await startHostile(scope, () => {
    asked += 1;
    const metadata = { resourceVersion: "7", continue: tokenOf(asked) };
    return { document: { kind: "NodeList", apiVersion: "v1", metadata, items: [] } };
  });
  const one: Sample = {
    objects: [],
    config: { role: "node", attachMetadata: nothingAttached, namespaces: { names: [], ownNamespace: false } },
  };
  return behaviour(
    "is no list when it never ends",
    fc.record({ text: hostileText, isNew: fc.boolean() }),
    async ({ text, isNew }) => {
      asked = 0;
      tokenOf = (page) => (isNew ? `${text}${page}` : text || "again");
      server.play([]);
      const [outcome] = await discoverer()([providerAt(server.url, one)], AbortSignal.timeout(20_000));
      assert.ok(outcome !== undefined && "error" in outcome, "a list without an end is taken");
      holdLine(reasonOf(outcome.error));
      assert.ok(asked <= mostPages, `asked for ${asked} pages`);
    },
    // Thousands of requests each.
    0.01,
  );
};

/** Of one list (lib/discovery/kubernetes/list.ts), and the one that is too many. */
const mostPages = 2_001;

/** A cluster that has moved on between two pages of one list, though none is told to have expired. */
const mixing = async (scope: Scope) => {
  let sample: Sample | undefined;
  let pages = 0;
  const server = await startHostile(scope, (_request, url) => {
    pages = Math.max(pages, 1 + Number(url.searchParams.get("continue") ?? "0"));
    return sample && soundly(sample, url, (page) => 7 + page);
  });
  return behaviour(
    "is no list when its pages are of two",
    fc.constantFrom(...samples),
    async (one) => {
      [sample, pages] = [one, 0];
      server.play([]);
      const [outcome] = await discoverer()([providerAt(server.url, one)], AbortSignal.timeout(10_000));
      assert.ok(outcome !== undefined);
      if (pages > 1) assert.ok("error" in outcome || outcome.look.problems.length > 0, "two lists are mixed");
    },
    0.2,
  );
};
