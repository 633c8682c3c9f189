import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { decodeContainers } from "../../../../lib/metrics/kubelet/cadvisor.ts";
import { parseLossless } from "../../../../lib/metrics/kubelet/json.ts";
import { parseTime } from "../../../../lib/metrics/time.ts";

const node = {
  name: "node-1",
  hostname: "host-1",
  hostId: "i-1",
  address: "127.0.0.1",
  unschedulable: false,
};
const common = { nodename: "node-1", hostname: "host-1", host_id: "i-1" };
const now = parseTime("2026-01-01T01:00:05Z")!;
const decode = (containers: unknown, of = node) =>
  decodeContainers(parseLossless(JSON.stringify(containers)), { node: of, now });

const creation_time = "2026-01-01T00:00:00Z";
const timestamp = "2026-01-01T01:00:00.000000001Z";
const stat = {
  timestamp,
  cpu: { usage: { total: 10 }, load_average: 2 },
  memory: { usage: 20, cache: 21, rss: 22, working_set: 23, container_data: { pgfault: 24, pgmajfault: 25 } },
  network: {
    interfaces: [
      { name: "eth0", rx_bytes: 1, rx_errors: 2, tx_bytes: 3, tx_errors: 4 },
      { name: "eth1", rx_bytes: 10, rx_errors: 20, tx_bytes: 30, tx_errors: 40 },
    ],
  },
};
const all = { creation_time, has_cpu: true, has_memory: true, has_network: true };
const owner = (container: string, more = {}) => ({
  "io.kubernetes.container.name": container,
  "io.kubernetes.pod.namespace": "shop",
  "io.kubernetes.pod.name": "web",
  "io.kubernetes.pod.uid": "uid-web",
  ...more,
});
const one = (info: object, stats: object = stat) => ({ any: { spec: all, stats: [stats], ...info } });
const only = (containers: unknown) => {
  const found = [...decode(containers)];
  assert.equal(found.length, 1);
  const [key, set] = found[0]!;
  return { key, set, values: Object.fromEntries([...set.values].map(([name, { value }]) => [name, value])) };
};

