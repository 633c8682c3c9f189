import fc from "fast-check";
import { dockerSwarmRoles } from "../../../lib/config/configuration.ts";
import {
  createDockerDiscoverer,
  createDockerSwarmDiscoverer,
} from "../../../lib/discovery/docker/discover.ts";
import { provider } from "../../fakes/providers.ts";
import { networks } from "../../unit/discovery/docker/networks.ts";
import { container, globalService, manager, task } from "../../unit/discovery/docker/samples.ts";
import type { Door } from "../door.ts";
import { withPassword } from "../line.ts";
import { looks } from "../looks.ts";
import type { Sound } from "../wire.ts";

const hostPort = { Protocol: "tcp", TargetPort: 80, PublishedPort: 8081, PublishMode: "host" };
const lists: Readonly<Record<string, unknown>> = {
  "/networks": networks,
  "/nodes": [
    {
      ...manager,
      ManagerStatus: { ...manager.ManagerStatus, Reachability: "reachable", Addr: "10.1.0.1:2377" },
    },
  ],
  "/services": [
    {
      ...globalService,
      Spec: { ...globalService.Spec, Mode: { Replicated: { Replicas: 2 } } },
      Endpoint: { ...globalService.Endpoint, VirtualIPs: [{ NetworkID: "net-over", Addr: "10.0.1.2/24" }] },
      UpdateStatus: { State: "completed" },
    },
  ],
  "/tasks": [{ ...task, Status: { ...task.Status, PortStatus: { Ports: [hostPort] } } }],
  "/containers/json": [
    container,
    {
      Id: "c2",
      Names: ["/side"],
      HostConfig: { NetworkMode: "container:c1" },
      NetworkSettings: { Networks: {} },
    },
  ],
};

const soundly = (_: unknown, { pathname }: URL): Sound | undefined => {
  if (pathname === "/_ping")
    return { text: "OK", headers: { "api-version": "1.41", "content-type": "text/plain" } };
  const document = lists[pathname.replace(/^\/v\d+\.\d+/, "")];
  return document === undefined ? undefined : { document };
};

const maxBytes = 16 * 2 ** 20;
const common = { port: 80, filters: [{ name: "label", values: ["a=b"] }], httpClient: withPassword };

/** The lists of a Docker daemon, of Swarm mode and of one engine (spec §3). */
export const docker: Door = {
  name: "docker",
  runs: 30,
  open: async (scope) => [
    await looks(scope, {
      samples: fc.constantFrom(...dockerSwarmRoles),
      soundly,
      discoverer: () => createDockerSwarmDiscoverer({ maxBytes }),
      provider: ({ origin }, role, refreshInterval) => {
        const config = {
          ...common,
          mechanism: "dockerswarm" as const,
          role,
          host: origin,
          refreshInterval,
        };
        return provider({ id: "dockerswarm/0123456789ab", config });
      },
      share: 0.6,
    }),
    await looks(scope, {
      samples: fc.boolean(),
      soundly,
      discoverer: () => createDockerDiscoverer({ maxBytes }),
      provider: ({ origin }, matchFirstNetwork, refreshInterval) => {
        const own = { hostNetworkingHost: "localhost", matchFirstNetwork, host: origin, refreshInterval };
        return provider({
          id: "docker/0123456789ab",
          config: { ...common, ...own, mechanism: "docker" },
        });
      },
      share: 0.4,
    }),
  ],
};
