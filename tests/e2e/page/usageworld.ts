import type { Question, Reply } from "./server.ts";

/** Answers `api/v1/usage` for a made-up cluster: figures that move as people's do, the same for the same time. */
export const usageFor = ({ query }: Question): Reply => {
  const names = Object.fromEntries(query);
  const found = subjectOf(names);
  if (found === undefined)
    return { status: 404, error: "pod shop/gone is not in the newest metrics of prod-eu" };
  const { seed, has, parts, node } = found;
  const now = Math.floor(Date.now() / 1000 / resolution) * resolution;
  const times = Array.from({ length: 90 }, (_, index) => now - (89 - index) * resolution);
  const line = (metric: string) => times.map((at) => [at, valueAt(seed, metric, at)] as const);
  const data = {
    state: "ready",
    clusters: ["prod-eu", "prod-us"],
    cluster: names.cluster ?? "prod-eu",
    resolution,
    at: new Date(now * 1000).toISOString(),
    ...(node !== undefined && { node }),
    values: valuesOf(seed, now, has),
    series: Object.fromEntries(drawn.filter((name) => has(name)).map((name) => [name, line(name)])),
    parts: parts.map((part) => listed(part, now, query)),
  };
  return { data, tag: String(now) };
};

/** Seconds. */
const resolution = 10;

interface Seed {
  /** Thousandths of a core, MiB, kB a second. */
  readonly cpu: number;
  readonly memory: number;
  readonly traffic: number;
  readonly phase: number;
  readonly isNode?: true;
}

interface Found {
  readonly seed: Seed;
  readonly has: (metric: string) => boolean;
  readonly parts: readonly PartSeeds[];
  readonly node?: string;
}

interface PartSeeds {
  readonly kind: string;
  readonly has: (metric: string) => boolean;
  readonly items: readonly { name: string; namespace?: string; node?: string; seed: Seed }[];
}

const isSummed = (metric: string) => /^cpu|usage$|request$|limit$|allocatable$/.test(metric);
const isAny = () => true;
const isContainers = (metric: string) => !metric.startsWith("network");

const seedOf = (name: string, scale = 1): Seed => {
  const sum = [...name].reduce((total, letter, at) => total + letter.charCodeAt(0) * (at + 7), 0);
  return {
    cpu: scale * (60 + (sum % 190)),
    memory: scale * (48 + ((sum * 3) % 260)),
    traffic: scale * (8 + ((sum * 5) % 210)),
    phase: (sum % 40) / 40,
  };
};

const namespaces = ["shop", "billing", "search", "kube-system", "monitoring"];
const nodes = Array.from({ length: 7 }, (_, index) => `node-${index}`);
const podNames = ["api", "cart", "worker", "web"].flatMap((app) =>
  ["7d9f4b-x2k4q", "7d9f4b-m8wzt", "5c6d7f-b4n9s"].map((tail) => `${app}-${tail}`),
);

const subjectOf = ({ node, namespace, pod, container }: Record<string, string>): Found | undefined => {
  if (pod === "gone") return undefined;
  if (node !== undefined) {
    const here = podNames.map((name, index) => podItem(name, namespaces[index % 5] ?? "", node));
    const own = ["kubelet", "runtime"].map((name) => ({ name, seed: seedOf(name, 0.5) }));
    return {
      seed: { ...seedOf(node, 9), isNode: true },
      has: isAny,
      parts: [
        { kind: "pod", has: isAny, items: here },
        { kind: "system", has: isContainers, items: own },
      ],
    };
  }
  if (namespace === undefined)
    return {
      seed: { ...seedOf("cluster", 60), isNode: true },
      has: isSummed,
      parts: [
        {
          kind: "namespace",
          has: isSummed,
          items: namespaces.map((name) => ({ name, seed: seedOf(name, 12) })),
        },
        {
          kind: "node",
          has: isAny,
          items: nodes.map((name) => ({ name, seed: { ...seedOf(name, 9), isNode: true as const } })),
        },
      ],
    };
  if (pod === undefined) {
    const items = podNames.map((name, index) => podItem(name, namespace, nodes[index % 7] ?? ""));
    return { seed: seedOf(namespace, 12), has: isSummed, parts: [{ kind: "pod", has: isAny, items }] };
  }
  const containers = shares.map(([name, share]) => ({ name, seed: shareOf(seedOf(pod), share) }));
  if (container !== undefined) {
    const seed = containers.find(({ name }) => name === container)?.seed ?? seedOf(container);
    return { seed, has: isContainers, parts: [], node: "node-3" };
  }
  return {
    seed: seedOf(pod),
    has: isAny,
    parts: [{ kind: "container", has: isContainers, items: containers }],
    node: "node-3",
  };
};

