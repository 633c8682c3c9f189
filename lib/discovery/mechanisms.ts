import type { SdConfig } from "../config/configuration.ts";
import { createTransport } from "../http/client.ts";
import { createTransports } from "../http/transports.ts";
import type { Discoverer } from "./discoverer.ts";
import { createDockerDiscoverer, createDockerSwarmDiscoverer } from "./docker/discover.ts";
import { createFileDiscoverer } from "./file.ts";
import { createHttpDiscoverer } from "./http.ts";
import { createKubernetesDiscoverer } from "./kubernetes/discover.ts";
import { ownReach, type Reach } from "./reach.ts";
import { discoverStatic } from "./static.ts";
import { createSwarmDiscoverer } from "./swarm/discover.ts";

/** Every mechanism there is, as one discoverer: each provider goes to its own, and those of one mechanism go together. */
export const createDiscoverer = (reach: Reach = ownReach): Discoverer => {
  const { publicOnly, credentialsFor, files } = reach;
  const transportFor = createTransports((config) => createTransport(config, { publicOnly, credentialsFor }));
  const byMechanism: Record<SdConfig["mechanism"], Discoverer> = {
    kubernetes: createKubernetesDiscoverer(reach),
    swarm: createSwarmDiscoverer({ transportFor }),
    dockerswarm: createDockerSwarmDiscoverer({ transportFor, publicOnly }),
    docker: createDockerDiscoverer({ transportFor, publicOnly }),
    static: discoverStatic,
    file: createFileDiscoverer({ files }),
    http: createHttpDiscoverer({ transportFor }),
  };
  return async (providers, signal) => {
    const together = Map.groupBy(providers, (provider) => provider.config.mechanism);
    const looks = [...together].map(([mechanism, ones]) => byMechanism[mechanism](ones, signal));
    return (await Promise.all(looks)).flat();
  };
};
