import type { DockerSwarmRole } from "../../config/configuration.ts";
import { createTransports, type TransportFor } from "../../http/transports.ts";
import type { LabelSet } from "../../targetgroup/targetgroup.ts";
import { withClusterLabel } from "../clusterlabel.ts";
import type { Discoverer, Look } from "../discoverer.ts";
import { completeLook, eachProvider, type ProviderOf } from "../outcome.ts";
import { connectDocker, type DockerClient } from "./client.ts";
import { containerTargets } from "./containers.ts";
import { nodeTargets } from "./nodes.ts";
import { containerList, networkList, nodeList, serviceList, taskList } from "./resources.ts";
import { serviceTargets } from "./services.ts";
import { taskTargets } from "./tasks.ts";

export interface DockerOptions {
  /** True in the cloud: a socket of the machine is refused. */
  readonly publicOnly?: boolean;
  readonly transportFor?: TransportFor;
  /** A larger list is refused; 64 MiB by default, tens of thousands of tasks. */
  readonly maxBytes?: number;
}

/**
 * `dockerswarm_sd_configs` (spec §3.2 to §3.5): all targets of the role in the one group `DockerSwarm`. The role's own list
 * is filtered, those beside it are whole. A list that fails is the provider's error and leaves the old targets.
 */
export const createDockerSwarmDiscoverer = (options: DockerOptions = {}): Discoverer => {
  const connect = connector(options);
  return eachProvider("dockerswarm", async (provider, signal) => {
    const client = await connect(provider.config, signal);
    return lookWith(provider, "DockerSwarm", await byRole[provider.config.role](client, provider.config));
  });
};

/** `docker_sd_configs` (spec §3.6): the running containers of one engine in the one group `Docker`; else as above. */
export const createDockerDiscoverer = (options: DockerOptions = {}): Discoverer => {
  const connect = connector(options);
  return eachProvider("docker", async (provider, signal) => {
    const client = await connect(provider.config, signal);
    const [containers, networks] = await Promise.all([
      client.list(containerList, provider.config.filters),
      client.list(networkList),
    ]);
    return lookWith(provider, "Docker", containerTargets({ containers, networks }, provider.config));
  });
};

type SwarmConfig = ProviderOf<"dockerswarm">["config"];
type Config = SwarmConfig | ProviderOf<"docker">["config"];

const connector =
  ({ transportFor = createTransports(), publicOnly = false, maxBytes = 64 * 1024 * 1024 }: DockerOptions) =>
  (config: Config, signal: AbortSignal) =>
    connectDocker(config, { transportFor, publicOnly, maxBytes, signal });

const lookWith = (
  provider: Parameters<typeof withClusterLabel>[0],
  source: string,
  targets: readonly LabelSet[],
): Look => completeLook(withClusterLabel(provider, [{ source, labels: {}, targets }]));

type LookAt = (client: DockerClient, config: SwarmConfig) => Promise<LabelSet[]>;

const byRole: Readonly<Record<DockerSwarmRole, LookAt>> = {
  nodes: async (client, { filters, port }) => nodeTargets(await client.list(nodeList, filters), port),
  services: async (client, { filters, port }) => {
    const [services, networks] = await Promise.all([
      client.list(serviceList, filters),
      client.list(networkList),
    ]);
    return serviceTargets({ services, networks }, port);
  },
  tasks: async (client, { filters, port }) => {
    const [tasks, services, nodes, networks] = await Promise.all([
      client.list(taskList, filters),
      client.list(serviceList),
      client.list(nodeList),
      client.list(networkList),
    ]);
    return taskTargets({ tasks, services, nodes, networks }, port);
  },
};
