import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import * as z from "zod";
import { type KubernetesSdConfig, kubernetesRoles } from "../../lib/config/configuration.ts";
import { createKubernetesDiscoverer } from "../../lib/discovery/kubernetes/discover.ts";
import { apiServerAccess, lookOf, nothingAttached, providerOf } from "../unit/discovery/kubernetes/provider.ts";
import { startSmallApiServer } from "../unit/discovery/kubernetes/server.ts";

/**
 * Each folder pairs Kubernetes objects and a discovery block with the groups that spec/prometheus-sd.md §2.3 to §2.9
 * asks for, written from the specification and not from what the code gives.
 */
const folder = new URL("kubernetes/", import.meta.url);

const configSchema = z.strictObject({
  role: z.enum(kubernetesRoles),
  attach_metadata: z.partialRecord(z.enum(["node", "namespace", "deployment", "job", "cronjob"]), z.boolean()).optional(),
  namespaces: z.strictObject({ names: z.array(z.string()) }).optional(),
  selectors: z
    .array(z.strictObject({ role: z.enum(kubernetesRoles), label: z.string().default(""), field: z.string().default("") }))
    .optional(),
  /** The settings' name of the cluster. */
  cluster: z.string().optional(),
  /** What Prometheus leaves to chance here and we do not: a comparison with the real one must not insist on it. */
  undefined_upstream: z.string().optional(),
});

const objectsSchema = z.array(
  z.looseObject({
    apiVersion: z.string(),
    kind: z.string(),
    metadata: z.looseObject({
      name: z.string(),
      namespace: z.string().optional(),
      labels: z.record(z.string(), z.string()).nullish().transform((labels) => labels ?? null),
    }),
  }),
);

const groupsSchema = z.array(
  z.strictObject({
    source: z.string(),
    labels: z.record(z.string(), z.string()),
    targets: z.array(z.record(z.string(), z.string())),
  }),
);

describe("the groups of the Kubernetes roles are those of the specification", () => {
  const names = readdirSync(folder).sort();
  test("there are cases at all", () => assert.ok(names.length >= 100));
  for (const name of names) {
    test(name, async () => {
      const expected = groupsSchema.parse(read(name, "groups.json"));
      const groups = await discoverCase(name);
      assert.deepEqual(groups, expected.toSorted(bySource));
    });
  }
});

const read = (name: string, file: string): unknown =>
  JSON.parse(readFileSync(new URL(`${name}/${file}`, folder), "utf8"));

const bySource = (a: { source: string }, b: { source: string }) => (a.source < b.source ? -1 : 1);

const discoverCase = async (name: string) => {
  const objects = objectsSchema.parse(read(name, "objects.json"));
  const { cluster, ...config } = configSchema.parse(read(name, "config.json"));
  const lists = Object.fromEntries(
    Object.entries(pathOfKind).map(([kind, path]) => [path, objects.filter((object) => object.kind === kind)]),
  );
  const server = await startSmallApiServer({ lists });
  try {
    const named = cluster === undefined ? {} : { clusterName: cluster };
    const provider = providerOf(apiServerAccess(server.url), blockOf(config), named);
    const { groups } = await lookOf(createKubernetesDiscoverer(), provider);
    return groups.toSorted(bySource);
  } finally {
    await server.close();
  }
};

const blockOf = (config: z.infer<typeof configSchema>): Partial<KubernetesSdConfig> => ({
  role: config.role,
  attachMetadata: { ...nothingAttached, ...config.attach_metadata },
  namespaces: { names: config.namespaces?.names ?? [], ownNamespace: false },
  selectors: config.selectors ?? [],
});

const pathOfKind = {
  Node: "/api/v1/nodes",
  Namespace: "/api/v1/namespaces",
  Pod: "/api/v1/pods",
  Service: "/api/v1/services",
  Endpoints: "/api/v1/endpoints",
  EndpointSlice: "/apis/discovery.k8s.io/v1/endpointslices",
  Ingress: "/apis/networking.k8s.io/v1/ingresses",
  ReplicaSet: "/apis/apps/v1/replicasets",
  Job: "/apis/batch/v1/jobs",
};