/** A pod uses what its containers use together. */
const shares = [
  ["main", 0.7],
  ["envoy", 0.3],
] as const;

const shareOf = ({ cpu, memory, ...rest }: Seed, share: number): Seed => ({
  ...rest,
  cpu: share * cpu,
  memory: share * memory,
});

const podItem = (name: string, namespace: string, node: string) => ({
  name,
  namespace,
  node,
  seed: seedOf(`${name}${namespace}`),
});

const drawn = ["cpu/usage_rate", "memory/usage", "memory/working_set", "network/rx_rate", "network/tx_rate"];
const mebi = 1024 * 1024;

const valueAt = ({ cpu, memory, traffic, phase }: Seed, metric: string, at: number): number => {
  const wave = Math.sin(2 * Math.PI * (at / 700 + phase));
  const ripple = Math.sin(at / 31 + 9 * phase) + Math.sin(at / 17 + 5 * phase);
  const busy = 1 + 0.4 * wave + 0.06 * ripple;
  if (metric.startsWith("cpu")) return Math.round(cpu * busy);
  if (metric === "memory/working_set") return Math.round(memory * mebi * (0.8 + 0.2 * busy));
  if (metric === "memory/usage") return Math.round(memory * mebi * (1 + 0.2 * busy));
  return Math.round(1000 * traffic * busy * (metric === "network/rx_rate" ? 1 : 0.7));
};

const valuesOf = (seed: Seed, now: number, has: (metric: string) => boolean) => {
  const fixed = {
    "cpu/request": Math.ceil(1.05 * seed.cpu),
    "cpu/limit": Math.ceil(1.7 * seed.cpu),
    "memory/request": Math.ceil(1.1 * seed.memory) * mebi,
    "memory/limit": Math.ceil(1.5 * seed.memory) * mebi,
    ...(seed.isNode && {
      "cpu/node_allocatable": Math.ceil(2.1 * seed.cpu),
      "memory/node_allocatable": Math.ceil(1.9 * seed.memory) * mebi,
    }),
  };
  const moving = Object.fromEntries(drawn.map((name) => [name, valueAt(seed, name, now)]));
  const all = { ...moving, ...fixed, ...(seed.isNode ? {} : { restart_count: Math.floor(4 * seed.phase) }) };
  return Object.fromEntries(Object.entries(all).filter(([name]) => has(name)));
};

const metricOf: Readonly<Record<string, string>> = {
  cpu: "cpu/usage_rate",
  memory: "memory/usage",
  received: "network/rx_rate",
  sent: "network/tx_rate",
  restarts: "restart_count",
};

const listed = ({ kind, has, items }: PartSeeds, now: number, query: URLSearchParams) => {
  const metric = metricOf[query.get("sort") ?? "cpu"];
  const told = items.map(({ seed, ...item }) => ({ ...item, values: valuesOf(seed, now, has) }));
  const value = (one: (typeof told)[number]) => one.values[metric ?? ""] ?? 0;
  told.sort((a, b) => (metric === undefined ? (a.name < b.name ? -1 : 1) : value(b) - value(a)));
  return { kind, total: told.length, items: told.slice(0, Number(query.get("limit") ?? 100)) };
};
