import { east, groupOf, serveWorld, west } from "./world.ts";

export const yaml = `
scrape_configs:
- job_name: pods
  relabel_configs:
  - {source_labels: [__meta_drop], regex: "yes", action: drop}
  - {source_labels: [__meta_team], target_label: team}
  - {source_labels: [__meta_path], regex: (.+), target_label: __metrics_path__}
  - {source_labels: [__meta_clear], regex: "yes", target_label: __address__, replacement: ""}
`;

export const filled = async (over: Partial<Parameters<typeof serveWorld>[0]> = {}) => {
  const world = await serveWorld({ yaml, providers: [east, west], ...over });
  await world.apply(
    east.id,
    groupOf("pod/a", [{ __address__: "a:1" }, { __address__: "a:2", __meta_path: "/m" }], {
      __meta_team: "x",
    }),
    groupOf("pod/b", [{ __address__: "b:1" }], { __meta_drop: "yes" }),
    groupOf("pod/c", [{ __address__: "c:1" }], { __meta_clear: "yes" }),
  );
  await world.apply(west.id, groupOf("pod/d", [{ __address__: "d:1" }], { __meta_team: "y" }));
  return world;
};

export const addresses = (json: { targets: string[] }[]) => json.flatMap(({ targets }) => targets).sort();
