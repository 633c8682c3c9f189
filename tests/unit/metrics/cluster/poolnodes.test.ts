import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { KubernetesSdConfig } from "../../../../lib/config/configuration.ts";
import { noSettings } from "../../../../lib/config/settings.ts";
import type { Plan } from "../../../../lib/discovery/current.ts";
import { emptyCaches } from "../../../../lib/discovery/kubernetes/caches.ts";
import { decodeNode } from "../../../../lib/discovery/kubernetes/objects/node.ts";
import { nodeRole } from "../../../../lib/discovery/kubernetes/roles/node.ts";
import { createNodesInPool } from "../../../../lib/metrics/cluster/poolnodes.ts";
import { createMemoryPool } from "../../../../lib/pool/memory.ts";
import { createView } from "../../../../lib/pool/view.ts";
import { contentHash } from "../../../../lib/targetgroup/hash.ts";
import { changed } from "../../../fakes/events.ts";
import { provider } from "../../../fakes/providers.ts";
import { kubernetesConfig } from "../../../fakes/sdconfigs.ts";

const now = Date.UTC(2026, 0, 1);

const finder = (id: string, cluster: string, role: KubernetesSdConfig["role"] = "node") =>
  provider({ id, cluster, config: kubernetesConfig({ role }) });

/** What discovery makes of a node, in a pool; gives the nodes of a cluster. */
const world = async (found: readonly (readonly [provider: string, name: string])[]) => {
  const pool = createMemoryPool(() => now);
  for (const [sequence, [id, name]] of found.entries()) {
    const group = nodeRole.build(
      decodeNode({
        metadata: {
          name,
          labels: { "topology.kubernetes.io/zone": "a" },
          annotations: { "rack.example/id": "r-7" },
        },
        status: {
          addresses: [
            { type: "Hostname", address: `${name}.example` },
            { type: "InternalIP", address: "127.0.0.1" },
            { type: "ExternalIP", address: "127.0.0.2" },
          ],
          conditions: [{ type: "Ready", status: name === "resting" ? "False" : "True" }],
          daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
        },
      }),
      emptyCaches,
    );
    assert.ok(group);
    const event = changed({ source: group.source, provider: id, sequence: sequence + 1 });
    await pool.offer({ ...event, hash: contentHash(group) }, group);
    await pool.bump(id);
  }
  const plan: Plan = {
    hash: "h",
    providers: [
      finder("kubernetes/00000000000a", "prod"),
      finder("kubernetes/00000000000b", "prod"),
      finder("kubernetes/00000000000c", "lab"),
      finder("kubernetes/00000000000d", "pods-only", "pod"),
    ],
    warnings: [],
    settings: noSettings,
    configuration: { jobs: [] },
  };
  return createNodesInPool({ plan: async () => plan, view: createView(pool, () => now) });
};

describe("the nodes that the pool has of a cluster", () => {
  test("are those of its jobs with the role node, each once, with addresses, readiness and labels", async () => {
    const nodes = await world([
      ["kubernetes/00000000000a", "n1"],
      ["kubernetes/00000000000a", "resting"],
      ["kubernetes/00000000000b", "n1"],
      ["kubernetes/00000000000c", "other"],
    ]);
    const found = await nodes("prod");
    assert.deepEqual(
      found.map(({ meta, ready }) => [meta.name, ready]),
      [
        ["n1", "True"],
        ["resting", "false"],
      ],
    );
    const [{ meta, addresses, amounts } = assert.fail()] = found;
    assert.deepEqual(meta.labels, { topology_kubernetes_io_zone: "a" });
    assert.deepEqual(meta.annotations, { rack_example_id: "r-7" });
    assert.deepEqual(addresses, [
      { type: "Hostname", address: "n1.example" },
      { type: "InternalIP", address: "127.0.0.1" },
      { type: "ExternalIP", address: "127.0.0.2" },
    ]);
    assert.equal(amounts, undefined);
    assert.deepEqual(
      (await nodes("lab")).map(({ meta }) => meta.name),
      ["other"],
    );
  });

  test("are missed in one line where no job finds any, or none has yet", async () => {
    const nodes = await world([]);
    await assert.rejects(
      nodes("pods-only"),
      /no job of the configuration has role node for cluster pods-only/,
    );
    await assert.rejects(nodes("prod"), /the pool has no nodes of cluster prod yet/);
  });
});
