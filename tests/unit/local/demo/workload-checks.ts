import assert from "node:assert/strict";
import * as z from "zod";
import type { StoredObject } from "../../../../local/demo/object.ts";
import { resourceOfKind } from "../../../../local/demo/resources.ts";
import type { Store } from "../../../../local/demo/store.ts";
import { isLoopbackHost } from "../../../../local/loopback.ts";

export const podSchema = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()).optional(),
    deletionTimestamp: z.string().optional(),
    ownerReferences: z.tuple([z.looseObject({ kind: z.string(), name: z.string(), uid: z.string() })]),
  }),
  spec: z.looseObject({ nodeName: z.string().optional(), hostNetwork: z.boolean().optional() }),
  status: z.looseObject({
    phase: z.string(),
    podIP: z.string().optional(),
    conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })),
  }),
});

type Pod = z.infer<typeof podSchema>;

export const isReady = (pod: Pod) =>
  pod.status.conditions.some((one) => one.type === "Ready" && one.status === "True");

const reference = z.looseObject({ name: z.string(), uid: z.string() });
const address = z.looseObject({ ip: z.string(), nodeName: z.string(), targetRef: reference });
const endpointsSchema = z.looseObject({
  subsets: z
    .array(
      z.looseObject({
        addresses: z.array(address).optional(),
        notReadyAddresses: z.array(address).optional(),
      }),
    )
    .default([]),
});
const sliceSchema = z.looseObject({
  endpoints: z.array(
    z.looseObject({
      addresses: z.array(z.string()).length(1),
      conditions: z.object({ ready: z.boolean(), serving: z.boolean(), terminating: z.boolean() }),
      targetRef: reference,
    }),
  ),
});
const serviceSchema = z.looseObject({ spec: z.looseObject({ selector: z.record(z.string(), z.string()) }) });

export const checkEndpoints = (store: Store) => {
  const pods = store.objects("Pod").map((pod) => podSchema.parse(pod));
  for (const service of store.objects("Service")) {
    const { name, namespace = "" } = service.metadata;
    const { selector } = serviceSchema.parse(service).spec;
    const selected = pods.filter(
      ({ metadata, status }) =>
        metadata.namespace === namespace &&
        status.podIP !== undefined &&
        Object.entries(selector).every(([label, value]) => metadata.labels[label] === value),
    );
    const staying = selected.filter((pod) => pod.metadata.deletionTimestamp === undefined);
    const { subsets } = endpointsSchema.parse(store.get("Endpoints", namespace, name));
    const written = (which: "addresses" | "notReadyAddresses") =>
      subsets
        .flatMap((subset) => (subset[which] ?? []).map((one) => `${one.ip} ${one.targetRef.uid}`))
        .sort();
    assert.deepEqual(written("addresses"), shown(staying.filter(isReady)));
    assert.deepEqual(written("notReadyAddresses"), shown(staying.filter((pod) => !isReady(pod))));
    checkSlice(sliceOf(store, service), selected);
  }
};

const shown = (pods: readonly Pod[]) => pods.map((pod) => `${pod.status.podIP} ${pod.metadata.uid}`).sort();

const sliceOf = (store: Store, service: StoredObject) => {
  const slices = store
    .objects("EndpointSlice")
    .filter(
      ({ metadata }) =>
        metadata.namespace === service.metadata.namespace &&
        metadata.labels?.["kubernetes.io/service-name"] === service.metadata.name,
    );
  assert.equal(slices.length, 1);
  return sliceSchema.parse(slices[0]);
};

const checkSlice = ({ endpoints }: z.infer<typeof sliceSchema>, selected: readonly Pod[]) => {
  const written = endpoints.map(({ addresses, conditions, targetRef }) =>
    [addresses[0], targetRef.uid, conditions.ready, conditions.terminating].join(" "),
  );
  const expected = selected.map((pod) =>
    [pod.status.podIP, pod.metadata.uid, isReady(pod), pod.metadata.deletionTimestamp !== undefined].join(
      " ",
    ),
  );
  assert.deepEqual(written.sort(), expected.sort());
};

const kindsWithAddresses = ["Node", "Pod", "Service", "Endpoints", "EndpointSlice", "Ingress"];

/** Everything that looks like an IP address, a subnet included, wherever in the object it stands. */
export const checkAddresses = (store: Store) => {
  const text = JSON.stringify(kindsWithAddresses.map((kind) => store.objects(kind)));
  const found = text.match(/\b\d{1,3}(\.\d{1,3}){3}\b/g) ?? [];
  assert.ok(found.length > 50);
  assert.deepEqual(
    found.filter((one) => !isLoopbackHost(one)),
    [],
  );
  assert.ok(!/"host":"(?![a-z]+\.localhost")/.test(text));
};

/** Every pod's owner exists, save that the server has no kind for a daemon set. */
export const checkOwners = (store: Store) => {
  for (const object of store.objects("Pod")) {
    const { metadata } = podSchema.parse(object);
    const [owner] = metadata.ownerReferences;
    if (owner.kind === "DaemonSet") continue;
    assert.equal(
      store.get(owner.kind, metadata.namespace, owner.name)?.metadata.uid,
      owner.uid,
      metadata.name,
    );
  }
};

export const watchPods = (store: Store, states: Map<string, string[]>) => {
  const note = (name: string, state: string) => {
    const life = states.get(name) ?? [];
    if (life.at(-1) !== state) states.set(name, [...life, state]);
  };
  return store.subscribe(resourceOfKind("Pod"), ({ type, entry }) => {
    const pod = podSchema.parse(entry.object);
    if (type === "DELETED") note(pod.metadata.name, "gone");
    else if (pod.metadata.deletionTimestamp !== undefined) note(pod.metadata.name, "Terminating");
    else note(pod.metadata.name, isReady(pod) ? "ready" : pod.status.phase);
  });
};
