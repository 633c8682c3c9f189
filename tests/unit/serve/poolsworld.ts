import { provider } from "../../fakes/providers.ts";
import { east, groupOf, serveWorld, west } from "./world.ts";

const yaml = `
scrape_configs:
- job_name: pods
  keep_dropped_targets: 1
  params: {module: [tcp, udp]}
  relabel_configs:
  - {source_labels: [__meta_state], regex: drop, action: drop}
  - {source_labels: [__meta_state], regex: clear, target_label: __address__, replacement: ""}
- job_name: nodes
- job_name: Empty
`;

export const nodes = provider({ id: "kubernetes/00000000000c", jobs: ["nodes"] });

export const filled = async (parts = {}) => {
  const world = await serveWorld({ yaml, providers: [east, west, nodes], parts });
  await world.apply(
    east.id,
    groupOf("pod/a", [{ __address__: "127.0.0.1:80", "10": "x", "9": "y" }], { __meta_pod: "a" }),
    groupOf("pod/b", [
      { __address__: "b:1", __meta_state: "drop" },
      { __address__: "b:2", __meta_state: "drop" },
      { __address__: "b:3", __meta_state: "clear" },
    ]),
    groupOf("pod/c", [{ __address__: "c:1", __meta_path: "1" }]),
  );
  await world.apply(west.id, groupOf("pod/c", [{ __address__: "c:1", __meta_path: "2" }]));
  await world.apply(nodes.id, groupOf("node/n", [{ __address__: "n:1" }]));
  return world;
};
