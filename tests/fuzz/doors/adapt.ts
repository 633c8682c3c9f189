import assert from "node:assert/strict";
import fc from "fast-check";
import type { Attributes } from "../../../lib/adapter/identity/attributes.ts";
import { createKubernetesObjects } from "../../../lib/adapter/objects/kubernetes.ts";
import { startApiServer } from "../../unit/adapter/objects/apiserver.ts";
import { ask, world } from "../../unit/adapter/world.ts";
import { behaviour, type Door, type Scope } from "../door.ts";
import { hostileText } from "../hostile.ts";

const part = fc.oneof(
  fc.constantFrom("apis", "namespaces", "*", "pods", "nodes", "metrics", "hits", "shop", "web", ""),
  fc.constantFrom("custom.metrics.k8s.io", "external.metrics.k8s.io", "metrics.k8s.io", "v1beta1", "v1beta2"),
  hostileText.map((text) => encodeURIComponent(text.toWellFormed()).slice(0, 2_000)),
  fc.constantFrom("__proto__", "constructor", "%00", "%2F", "a,b=c\\", "openapi", "v3", "pods.x.y"),
  fc.constantFrom(".", "..", "%2e%2E", "%252e%252e", "..%2F..", "."),
  fc.string({ maxLength: 8 }),
);
const places = fc.oneof(
  fc.array(part, { maxLength: 6 }),
  part.map((one) => ["namespaces", one, "pods"]),
  part.map((one) => ["namespaces", one, "pods", "*", "hits"]),
);
const value = fc.oneof(
  fc.constantFrom(
    "a=b",
    "a in (b",
    "!",
    ",",
    "a notin (x)",
    "metadata.name=web",
    "a>1",
    "=",
    "a=b,,c",
    '"} or vector(1) #',
  ),
  fc.string({ maxLength: 12 }),
  hostileText,
);
const name = fc.constantFrom(
  "labelSelector",
  "metricLabelSelector",
  "fieldSelector",
  "pretty",
  "includeObject",
);
const query = fc.array(fc.tuple(name, value), { maxLength: 3 });
const prefix = fc.constantFrom(
  "/",
  "/apis/custom.metrics.k8s.io/v1beta1/",
  "/apis/custom.metrics.k8s.io/v1beta2/namespaces/shop/",
  "/apis/external.metrics.k8s.io/v1beta1/namespaces/",
  "/apis/metrics.k8s.io/v1beta1/",
);
const headers = fc.record({
  accept: fc.constantFrom("", "*/*", "application/json;as=Table;g=meta.k8s.io;v=v1", "x", ";;=,"),
  authorization: fc.constantFrom("", "Bearer", "Bearer x y", "Basic x"),
  "x-remote-extra-%zz": fc.string({ maxLength: 4 }),
});

/** What an API server's aggregator, or who calls itself one, asks the metrics APIs (spec B7 to B9). */
export const adapt: Door = {
  name: "adapt",
  runs: 400,
  open: async (scope) => [
    behaviour(
      "is never a server's failure, but for a selector that upstream answers so",
      fc.tuple(prefix, places, query, headers),
      await hold(scope),
    ),
  ],
};

const listable = /^\/api\/v1\/(?:(?:namespaces\/shop\/)?pods|nodes|namespaces)$/;
const listed = (metadata: object) => ({
  body: { kind: "PartialObjectMetadataList", metadata: { resourceVersion: "1" }, items: [{ metadata }] },
});
const shop = { namespace: "shop", name: "web", at: 1, window: 60_000, containers: [] };

type Case = readonly [string, readonly string[], [string, string][], Readonly<Record<string, string>>];

const hold = async (scope: Scope) => {
  const server = await startApiServer((place) =>
    listable.test(place.split("?")[0] ?? "") ? listed({ name: "web", namespace: "shop" }) : undefined,
  );
  scope.after(server.stop);
  const { parts } = world({ custom: { hits: { web: 1 } }, external: { hits: [] }, pods: [shop] });
  let allowed: Attributes | undefined;
  const asking = {
    ...parts,
    objects: createKubernetesObjects(server.api),
    authorize: async (_user: unknown, attributes: Attributes) => {
      allowed = attributes;
      return { allowed: true, reason: "" };
    },
  };
  return async ([begin, path, asked, more]: Case) => {
    const target = `${begin}${path.join("/").replaceAll("?", "")}?${new URLSearchParams(asked)}`;
    const { status, body } = await ask(asking, target, { headers: more });
    const excused =
      asked.some(([one]) => one === "metricLabelSelector") ||
      // Objects that this cluster does not list, or a resource that it does not have.
      /unable to list/.test(Object(body).message ?? "");
    assert.ok(status < 500 || excused, `${status} ${JSON.stringify(body)}`);
    assert.doesNotMatch(JSON.stringify(body), /\bat \S+\.ts:\d|node_modules/);
    for (const { path: place } of server.asked.splice(0)) holdPlace(place, allowed);
  };
};

/** Nothing is asked of the cluster but of the namespace that was allowed. */
const holdPlace = (place: string, allowed: Attributes | undefined): void => {
  const [, namespace] = /^\/apis?(?:\/apps)?\/v1\/(?:namespaces\/([^/?]+)\/)?[a-z]+\?/.exec(place) ?? [
    assert.fail(`asked for ${place}`),
  ];
  assert.ok(allowed?.kind === "resource", place);
  assert.equal(decodeURIComponent(namespace ?? ""), allowed.namespace, place);
};
