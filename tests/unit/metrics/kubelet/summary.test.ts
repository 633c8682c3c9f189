import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { MetricSet } from "../../../../lib/metrics/batch.ts";
import { parseLossless } from "../../../../lib/metrics/kubelet/json.ts";
import { decodeSummary } from "../../../../lib/metrics/kubelet/summary.ts";
import { parseTime } from "../../../../lib/metrics/time.ts";
import { container, recipe, scrapeTime, startTime } from "./recipe.ts";

const node = { name: "node-1", hostname: "host-1", hostId: "i-1", address: "127.0.0.1", unschedulable: true };
const now = parseTime("2026-01-01T01:00:05Z")!;
const decode = (body: unknown) => decodeSummary(parseLossless(JSON.stringify(body)), { node, now });
const valuesOf = (set: MetricSet | undefined) =>
  Object.fromEntries([...(set?.values ?? [])].map(([name, { value }]) => [name, value]));
const labeledOf = (set: MetricSet | undefined) =>
  (set?.labeled ?? []).map(({ name, labels, value }) => `${name} ${labels.resource_id} ${value}`);

const uptime = 3_605_000n;
const usage = (seed: bigint) => ({
  "cpu/usage": seed + 1n,
  "memory/usage": seed + 4n,
  "memory/working_set": seed + 6n,
  "memory/rss": seed + 5n,
  "memory/page_faults": seed + 2n,
  "memory/major_page_faults": seed + 3n,
});
const network = (seed: bigint) => ({
  "network/rx": seed + 7n,
  "network/rx_errors": seed + 8n,
  "network/tx": seed + 9n,
  "network/tx_errors": seed + 10n,
});
const filesystem = (resource: string, seed: bigint) => [
  `filesystem/usage ${resource} ${seed + 11n}`,
  `filesystem/limit ${resource} ${seed + 12n}`,
  `filesystem/available ${resource} ${seed + 13n}`,
];
const whole = (seed: bigint) => ({ uptime, ...usage(seed), "ephemeral_storage/usage": 2n * (seed + 11n) });

