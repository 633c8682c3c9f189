import { gauge } from "../../../lib/metrics/batch.ts";
import { batchOf, minute, start } from "../metrics/batches.ts";

const node = { nodename: "n1", hostname: "host-1", host_id: "i-1" };
const shop = { namespace_name: "shop", namespace_id: "uid-shop" };
const web = { ...shop, ...node, pod_name: "web", pod_id: "uid-web", labels: "app:web,tier:front" };
const idle = { ...shop, ...node, pod_name: "idle", pod_id: "uid-idle", labels: "app:idle" };

/** A small cluster, the `n`-th batch of it; figures grow by one with each. */
export const smallBatch = (n = 0) =>
  batchOf(
    {
      cluster: {
        labels: { type: "cluster" },
        values: { "cpu/usage_rate": 100 + n, "memory/usage": 1000 + n },
      },
      "node:n1": {
        labels: { type: "node", ...node, labels: "zone:a,gpu:yes", schedulable: "true" },
        values: {
          "cpu/usage": [9_007_199_254_740_993n],
          "cpu/usage_rate": -100,
          "memory/working_set": 3_145_728,
          "memory/usage": 1000 + n,
          "memory/node_utilization": "0.25",
        },
        labeled: [
          { name: "filesystem/usage", labels: { resource_id: "/" }, ...gauge(7n) },
          { name: "filesystem/usage", labels: { resource_id: "logs" }, ...gauge(8n) },
          { name: "filesystem/usage", labels: { resource_id: "/", more: "x" }, ...gauge(9n) },
        ],
        began: start - minute,
      },
      "node:n1/container:kubelet": {
        labels: { type: "sys_container", ...node, container_name: "kubelet" },
        values: { "memory/usage": 5 },
      },
      "namespace:shop": {
        labels: { type: "ns", ...shop },
        values: { "memory/usage": 500, "cpu/usage_rate": 50 },
      },
      "namespace:shop/pod:web": {
        labels: { type: "pod", ...web },
        values: { "memory/usage": 400 + n, uptime: [60_000], restart_count: 3 },
      },
      "namespace:shop/pod:web/container:app": {
        labels: { type: "pod_container", ...web, container_name: "app", container_base_image: "app:1" },
        values: { "cpu/usage_rate": 1500, "memory/working_set": 3110, "cpu/limit": 2000, "memory/usage": 1 },
      },
      "namespace:shop/pod:web/container:side": {
        labels: { type: "pod_container", ...web, container_name: "side" },
        values: { "cpu/usage_rate": 2000, "memory/working_set": 0, "memory/usage": 2 },
      },
      "namespace:shop/pod:idle": { labels: { type: "pod", ...idle }, values: { "memory/usage": 1 } },
      "namespace:shop/pod:idle/container:app": {
        labels: { type: "pod_container", ...idle, container_name: "app" },
        values: { "cpu/request": 10 },
      },
    },
    start + n * minute - minute,
  );
