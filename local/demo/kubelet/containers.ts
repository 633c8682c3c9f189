import { lifeOf } from "../cluster.ts";
import { namespaceOf } from "../podmoves.ts";
import { timeOf } from "../time.ts";
import type { Meter } from "./meter.ts";
import type { NetworkUse, NodeUse, PodUse } from "./usage.ts";

/** `/stats/container/`: a map of cAdvisor's ContainerInfo (v1) by cgroup, as far as anybody reads it. `now` is Unix milliseconds. */
export const containerInfosOf = (use: NodeUse, now: number) => {
  const infos = [
    infoOf("/", use.meter, { now, network: use.network }),
    ...[...use.system].map(([name, meter]) => infoOf(`/system.slice/${name}`, meter, { now })),
    ...use.pods.flatMap((pod) => podInfos(pod, now)),
  ];
  return Object.fromEntries(infos.map((info) => [info.name, info]));
};

const podInfos = ({ pod, network, containers }: PodUse, now: number) => {
  const labelsOf = (container: string) => ({
    "io.kubernetes.container.name": container,
    "io.kubernetes.pod.name": pod.name,
    "io.kubernetes.pod.namespace": namespaceOf(pod),
    "io.kubernetes.pod.uid": pod.uid,
  });
  const cgroup = `/kubepods/pod${pod.uid}`;
  const began = [...containers.values()].map(({ startedAt }) => startedAt);
  const pause: Meter = { ...pauseMeter, startedAt: Math.min(pod.created, ...began) };
  return [
    infoOf(`${cgroup}/POD`, pause, { now, network, labels: labelsOf("POD") }),
    ...[...containers].map(([name, meter]) =>
      infoOf(`${cgroup}/${name}-${lifeOf(pod, name).restarts}`, meter, { now, labels: labelsOf(name) }),
    ),
  ];
};

/** The container that only holds a pod's network. */
const pauseMeter: Omit<Meter, "startedAt"> = {
  ahead: 0,
  at: 0,
  nanoseconds: 30_000_000,
  rate: 0,
  faults: 900,
  workingSet: 512 * 1024,
  cache: 0,
  written: 0,
  noise: 0,
};

interface Around {
  readonly now: number;
  readonly network?: NetworkUse | undefined;
  readonly labels?: Readonly<Record<string, string>>;
}

const infoOf = (name: string, meter: Meter, { now, network, labels }: Around) => ({
  name,
  aliases: [name],
  namespace: "containerd",
  spec: {
    creation_time: timeOf(meter.startedAt),
    ...(labels && { labels }),
    has_cpu: true,
    has_memory: true,
    has_network: network !== undefined,
    has_filesystem: false,
  },
  stats: [
    {
      timestamp: new Date(now).toISOString(),
      cpu: { usage: { total: Math.round(meter.nanoseconds) }, load_average: 0 },
      memory: {
        usage: meter.workingSet + meter.cache,
        cache: meter.cache,
        rss: Math.round(0.9 * meter.workingSet),
        working_set: meter.workingSet,
        container_data: { pgfault: meter.faults, pgmajfault: Math.floor(meter.faults / 5000) },
      },
      ...(network && { network: { interfaces: [interfaceOf(network)] } }),
    },
  ],
});

const interfaceOf = ({ received, sent }: NetworkUse) => ({
  name: "eth0",
  rx_bytes: Math.round(received),
  rx_errors: 0,
  tx_bytes: Math.round(sent),
  tx_errors: 0,
});
