import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { metricsNodes } from "../../../../lib/metrics/cluster/node.ts";
import { metricsPods } from "../../../../lib/metrics/cluster/pod.ts";
import { parseQuantity } from "../../../../lib/metrics/cluster/quantity.ts";

describe("a quantity", () => {
  test("is read with every suffix, fractions rounded up", () => {
    const cases: [string, number, bigint][] = [
      ["1", 3, 1000n],
      ["100m", 3, 100n],
      ["1500m", 0, 2n],
      ["0.5", 3, 500n],
      [".5", 0, 1n],
      ["2.", 0, 2n],
      ["1n", 3, 1n],
      ["250u", 3, 1n],
      ["0", 3, 0n],
      ["1Ki", 0, 1024n],
      ["1.5Gi", 0, 1610612736n],
      ["0.1Ki", 0, 103n],
      ["12e6", 0, 12_000_000n],
      ["1E3", 0, 1000n],
      ["1E", 0, 10n ** 18n],
      ["1Ei", 0, 2n ** 60n],
      ["5e-1", 0, 1n],
      ["3k", 0, 3000n],
      ["-1500m", 0, -1n],
      ["+7M", 0, 7_000_000n],
    ];
    for (const [text, digits, expected] of cases) assert.equal(parseQuantity(text, digits), expected, text);
  });

  test("is nothing else", () => {
    for (const text of ["", ".", "m", "1 ", "1KiB", "1e", "1e999", "0x1", "1.2.3", "9".repeat(50), "--1"])
      assert.equal(parseQuantity(text), undefined, text);
  });
});

describe("what cluster metrics read of the API server's objects", () => {
  test("of a node: addresses, readiness, amounts, whether it takes pods", () => {
    const node = metricsNodes.decode({
      metadata: { name: "n", uid: "u", labels: { zone: "a" } },
      spec: { unschedulable: true, externalID: "i-1" },
      status: {
        capacity: { cpu: "4", memory: "8Gi", pods: "110" },
        allocatable: { cpu: "3920m", memory: "7Gi" },
        addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
        conditions: [{ type: "Ready", status: "Unknown" }],
      },
    });
    assert.equal(node.amounts?.capacity.get("cpu"), 4000n);
    assert.equal(node.amounts?.allocatable.get("cpu"), 3920n);
    assert.equal(node.amounts?.allocatable.get("memory"), 7n * 1024n ** 3n);
    assert.deepEqual([node.ready, node.unschedulable, node.externalId], ["Unknown", true, "i-1"]);
  });

  test("of a pod: containers with what they ask for, restarts, the start to the nanosecond", () => {
    const pod = metricsPods.decode({
      metadata: { name: "p", namespace: "shop", annotations: { long: "text" } },
      spec: {
        nodeName: "n",
        initContainers: [{ name: "init" }],
        containers: [
          { name: "app", image: "i", resources: { requests: { cpu: "0.1" }, limits: { memory: "1M" } } },
        ],
      },
      status: { startTime: "2026-01-01T00:00:00Z", containerStatuses: [{ name: "app", restartCount: 4 }] },
    });
    assert.equal(pod.started, 1_767_225_600_000_000_000n);
    assert.deepEqual(
      pod.containers.map(({ name, requests }) => [name, requests.get("cpu")]),
      [["app", 100n]],
    );
    assert.equal(pod.restarts.get("app"), 4);
    assert.deepEqual(pod.meta.annotations, {});
  });

  test("is refused by the name of its field", () => {
    const meta = { metadata: { name: "n" } };
    assert.throws(
      () => metricsNodes.decode({ ...meta, status: { capacity: { cpu: "four" } } }),
      /status\.capacity\.cpu: expected a quantity, got "four"/,
    );
    assert.throws(
      () => metricsPods.decode({ ...meta, status: { startTime: "soon" } }),
      /status\.startTime: expected a time, got "soon"/,
    );
  });
});
