import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { KubernetesRole } from "../../../../lib/config/configuration.ts";
import type { Json } from "../../../../lib/discovery/kubernetes/objects/decode.ts";
import { keyOf } from "../../../../lib/discovery/kubernetes/objects/meta.ts";
import { createFakeCluster, type FakeCluster, followFake } from "./fakecluster.ts";
import {
  clusterWide,
  controlled,
  endpointsManifest,
  ingressManifest,
  nodeManifest,
  podManifest,
  serviceManifest,
  sliceManifest,
} from "./manifests.ts";
import { apiServerAccess, providerOf } from "./provider.ts";

const everything = { node: true, namespace: true, deployment: true, job: true, cronjob: true };
const roles = ["node", "pod", "service", "endpoints", "endpointslice", "ingress"] as const;
const deployment = { kind: "Deployment", name: "web" };
const cronJob = { kind: "CronJob", name: "nightly" };
const rs = { kind: "ReplicaSet", name: "web-1" };

const fill = (fake: FakeCluster) => {
  for (const name of ["n1", "n2", "n3"]) fake.apply("nodes", nodeManifest(name));
  for (const name of ["shop", "bank"]) fake.apply("namespaces", clusterWide(name));
  fake.apply("pods", podManifest("a", { node: "n1", owner: rs }));
  fake.apply("pods", podManifest("b", { node: "n2", owner: { kind: "Job", name: "web-1" } }));
  fake.apply("pods", podManifest("c", { node: "n2", owner: rs, namespace: "bank" }));
  fake.apply("services", serviceManifest("web"));
  fake.apply("services", serviceManifest("web", "bank"));
  fake.apply("ingresses", ingressManifest("front"));
  fake.apply("ingresses", ingressManifest("front", "bank"));
  fake.apply("replicasets", controlled("web-1", deployment));
  fake.apply("jobs", controlled("web-1", cronJob));
  fake.apply(
    "endpoints",
    endpointsManifest("web", [{ pod: "a", onNode: "n1" }], [{ pod: "b", onNode: "n2" }]),
  );
  fake.apply("endpoints", endpointsManifest("bare", [{ onNode: "n2" }, { node: "n3" }]));
  fake.apply("endpoints", endpointsManifest("web", [{ pod: "a", onNode: "n2" }], [], "bank"));
  fake.apply("endpointslices", sliceManifest("web-x", "web", [{ pod: "a", onNode: "n1" }]));
  fake.apply("endpointslices", sliceManifest("bare-x", "bare", [{ onNode: "n2" }, { node: "n3" }]));
  fake.apply("endpointslices", sliceManifest("web-y", "web", [{ pod: "c" }], "bank"));
};

interface Act {
  readonly resource: string;
  readonly add: Json;
  readonly update: Json;
}

const labelled = (object: { readonly metadata: object }): Json => ({
  ...object,
  metadata: { ...object.metadata, labels: { changed: "yes" } },
});

/** One object of a resource: as it is put there first, and as it becomes. */
const act = (resource: string, object: { readonly metadata: object }): Act => ({
  resource,
  add: { ...object },
  update: labelled(object),
});

const keyOfJson = ({ metadata }: Json) => keyOf(Object.assign({ namespace: "", name: "" }, metadata));

interface Rebuilt {
  readonly add?: readonly string[];
  readonly update?: readonly string[];
  readonly delete?: readonly string[];
}

const always = (...sources: string[]): Rebuilt => ({ add: sources, update: sources, delete: sources });

/** Spec §2.2, row by row: what happens to one object, and what each role builds anew; what is not named is nothing. */
const rows: [string, Act, Partial<Record<KubernetesRole, Rebuilt>>][] = [
  [
    "a node that runs pods",
    act("nodes", nodeManifest("n1")),
    {
      node: always("node/n1"),
      pod: always("pod/shop/a"),
      endpoints: always("endpoints/shop/web"),
      endpointslice: always("endpointslice/shop/web-x"),
    },
  ],
  [
    "a node of not-ready and of bare addresses",
    act("nodes", nodeManifest("n2")),
    {
      node: always("node/n2"),
      pod: always("pod/bank/c", "pod/shop/b"),
      endpoints: always("endpoints/bank/web"),
    },
  ],
  [
    "a node that an address refers to",
    act("nodes", nodeManifest("n3")),
    {
      node: always("node/n3"),
      endpoints: always("endpoints/shop/bare"),
      endpointslice: always("endpointslice/shop/bare-x"),
    },
  ],
  [
    "a namespace",
    act("namespaces", clusterWide("shop")),
    {
      pod: { update: ["pod/shop/a", "pod/shop/b"] },
      service: { update: ["svc/shop/web"] },
      endpoints: { update: ["endpoints/shop/bare", "endpoints/shop/web"] },
      endpointslice: { update: ["endpointslice/shop/bare-x", "endpointslice/shop/web-x"] },
      ingress: { update: ["ingress/shop/front"] },
    },
  ],
  [
    "a service",
    act("services", serviceManifest("web")),
    {
      service: always("svc/shop/web"),
      endpoints: always("endpoints/shop/web"),
      endpointslice: always("endpointslice/shop/web-x"),
    },
  ],
  ["a pod of a ready address", act("pods", podManifest("a")), { pod: always("pod/shop/a") }],
  ["a ReplicaSet", act("replicasets", controlled("web-1", deployment)), { pod: always("pod/shop/a") }],
  ["a Job", act("jobs", controlled("web-1", cronJob)), { pod: always("pod/shop/b") }],
  [
    "an Endpoints object",
    act("endpoints", endpointsManifest("web", [])),
    {
      endpoints: always("endpoints/shop/web"),
    },
  ],
  [
    "a slice",
    act("endpointslices", sliceManifest("web-x", "web", [])),
    {
      endpointslice: always("endpointslice/shop/web-x"),
    },
  ],
  ["an Ingress", act("ingresses", ingressManifest("front")), { ingress: always("ingress/shop/front") }],
];