describe("cAdvisor's containers", () => {
  test("tell of the node at the root, by the last of its statistics", () => {
    const { key, set, values } = only(
      one({ name: "/", stats: [{ ...stat, cpu: { usage: { total: 1 } } }, stat] }),
    );
    assert.equal(key, "node:node-1");
    assert.deepEqual(set.labels, { type: "node", ...common, schedulable: "true" });
    assert.deepEqual(values, {
      uptime: 3_605_000n,
      "cpu/usage": 10n,
      "cpu/load": 2n,
      "memory/usage": 20n,
      "memory/cache": 21n,
      "memory/rss": 22n,
      "memory/working_set": 23n,
      "memory/page_faults": 24n,
      "memory/major_page_faults": 25n,
      "network/rx": 11n,
      "network/rx_errors": 22n,
      "network/tx": 33n,
      "network/tx_errors": 44n,
    });
    assert.equal(set.scraped, parseTime(timestamp));
    assert.equal(set.collectionStart, parseTime(creation_time));
    const cordoned = decode(one({ name: "/" }), { ...node, unschedulable: true }).get("node:node-1");
    assert.equal(cordoned?.labels.schedulable, "false");
  });

  test("have only what their specification says, and no uptime without a creation time", () => {
    assert.deepEqual(only(one({ name: "/", spec: { has_cpu: true } })).values, {
      "cpu/usage": 10n,
      "cpu/load": 2n,
    });
    assert.deepEqual(only(one({ name: "/", spec: {} })).values, {});
  });

  test("are pods and their containers by labels, the pause container being the pod", () => {
    const pod = { pod_id: "uid-web", pod_name: "web", namespace_name: "shop" };
    const app = only(one({ name: "/docker/1", spec: { ...all, image: "nginx:1", labels: owner("app") } }));
    assert.equal(app.key, "namespace:shop/pod:web/container:app");
    assert.deepEqual(app.set.labels, {
      type: "pod_container",
      ...common,
      ...pod,
      container_name: "app",
      container_base_image: "nginx:1",
    });
    const pause = only(one({ name: "/docker/2", spec: { ...all, labels: owner("POD") } }));
    assert.equal(pause.key, "namespace:shop/pod:web");
    assert.deepEqual(pause.set.labels, { type: "pod", ...common, ...pod });
  });

  test("are named by their alias, by Docker's old name, and by a namespace inside the pod's name", () => {
    const labels = { "io.kubernetes.pod.name": "shop/web/1" };
    const old = only(one({ name: "/x", aliases: ["k8s_app.1a2b_web"], spec: { ...all, labels } }));
    assert.equal(old.key, "namespace:shop/pod:web/1/container:app");
    const short = only(one({ name: "/x", aliases: ["k8s.app"], spec: { ...all, labels } }));
    assert.equal(short.key, "node:node-1/container:k8s.app");
  });

  test("are system containers without an owner", () => {
    const { key, set } = only(one({ name: "/system.slice/docker.service" }));
    assert.equal(key, "node:node-1/container:system.slice/docker.service");
    assert.deepEqual(set.labels, {
      type: "sys_container",
      ...common,
      container_name: "system.slice/docker.service",
    });
  });

  test("are left out without statistics", () => {
    assert.equal(decode({ a: { name: "/", spec: all, stats: [] }, b: { name: "/b" } }).size, 0);
  });

  test("tell filesystems and disks by device, inodes where there are any", () => {
    const filesystem = [
      {
        device: "/dev/sda1",
        usage: 1,
        capacity: 2,
        available: 3,
        has_inodes: true,
        inodes: 4,
        inodes_free: 5,
      },
      { device: "tmpfs", usage: 6, capacity: 7, available: 8, inodes: 9 },
    ];
    const io_service_bytes = [
      { device: "/dev/sda", major: 8, minor: 0, stats: { Read: 10, Write: 11, Sync: 12 } },
      { major: 8, minor: 16, stats: { Read: 13 } },
    ];
    const spec = { has_filesystem: true, has_diskio: true };
    const { set } = only(one({ name: "/", spec }, { timestamp, filesystem, diskio: { io_service_bytes } }));
    assert.deepEqual(
      set.labeled.map(({ name, type, labels, value }) => `${name} ${type} ${labels.resource_id} ${value}`),
      [
        "filesystem/usage gauge /dev/sda1 1",
        "filesystem/limit gauge /dev/sda1 2",
        "filesystem/available gauge /dev/sda1 3",
        "filesystem/inodes gauge /dev/sda1 4",
        "filesystem/inodes_free gauge /dev/sda1 5",
        "filesystem/usage gauge tmpfs 6",
        "filesystem/limit gauge tmpfs 7",
        "filesystem/available gauge tmpfs 8",
        "disk/io_read_bytes gauge /dev/sda 10",
        "disk/io_write_bytes gauge /dev/sda 11",
        "disk/io_read_bytes gauge 8:16 13",
        "disk/io_write_bytes gauge 8:16 0",
      ],
    );
    const without = only(
      one({ name: "/", spec: {} }, { timestamp, filesystem, diskio: { io_service_bytes } }),
    );
    assert.deepEqual(without.set.labeled, []);
  });

  test("tell accelerators by make, model and id", () => {
    const accelerators = [
      { make: "nvidia", model: "k80", id: "0", memory_total: 3, memory_used: 2, duty_cycle: 1 },
    ];
    const { set } = only(one({ name: "/", spec: {} }, { timestamp, accelerators }));
    assert.deepEqual(
      set.labeled.map(({ name, labels, value }) => [name, labels.accelerator_id, value]),
      [
        ["accelerator/memory_total", "0", 3n],
        ["accelerator/memory_used", "0", 2n],
        ["accelerator/duty_cycle", "0", 1n],
      ],
    );
  });

  test("tell the newest sample of each metric that is declared, of types and formats that are known", () => {
    const custom_metrics = [
      { name: "qps", type: "gauge", format: "int" },
      { name: "load", type: "cumulative", format: "float" },
      { name: "odd", type: "delta", format: "int" },
      { name: "odder", type: "gauge", format: "text" },
      { name: "silent", type: "gauge", format: "int" },
    ];
    const sample = (second: number, int_value: number, float_value: number) => ({
      timestamp: `2026-01-01T00:00:0${second}Z`,
      int_value,
      float_value,
    });
    const samples = [sample(2, 5, 0.5), sample(3, 7, 0.7), sample(1, 6, 0.6)];
    const stats = {
      timestamp,
      custom_metrics: { qps: samples, load: samples, odd: samples, odder: samples },
    };
    const { set } = only(one({ name: "/", spec: { has_custom_metrics: true, custom_metrics } }, stats));
    assert.deepEqual(Object.fromEntries(set.values), {
      "custom/qps": { type: "gauge", value: 7n },
      "custom/load": { type: "cumulative", value: 0.7 },
    });
  });

  test("are refused whole, by the name of the field that is wrong", () => {
    assert.throws(() => decode([]), /containers: expected an object, got a list/);
    assert.throws(
      () => decode(one({ name: "/" }, { timestamp: "now" })),
      /stats\[\]\.timestamp: expected a time/,
    );
    assert.throws(
      () => decode(one({ name: "/" }, { timestamp, memory: { usage: -1.5 } })),
      /memory\.usage: expected a 64-bit/,
    );
  });
});
