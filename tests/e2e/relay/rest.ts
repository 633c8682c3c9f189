import assert from "node:assert/strict";
import * as z from "zod";
import { type ControlPlane, type Manifest, pathOf } from "../control-plane.ts";
import { eventually } from "../eventually.ts";

/**
 * Waits until the controllers have nothing more to do, writes the slice that no controller of this version makes, and
 * touches all endpoints and slices: Prometheus does not rebuild them for everything that they show (spec §2.2), so what they
 * show depends on what arrived first, unless they are built once more.
 */
export const comeToRest = async (cluster: ControlPlane): Promise<void> => {
  await quiet(cluster);
  await mirrorEndpoints(cluster);
  await touch(cluster);
};

/** No version of what discovery reads moves from one look to the next. */
const quiet = (cluster: ControlPlane) => {
  let before = "";
  return eventually("the controllers are done", 30, async () => {
    const now = JSON.stringify(
      await Promise.all(watched.map(async (path) => versions(await list(cluster, path)))),
    );
    const isAlike = now === before;
    before = now;
    assert.ok(isAlike, "objects still change");
  });
};

const watched = ["/api/v1/pods", "/api/v1/endpoints", "/apis/apps/v1/replicasets", "/apis/batch/v1/jobs"];

const versions = (items: readonly Item[]) =>
  items.map(({ metadata }) => [metadata.name, metadata.resourceVersion]);

/** Plays the endpoint slice controller for the service `web`, whose endpoints come and go. */
const mirrorEndpoints = async (cluster: ControlPlane) => {
  const { subsets } = endpoints.parse(await cluster.ask("GET", "/api/v1/namespaces/shop/endpoints/web"));
  const conditions = (ready: boolean) => ({ ready, serving: ready, terminating: false });
  const endpointOf = ({ ip, ...rest }: Address, ready: boolean) => ({
    addresses: [ip],
    conditions: conditions(ready),
    ...rest,
  });
  const live: Manifest = {
    ...mirror,
    endpoints: subsets.flatMap(({ addresses, notReadyAddresses }) => [
      ...addresses.map((address) => endpointOf(address, true)),
      ...notReadyAddresses.map((address) => endpointOf(address, false)),
    ]),
    ports: subsets[0]?.ports ?? [],
  };
  const names = (await list(cluster, slices)).map(({ metadata }) => metadata.name);
  if (!names.includes(mirror.metadata.name)) await cluster.create([live]);
  else await cluster.ask("PATCH", pathOf(mirror), live);
};

const slices = "/apis/discovery.k8s.io/v1/endpointslices";

const mirror: Manifest = {
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: { name: "web-live", namespace: "shop", labels: { "kubernetes.io/service-name": "web" } },
  addressType: "IPv4",
};

let touches = 0;

const touch = async (cluster: ControlPlane) => {
  touches += 1;
  const annotations = { "example.com/touched": String(touches) };
  for (const [path, root, plural] of [
    ["/api/v1/endpoints", "/api/v1", "endpoints"],
    [slices, "/apis/discovery.k8s.io/v1", "endpointslices"],
  ] as const) {
    const items = (await list(cluster, path)).filter(({ metadata }) => metadata.namespace !== "default");
    for (const { metadata } of items)
      await cluster.ask("PATCH", `${root}/namespaces/${metadata.namespace}/${plural}/${metadata.name}`, {
        metadata: { annotations },
      });
  }
};

const list = async (cluster: ControlPlane, path: string) =>
  itemList.parse(await cluster.ask("GET", path)).items;

const item = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string(), resourceVersion: z.string() }),
});
type Item = z.infer<typeof item>;
const itemList = z.object({ items: z.array(item) });
const address = z.object({
  ip: z.string(),
  nodeName: z.string().optional(),
  targetRef: z.object({ name: z.string() }).loose().optional(),
});
type Address = z.infer<typeof address>;
const addresses = z.array(address).default([]);
const endpoints = z.object({
  subsets: z
    .array(
      z.object({ addresses, notReadyAddresses: addresses, ports: z.array(z.object({}).loose()).default([]) }),
    )
    .default([]),
});
