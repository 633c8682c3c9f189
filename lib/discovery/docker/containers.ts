import type { DockerSdConfig } from "../../config/configuration.ts";
import { byBytes } from "../../config/go-text.ts";
import type { LabelSet } from "../../targetgroup/targetgroup.ts";
import { hostPort } from "../kubernetes/labels.ts";
import { entryLabels, networkLabels } from "./labels.ts";
import type { Container, Network } from "./resources.ts";

const docker = "__meta_docker_";

interface Found {
  readonly containers: readonly Container[];
  readonly networks: readonly Network[];
}

type Options = Pick<DockerSdConfig, "port" | "hostNetworkingHost" | "matchFirstNetwork">;

/**
 * Containers (spec §3.6): per network one target for each TCP port, or one without. Networks in the order of their
 * names, which upstream leaves to chance.
 */
export const containerTargets = ({ containers, networks }: Found, options: Options): LabelSet[] => {
  const byId = new Map(containers.map((container) => [container.Id, container]));
  const ofNetwork = networkLabels(docker, networks);
  return containers
    .filter(({ Names }) => Names.length > 0)
    .flatMap((container) => {
      const common = containerLabels(container);
      const attached = attachmentsOf(container, byId);
      const chosen = options.matchFirstNetwork ? attached.slice(0, 1) : attached;
      return chosen.flatMap((network) => {
        const ip = network.IPAddress || network.GlobalIPv6Address;
        const shared = { [`${docker}network_ip`]: ip, ...common, ...ofNetwork(network.NetworkID) };
        const targets = portTargets(container, ip, shared);
        return targets.length > 0 ? targets : [{ ...shared, __address__: portless(container, ip, options) }];
      });
    });
};

const containerLabels = ({ Id, Names, Image, ImageID, Labels, HostConfig }: Container): LabelSet => ({
  [`${docker}container_id`]: Id,
  [`${docker}container_name`]: Names[0] ?? "",
  [`${docker}container_network_mode`]: HostConfig.NetworkMode,
  ...(Image !== "" && { [`${docker}container_image`]: Image }),
  ...(ImageID !== "" && { [`${docker}container_image_id`]: ImageID }),
  ...entryLabels(`${docker}container_label_`, Labels),
});

type Attachment = NonNullable<Container["NetworkSettings"]["Networks"][string]>;

/** Its own networks; a container that shares another's has those, however many steps away. */
const attachmentsOf = (container: Container, byId: ReadonlyMap<string, Container>): Attachment[] => {
  const seen = new Set<Container>();
  let owner: Container | undefined = container;
  while (owner !== undefined && !seen.has(owner)) {
    seen.add(owner);
    const own = Object.entries(owner.NetworkSettings.Networks).sort(([a], [b]) => byBytes(a, b));
    if (own.length > 0) return own.flatMap(([, network]) => network ?? []);
    owner = byId.get(sharedId(owner));
  }
  return [];
};

/** Empty for one that shares nothing. */
const sharedId = ({ HostConfig }: Container): string =>
  /^container:(.*)$/s.exec(HostConfig.NetworkMode)?.[1] ?? "";

const portTargets = ({ Ports }: Container, ip: string, shared: LabelSet): LabelSet[] =>
  Ports.filter(({ Type }) => Type === "tcp")
    .sort(byNumber)
    .map(({ PrivatePort, PublicPort, IP }) => ({
      ...shared,
      [`${docker}port_private`]: String(PrivatePort),
      ...(PublicPort > 0 && {
        [`${docker}port_public`]: String(PublicPort),
        [`${docker}port_public_ip`]: IP,
      }),
      __address__: hostPort(ip, PrivatePort),
    }));

/** The engine has them in a map: in any order, and in another one when the container is saved anew, which is no change of a group. */
const byNumber = (one: Port, other: Port): number =>
  one.PrivatePort - other.PrivatePort || one.PublicPort - other.PublicPort || byBytes(one.IP, other.IP);

type Port = Container["Ports"][number];

const portless = ({ HostConfig }: Container, ip: string, { port, hostNetworkingHost }: Options): string =>
  HostConfig.NetworkMode === "host" ? hostNetworkingHost : hostPort(ip, port);
