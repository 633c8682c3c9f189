import assert from "node:assert/strict";
import fc from "fast-check";
import type { SourceKind } from "../../../lib/config/metrics/settings.ts";
import { createTransport } from "../../../lib/http/client.ts";
import type { MetricSet } from "../../../lib/metrics/batch.ts";
import { createKubelet } from "../../../lib/metrics/kubelet/kubelet.ts";
import { recipe } from "../../unit/metrics/kubelet/recipe.ts";
import { answers } from "../answers.ts";
import type { Door } from "../door.ts";
import { withPassword } from "../line.ts";

const now = Date.parse("2026-01-01T01:00:05Z");
const window = { start: now - 65_000, end: now - 5_000 };
const node = { name: "test", hostname: "host-1", hostId: "i-1", address: "127.0.0.1", unschedulable: false };

const owner = {
  "io.kubernetes.container.name": "app",
  "io.kubernetes.pod.namespace": "shop",
  "io.kubernetes.pod.name": "web",
  "io.kubernetes.pod.uid": "uid-web",
};
const has = { has_cpu: true, has_memory: true, has_network: true, has_filesystem: true, has_diskio: true };
const spec = {
  creation_time: "2026-01-01T00:00:00Z",
  ...has,
  has_custom_metrics: true,
  image: "web:1",
  labels: owner,
};
const stats = [
  {
    timestamp: "2026-01-01T01:00:00.000000001Z",
    cpu: { usage: { total: 10 }, load_average: 2 },
    memory: {
      usage: 20,
      cache: 21,
      rss: 22,
      working_set: 23,
      container_data: { pgfault: 24, pgmajfault: 25 },
    },
    network: { interfaces: [{ name: "eth0", rx_bytes: 1, rx_errors: 2, tx_bytes: 3, tx_errors: 4 }] },
    filesystem: [
      {
        device: "/dev/sda",
        usage: 1,
        capacity: 2,
        available: 1,
        has_inodes: true,
        inodes: 3,
        inodes_free: 1,
      },
    ],
    diskio: { io_service_bytes: [{ device: "/dev/sda", major: 8, minor: 0, stats: { Read: 1, Write: 2 } }] },
    accelerators: [{ make: "m", model: "n", id: "0", memory_total: 1, memory_used: 1, duty_cycle: 1 }],
    custom_metrics: { qps: [{ timestamp: "2026-01-01T01:00:00Z", int_value: 5, float_value: 1.5 }] },
  },
];
const containers = {
  "/": { name: "/", spec: { ...spec, labels: null }, stats },
  "/a": {
    name: "/a",
    aliases: ["app", "x"],
    spec: { ...spec, custom_metrics: [{ name: "qps", type: "gauge", format: "int" }] },
    stats,
  },
};
const bodies: Readonly<Record<SourceKind, unknown>> = {
  kubernetes: containers,
  "kubernetes.summary_api": recipe,
};

/** A kubelet's `/stats/summary/` and `/stats/container/` (spec A2). */
export const kubelet: Door = {
  name: "kubelet",
  runs: 25,
  open: async (scope) => [
    await answers(scope, {
      samples: fc.constantFrom<SourceKind>("kubernetes", "kubernetes.summary_api"),
      soundly: (kind) => ({ document: bodies[kind] }),
      hold: (sets: ReadonlyMap<string, MetricSet>) => {
        for (const [key, set] of sets) holdSet(key, set);
      },
      ask: async (server, kind, patience) => {
        const transport = createTransport(withPassword);
        const settings = { port: Number(server.port), https: false, insecure: false, proxy: false };
        const source = createKubelet(node, { kind, settings, transport, server, now: () => now });
        try {
          return await source.scrape(window, AbortSignal.timeout(patience));
        } finally {
          transport.close();
        }
      },
    }),
  ],
};

const latest = BigInt(now + 5 * 60_000) * 1_000_000n;

/** Of whatever is taken: an int64 or a double that sinks can write, at a time that can be. */
const holdSet = (key: string, { scraped, values, labeled }: MetricSet): void => {
  assert.ok(scraped <= latest, `${key} was measured in the future`);
  for (const { value } of [...values.values(), ...labeled])
    if (typeof value === "bigint") assert.equal(BigInt.asIntN(64, value), value, key);
    else assert.ok(Number.isFinite(value), `${key}: ${value}`);
};