const access = apiServerAccess("http://127.0.0.1:1");
const follow = async (role: KubernetesRole, attachMetadata = everything) => {
  const fake = createFakeCluster();
  fill(fake);
  const followed = followFake(fake, [providerOf(access, { role, attachMetadata })]);
  const [outcome] = await followed.look();
  if (outcome === undefined || "error" in outcome) throw new Error("no look");
  return { fake, ...followed, groups: outcome.look.groups };
};

describe("what is rebuilt (spec §2.2)", () => {
  for (const role of roles) {
    for (const [what, { resource, add, update }, rebuilt] of rows) {
      const expected = { add: [], update: [], delete: [], ...rebuilt[role] };
      const named = Object.values(expected).flat();
      test(`role ${role}, ${what}: ${named.length === 0 ? "nothing" : [...new Set(named)].join(", ")}`, async () => {
        const { fake, heard } = await follow(role);
        fake.remove(resource, keyOfJson(add));
        const onDelete = heard.sources();
        fake.apply(resource, add);
        const onAdd = heard.sources();
        fake.apply(resource, update);
        assert.deepEqual({ add: onAdd, update: heard.sources(), delete: onDelete }, expected);
      });
    }
  }

  test("role endpoints: a new phase of a pod rebuilds those that list it as ready, and only those", async () => {
    const { fake, heard } = await follow("endpoints");
    fake.apply("pods", podManifest("a", { phase: "Failed" }));
    assert.deepEqual(heard.sources(), ["endpoints/bank/web", "endpoints/shop/web"]);
    fake.apply("pods", podManifest("b", { phase: "Failed" }));
    assert.deepEqual(heard.sources(), [], "it is listed as not ready");
    fake.apply("pods", labelled(podManifest("a", { phase: "Failed" })));
    assert.deepEqual(heard.sources(), [], "the phase is the same");
  });

  for (const role of ["endpointslice", "service", "ingress", "node"] as const) {
    test(`role ${role}: a new phase of a pod rebuilds nothing`, async () => {
      const { fake, heard } = await follow(role);
      fake.apply("pods", podManifest("a", { phase: "Failed" }));
      assert.deepEqual(heard.sources(), []);
    });
  }

  test("what is not attached does not rebuild", async () => {
    const nothing = { node: false, namespace: false, deployment: false, job: true, cronjob: false };
    const { fake, heard } = await follow("pod", nothing);
    for (const [, { resource, update }] of rows) if (resource !== "pods") fake.apply(resource, update);
    assert.deepEqual(heard.sources(), []);
  });
});

describe("a rebuilt source", () => {
  test("is built of what is there when it is asked for", async () => {
    const { fake, heard } = await follow("pod");
    fake.apply("pods", podManifest("a", { phase: "Failed" }));
    fake.apply("nodes", nodeManifest("n1", { zone: "a" }));
    const group = heard.changes[0]?.build();
    assert.equal(group?.source, "pod/shop/a");
    assert.equal(group.labels.__meta_kubernetes_pod_phase, "Failed");
    assert.equal(group.labels.__meta_kubernetes_node_label_zone, "a");
    assert.equal(heard.changes[0]?.at, 1);
  });

  test("is the same as in a look", async () => {
    for (const role of roles) {
      const { fake, heard, groups } = await follow(role);
      fake.apply("namespaces", clusterWide("shop", {}));
      for (const name of ["n1", "n2", "n3"]) fake.apply("nodes", nodeManifest(name));
      assert.ok(heard.changes.length > 0, role);
      for (const { source, build } of heard.changes) {
        assert.deepEqual(
          build(),
          groups.find((group) => group.source === source),
        );
      }
    }
  });

  test("has nothing but its source when the object is gone", async () => {
    const { fake, heard } = await follow("service");
    fake.remove("services", "shop/web");
    assert.deepEqual(heard.changes[0]?.build(), { source: "svc/shop/web", labels: {}, targets: [] });
  });

  test("stays as it is when a node has no address any more", async () => {
    const { fake, heard } = await follow("node");
    fake.apply("nodes", clusterWide("n1"));
    assert.deepEqual(heard.sources(), ["node/n1"]);
    assert.equal(heard.changes[0]?.build(), undefined);
  });
});
