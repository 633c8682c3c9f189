import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { eventually } from "../../tests/e2e/eventually.ts";
import { type Rollcall, startRollcall } from "../../tests/e2e/rollcall.ts";
import { access, type Cluster, job, movingNamespace } from "./cluster.ts";
import { fetchText } from "./text.ts";

/** The two jobs that benches read: all pods, and the moving ones only, which the same watch feeds; at another address if read through a proxy. */
export const writeConfig = ({ plane, folder }: Cluster, url = plane.url): string => {
  const block = { role: "pod", ...access(plane, url) };
  const narrow = { ...block, namespaces: { names: [movingNamespace] } };
  const config = join(folder, "rollcall.yml");
  writeFileSync(config, stringify({ scrape_configs: [job("pods", block), job("moving", narrow)] }));
  return config;
};

/** The local run, as soon as it serves every target of every pod. */
export const startServing = async (cluster: Cluster): Promise<Rollcall> => {
  const rollcall = await startRollcall({ config: writeConfig(cluster), data: join(cluster.folder, "data") });
  try {
    await allServed(cluster, rollcall);
  } catch (error) {
    await rollcall.stop();
    throw error;
  }
  return rollcall;
};

/** Waits until every provider has been looked at once, and what the looks found is announced. */
export const looked = ({ url, exit, output }: Pick<Rollcall, "url" | "exit" | "output">): Promise<void> =>
  eventually("the first look has ended", 300, async () => {
    assert.equal(exit(), undefined, output().slice(-300));
    const metrics = await fetchText(`${url}/metrics`)();
    const looks = [...metrics.matchAll(/^rollcall_provider_looks_total\{.*\} (\d+)$/gm)];
    assert.ok(looks.length > 0 && looks.every(([, many]) => Number(many) > 0), `${looks.length} looks`);
  });

/** Waits until both jobs are served whole; each pod has two targets. */
export const allServed = async (
  { count, moving }: Cluster,
  { url, exit, output }: Pick<Rollcall, "url" | "exit" | "output">,
): Promise<void> => {
  const expected = { pods: 2 * count, moving: 2 * moving.length };
  await eventually("everything is served", 600, async () => {
    assert.equal(exit(), undefined, output().slice(-300));
    for (const [name, targets] of Object.entries(expected)) {
      const list = await fetchText(`${url}/sd/${name}`)();
      assert.equal(list.split('"__meta_kubernetes_pod_uid"').length - 1, targets, name);
    }
  });
};
