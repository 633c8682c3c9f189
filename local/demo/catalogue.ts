/** What runs in the demo cluster: read it as one reads a folder of manifests. */
export interface AppPlan {
  readonly namespace: string;
  readonly name: string;
  readonly kind: "Deployment" | "DaemonSet";
  /** Of a deployment at the start; a daemon runs once on each node. */
  readonly replicas: number;
  readonly containers: readonly ContainerPlan[];
  /** The port that `prometheus.io/port` names; absent: nobody asked for a scrape. */
  readonly scrapePort?: number;
  readonly service?: ServicePlan;
  readonly hostNetwork?: true;
}

export interface ContainerPlan {
  readonly name: string;
  readonly image: string;
  readonly ports: readonly PortPlan[];
  readonly load: LoadPlan;
  readonly init?: true;
}

/** What a container uses on an ordinary day, and what its manifest asks for by that. */
export interface LoadPlan {
  /** Thousandths of a core. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  /** kB received in a second; absent: it talks to nobody. */
  readonly traffic?: number;
  /** A manifest of somebody in a hurry asks for nothing. */
  readonly isUnbounded?: true;
}

export interface PortPlan {
  readonly name: string;
  readonly port: number;
  readonly protocol?: "UDP";
}

export interface ServicePlan {
  readonly headless?: true;
  readonly ports: readonly (PortPlan & { readonly targetPort: string })[];
}

export interface CronPlan {
  readonly namespace: string;
  readonly name: string;
  readonly schedule: string;
  readonly container: ContainerPlan;
}

export const namespaces = ["default", "kube-system", "monitoring", "payments", "shop"] as const;

export const zones = ["eu-a", "eu-b", "eu-a", "eu-c"] as const;

const metrics = (port: number): PortPlan => ({ name: "http-metrics", port });
const web = (port: number): PortPlan => ({ name: "http", port });
const behind = (port: PortPlan, number: number) => ({ ...port, port: number, targetPort: port.name });

const apiLoad: LoadPlan = { cpu: 160, memory: 140, traffic: 80 };

export const apps: readonly AppPlan[] = [
  service("shop", "frontend", {
    replicas: 3,
    ports: [web(8080), metrics(9102)],
    load: { cpu: 180, memory: 120, traffic: 220 },
  }),
  service("shop", "cart", {
    replicas: 2,
    ports: [web(8080), metrics(9102)],
    load: { cpu: 90, memory: 80, traffic: 90 },
  }),
  service("shop", "catalog", {
    replicas: 3,
    ports: [web(8080), metrics(9102)],
    load: { cpu: 140, memory: 200, traffic: 120 },
  }),
  {
    ...service("shop", "redis", {
      replicas: 1,
      ports: [{ name: "redis", port: 6379 }],
      load: { cpu: 60, memory: 300, traffic: 150 },
    }),
    service: { headless: true, ports: [behind({ name: "redis", port: 6379 }, 6379)] },
  },
  {
    namespace: "shop",
    name: "mailer",
    kind: "Deployment",
    replicas: 1,
    containers: [container("mailer", [], { cpu: 15, memory: 48, traffic: 5, isUnbounded: true })],
  },
  {
    ...service("payments", "api", { replicas: 2, ports: [web(8443), metrics(9102)], load: apiLoad }),
    containers: [
      { ...container("migrate", [], { cpu: 100, memory: 64 }), init: true },
      container("api", [web(8443), metrics(9102)], apiLoad),
      container("envoy", [{ name: "envoy-prom", port: 15090 }], { cpu: 45, memory: 52 }),
    ],
  },
  service("payments", "ledger", {
    replicas: 2,
    ports: [metrics(9102)],
    load: { cpu: 110, memory: 240, traffic: 40 },
  }),
  service("monitoring", "grafana", {
    replicas: 1,
    ports: [web(3000)],
    load: { cpu: 40, memory: 130, traffic: 10 },
  }),
  service("monitoring", "kube-state-metrics", {
    replicas: 1,
    ports: [metrics(8080)],
    load: { cpu: 20, memory: 60, traffic: 8 },
  }),
  {
    ...service("monitoring", "node-exporter", {
      replicas: 0,
      ports: [{ name: "metrics", port: 9100 }],
      load: { cpu: 12, memory: 24 },
    }),
    kind: "DaemonSet",
    hostNetwork: true,
    service: { headless: true, ports: [behind({ name: "metrics", port: 9100 }, 9100)] },
    scrapePort: 9100,
  },
  service("kube-system", "coredns", {
    replicas: 2,
    ports: [{ name: "dns", port: 53, protocol: "UDP" }, metrics(9153)],
    load: {
      cpu: 25,
      memory: 32,
      traffic: 6,
    },
  }),
];

export const crons: readonly CronPlan[] = [
  {
    namespace: "payments",
    name: "settlement",
    schedule: "*/10 * * * *",
    container: container("settlement", [metrics(9102)], { cpu: 300, memory: 80, traffic: 30 }),
  },
  {
    namespace: "shop",
    name: "report",
    schedule: "0 * * * *",
    container: container("report", [], { cpu: 200, memory: 64, traffic: 15 }),
  },
];

function container(name: string, ports: readonly PortPlan[], load: LoadPlan): ContainerPlan {
  return { name, image: `registry.localhost/${name}`, ports, load };
}

/** A deployment with a service in front of all its ports; asked to be scraped if it has a port for that. */
function service(
  namespace: string,
  name: string,
  { replicas, ports, load }: { replicas: number; ports: readonly PortPlan[]; load: LoadPlan },
): AppPlan {
  const scrape = ports.find((port) => port.name === "http-metrics");
  return {
    namespace,
    name,
    kind: "Deployment",
    replicas,
    containers: [container(name, ports, load)],
    service: { ports: ports.map((port) => behind(port, port.name === "http" ? 80 : port.port)) },
    ...(scrape === undefined ? {} : { scrapePort: scrape.port }),
  };
}
