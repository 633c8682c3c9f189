import fc from "fast-check";
import { dockerSwarmRoles } from "../../../lib/config/configuration.ts";
import {
  createDockerDiscoverer,
  createDockerSwarmDiscoverer,
} from "../../../lib/discovery/docker/discover.ts";
import { provider } from "../../fakes/providers.ts";
import { networks } from "../../unit/discovery/docker/networks.ts";
import type { Door } from "../door.ts";
import { withPassword } from "../line.ts";
import { looks } from "../looks.ts";
import type { Sound } from "../wire.ts";

const lists: Readonly<Record<string, unknown>> = {
  "/networks": networks,
  "/nodes": [
    {
      ID: "n1",
      Spec: { Labels: { rack: "r1" }, Role: "manager", Availability: "active" },
      Description: {
        Hostname: "boss",
        Platform: { Architecture: "x86_64", OS: "linux" },
        Engine: { EngineVersion: "20.10" },
      },
      Status: { State: "ready", Addr: "10.1.0.1" },
      ManagerStatus: { Leader: true, Reachability: "reachable", Addr: "10.1.0.1:2377" },
    },
  ],
  "/services": [
    {
      ID: "s1",
      Spec: {
        Name: "web",
        Labels: { tier: "front" },
        TaskTemplate: { ContainerSpec: { Image: "web:1" } },
        Mode: { Replicated: { Replicas: 2 } },
      },
      Endpoint: {
        Ports: [
          { Name: "http", Protocol: "tcp", TargetPort: 80, PublishedPort: 8081, PublishMode: "ingress" },
        ],
        VirtualIPs: [{ NetworkID: "net-over", Addr: "10.0.1.2/24" }],
      },
      UpdateStatus: { State: "completed" },
    },
  ],
  "/tasks": [
    {
      ID: "t1",
      ServiceID: "s1",
      NodeID: "n1",
      Slot: 2,
      DesiredState: "running",
      Spec: { ContainerSpec: { Labels: { "com.example/of": "web" } } },
      Status: {
        State: "running",
        ContainerStatus: { ContainerID: "c1", PID: 7 },
        PortStatus: {
          Ports: [{ Protocol: "tcp", TargetPort: 80, PublishedPort: 8081, PublishMode: "host" }],
        },
      },
      NetworksAttachments: [
        { Network: { ID: "net-over" }, Addresses: ["10.0.0.4/24"] },
        { Network: { ID: "net-unknown" }, Addresses: ["10.0.1.3/24", "fd00::3/64"] },
      ],
    },
  ],
  "/containers/json": [
    {
      Id: "c1",
      Names: ["/web", "/alias"],
      Image: "web:1",
      ImageID: "sha256:1",
      Labels: { "com.example/x-y": "z" },
      Ports: [
        { IP: "127.0.0.1", PrivatePort: 9100, PublicPort: 19100, Type: "tcp" },
        { PrivatePort: 9101, Type: "tcp" },
      ],
      HostConfig: { NetworkMode: "plain" },
      NetworkSettings: {
        Networks: { plain: { NetworkID: "net-plain", IPAddress: "172.20.0.2", GlobalIPv6Address: "" } },
      },
    },
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