describe("a kubelet's summary", () => {
  const sets = decode(recipe);

  test("comes to the eighteen sets of the recipe", () => {
    assert.deepEqual(
      [...sets.keys()].sort(),
      [
        "node:test",
        "node:test/container:kubelet",
        "node:test/container:docker-daemon",
        "node:test/container:system",
        "namespace:test0/pod:pod0",
        "namespace:test0/pod:pod0/container:c0",
        "namespace:test0/pod:pod0/container:c1",
        "namespace:test0/pod:pod1",
        "namespace:test0/pod:pod1/container:c0",
        "namespace:test1/pod:pod0",
        "namespace:test1/pod:pod0/container:c1",
        "namespace:test1/pod:pod0/container:runtime",
        "namespace:test0/pod:pod2",
        "namespace:test0/pod:pod2/container:c3",
        "namespace:test0/pod:pod4",
        "namespace:test0/pod:pod4/container:c4",
        "namespace:test0/pod:pod5",
        "namespace:test0/pod:pod5/container:c5",
      ].sort(),
    );
  });

  test("tells a node's usage, network and root filesystem, keyed by its own name and labelled by Kubernetes'", () => {
    const set = sets.get("node:test");
    const expected = { uptime, ...usage(0n), ...network(0n), "ephemeral_storage/usage": 11n };
    assert.deepEqual(valuesOf(set), expected);
    assert.deepEqual(labeledOf(set), filesystem("/", 0n));
    assert.deepEqual(set?.labels, { type: "node", nodename: "node-1", hostname: "host-1", host_id: "i-1" });
    assert.equal(set?.collectionStart, parseTime(startTime));
    assert.equal(set?.scraped, parseTime(scrapeTime));
    assert.equal(set?.values.get("cpu/usage")?.type, "cumulative");
    assert.equal(set?.values.get("memory/usage")?.type, "gauge");
  });

  test("renames system containers, and only those", () => {
    const set = sets.get("node:test/container:docker-daemon");
    assert.deepEqual(valuesOf(set), whole(100n));
    assert.deepEqual(set?.labels, {
      type: "sys_container",
      nodename: "node-1",
      hostname: "host-1",
      host_id: "i-1",
      container_name: "docker-daemon",
    });
    assert.deepEqual(valuesOf(sets.get("node:test/container:system")), whole(300n));
    assert.equal(sets.get("namespace:test1/pod:pod0/container:runtime")?.labels.container_name, "runtime");
  });

  test("tells of a pod what it says itself, dated by its network alone", () => {
    const set = sets.get("namespace:test0/pod:pod0");
    const expected = { uptime, ...usage(1000n), ...network(1000n), "ephemeral_storage/usage": 1011n };
    assert.deepEqual(valuesOf(set), expected);
    assert.equal(set?.scraped, parseTime(scrapeTime));
    assert.deepEqual(set?.labels, {
      type: "pod",
      nodename: "node-1",
      hostname: "host-1",
      host_id: "i-1",
      pod_id: "uid-test0-pod0",
      pod_name: "pod0",
      namespace_name: "test0",
    });
    const silent = sets.get("namespace:test0/pod:pod2");
    assert.deepEqual(valuesOf(silent), {});
    assert.deepEqual([silent?.scraped, silent?.collectionStart], [0n, 0n]);
  });

  test("names volumes and the two filesystems of a container", () => {
    assert.deepEqual(labeledOf(sets.get("namespace:test0/pod:pod1")), [
      ...filesystem("Volume:A", 3000n),
      ...filesystem("Volume:B", 3100n),
    ]);
    assert.deepEqual(labeledOf(sets.get("namespace:test0/pod:pod2")), [
      "filesystem/usage Volume:C 13340",
      "filesystem/limit Volume:C 2153",
      "filesystem/available Volume:C 1130",
    ]);
    assert.deepEqual(labeledOf(sets.get("namespace:test0/pod:pod0/container:c0")), [
      ...filesystem("/", 2000n),
      ...filesystem("logs", 2000n),
    ]);
  });

  test("keeps the later life of a container that was restarted", () => {
    assert.deepEqual(valuesOf(sets.get("namespace:test0/pod:pod0/container:c0")), whole(2000n));
    assert.deepEqual(valuesOf(sets.get("namespace:test0/pod:pod4/container:c4")), whole(11_000n));
    const first = { ...container("c", 1), startTime: "2025-12-31T00:00:00Z" };
    const pods = [{ podRef: { name: "p", namespace: "n" }, containers: [first, container("c", 2)] }];
    const later = decode({ node: { nodeName: "n" }, pods }).get("namespace:n/pod:p/container:c");
    assert.equal(later?.values.get("cpu/usage")?.value, 3n);
  });

  test("tells accelerators and a container that has nothing but CPU time", () => {
    const set = sets.get("namespace:test0/pod:pod5/container:c5");
    assert.deepEqual(valuesOf(set), { uptime, "cpu/usage": 13_001n });
    const labels = { make: "nvidia", model: "tesla-p100", accelerator_id: "GPU-1" };
    assert.deepEqual(set?.labeled, [
      { name: "accelerator/memory_total", labels, type: "gauge", value: 13_014n },
      { name: "accelerator/memory_used", labels, type: "gauge", value: 13_015n },
      { name: "accelerator/duty_cycle", labels, type: "gauge", value: 13_016n },
    ]);
  });

  test("takes a user's metrics as doubles, and leaves out types that it does not know", () => {
    const metrics = [
      { name: "qps", type: "gauge", value: 1.5 },
      { name: "total", type: "cumulative", value: 7 },
      { name: "step", type: "delta", value: 2 },
      { name: "odd", type: "histogram", value: 3 },
    ];
    const pods = [
      { podRef: { name: "p", namespace: "n" }, containers: [{ name: "c", userDefinedMetrics: metrics }] },
    ];
    const set = decode({ node: { nodeName: "n" }, pods }).get("namespace:n/pod:p/container:c");
    assert.deepEqual(Object.fromEntries(set?.values ?? []), {
      "custom/qps": { type: "gauge", value: 1.5 },
      "custom/total": { type: "cumulative", value: 7 },
      "custom/step": { type: "delta", value: 2 },
    });
  });

  test("has no ephemeral storage of a container unless both parts are told", () => {
    const { logs: _logs, ...one } = container("c", 1);
    const half = { ...container("d", 1), logs: { capacityBytes: 1 } };
    const pods = [{ podRef: { name: "p", namespace: "n" }, containers: [one, half] }];
    const both = decode({ node: { nodeName: "n" }, pods });
    for (const name of ["c", "d"])
      assert.equal(
        both.get(`namespace:n/pod:p/container:${name}`)?.values.has("ephemeral_storage/usage"),
        false,
      );
  });

  test("is refused whole, by the name of the field that is wrong", () => {
    const cases: [unknown, RegExp][] = [
      [[], /summary: expected an object, got a list/],
      [{ node: {} }, /node\.nodeName: expected a name/],
      [
        { node: { nodeName: "n", cpu: { usageCoreNanoSeconds: "many" } } },
        /cpu\.usageCoreNanoSeconds: expected a 64-bit integer/,
      ],
      [
        { node: { nodeName: "n", memory: { time: "yesterday" } } },
        /memory\.time: expected a time, got "yesterday"/,
      ],
      [{ node: { nodeName: "n" }, pods: {} }, /pods: expected a list/],
    ];
    for (const [body, expected] of cases) assert.throws(() => decode(body), expected);
  });
});
