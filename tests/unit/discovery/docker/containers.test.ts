import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import type { DockerSdConfig } from "../../../../lib/config/configuration.ts";
import { lookAtEngine, startDaemon } from "./daemon.ts";
import { networks } from "./networks.ts";
import { attached, container } from "./samples.ts";

const docker = "__meta_docker_";

const common = {
  [`${docker}container_id`]: "c1",
  [`${docker}container_name`]: "/web",
  [`${docker}container_network_mode`]: "plain",
  [`${docker}container_image`]: "web:1",
  [`${docker}container_image_id`]: "sha256:1",
  [`${docker}container_label_com_example_x_y`]: "z",
};

const plain = {
  [`${docker}network_ip`]: "172.20.0.2",
  [`${docker}network_id`]: "net-plain",
  [`${docker}network_name`]: "plain",
  [`${docker}network_scope`]: "local",
  [`${docker}network_internal`]: "false",
  [`${docker}network_ingress`]: "false",
};

const targetsOf = async (t: TestContext, containers: unknown, config: Partial<DockerSdConfig> = {}) => {
  const { host } = await startDaemon(t, { "/containers/json": containers, "/networks": networks });
  const { groups } = await lookAtEngine({ host, ...config });
  assert.deepEqual(groups[0]?.source, "Docker");
  assert.deepEqual(groups[0]?.labels, { __meta_rollcall_cluster: "edge" });
  return groups[0]?.targets ?? [];
};

const addresses = async (...words: Parameters<typeof targetsOf>) =>
  (await targetsOf(...words)).map(({ __address__ }) => __address__);

const withNetworks = (Networks: unknown, more = {}) => ({
  ...container,
  NetworkSettings: { Networks },
  ...more,
});
const several = {
  zeta: attached("net-z", "172.22.0.2"),
  alpha: null,
  beta: attached("net-plain", "172.20.0.2"),
};

describe("containers", () => {
  test("give one target per TCP port, published or not", async (t) => {
    assert.deepEqual(await targetsOf(t, [container]), [
      {
        __address__: "172.20.0.2:9100",
        ...common,
        ...plain,
        [`${docker}port_private`]: "9100",
        [`${docker}port_public`]: "19100",
        [`${docker}port_public_ip`]: "127.0.0.1",
      },
      { __address__: "172.20.0.2:9101", ...common, ...plain, [`${docker}port_private`]: "9101" },
    ]);
  });

  test("without a TCP port give one target with the configured port", async (t) => {
    const Ports = [{ PrivatePort: 53, Type: "udp" }];
    assert.deepEqual(await targetsOf(t, [{ ...container, Ports }], { port: 8080 }), [
      { __address__: "172.20.0.2:8080", ...common, ...plain },
    ]);
  });

  test("on the host's network are at the host for that, without a port", async (t) => {
    const hosted = withNetworks(
      { host: attached("net-host", "") },
      { Ports: [], HostConfig: { NetworkMode: "host" } },
    );
    const [target] = await targetsOf(t, [hosted], { hostNetworkingHost: "10.1.1.1" });
    assert.equal(target?.__address__, "10.1.1.1");
    assert.equal(target?.[`${docker}network_ip`], "");
    assert.equal(target?.[`${docker}network_name`], undefined);
    assert.deepEqual(await addresses(t, [hosted]), ["localhost"]);
  });

  test("without a name are left out, and so are those without networks", async (t) => {
    const nameless = [
      { ...container, Names: [] },
      { ...container, Names: null },
    ];
    assert.deepEqual(await targetsOf(t, [...nameless, withNetworks({}), withNetworks(null)]), []);
  });

  test("leave out an empty image", async (t) => {
    const [target] = await targetsOf(t, [{ ...container, Image: "", ImageID: "" }]);
    assert.equal(`${docker}container_image` in (target ?? {}), false);
    assert.equal(`${docker}container_image_id` in (target ?? {}), false);
  });

  test("whose ports come in another order are the same, since the engine itself has them in none", async (t) => {
    const ports = [
      { PrivatePort: 9101, Type: "tcp" },
      { PrivatePort: 9100, PublicPort: 2, IP: "::", Type: "tcp" },
      { PrivatePort: 9100, PublicPort: 2, IP: "127.0.0.1", Type: "tcp" },
      { PrivatePort: 9100, PublicPort: 1, IP: "127.0.0.1", Type: "tcp" },
    ];
    const orders = [ports, [...ports].reverse(), [ports[2], ports[0], ports[3], ports[1]]];
    const [first, ...others] = await Promise.all(
      orders.map((Ports) => targetsOf(t, [{ ...container, Ports }])),
    );
    for (const other of others) assert.deepEqual(other, first);
    assert.deepEqual(
      first?.map(({ __meta_docker_port_private: port }) => port),
      ["9100", "9100", "9100", "9101"],
    );
  });

  test("keep an empty public address", async (t) => {
    const Ports = [{ PrivatePort: 1, PublicPort: 2, Type: "tcp" }];
    const [target] = await targetsOf(t, [{ ...container, Ports }]);
    assert.equal(target?.[`${docker}port_public_ip`], "");
  });

  test("of an IPv6 network alone have its address, and of none at all only a port", async (t) => {
    const both = { a: attached("net-a", "", "fd00::2"), b: attached("net-b", "") };
    const targets = await targetsOf(t, [withNetworks(both, { Ports: [] })], { matchFirstNetwork: false });
    assert.deepEqual(
      targets.map((target) => [target.__address__, target[`${docker}network_ip`]]),
      [
        ["[fd00::2]:80", "fd00::2"],
        [":80", ""],
      ],
    );
  });

  test("on several networks are targets on the first by name, or on each", async (t) => {
    const found = withNetworks(several, { Ports: [] });
    assert.deepEqual(await addresses(t, [found]), ["172.20.0.2:80"]);
    assert.deepEqual(await addresses(t, [found], { matchFirstNetwork: false }), [
      "172.20.0.2:80",
      "172.22.0.2:80",
    ]);
    assert.deepEqual(await addresses(t, [withNetworks({ alpha: null, beta: null })]), []);
  });

  test("that share another's network have its addresses, however many steps away", async (t) => {
    const sharing = (Id: string, id: string) => ({
      ...withNetworks({}, { Ports: [], HostConfig: { NetworkMode: `container:${id}` } }),
      Id,
    });
    const containers = [
      sharing("c3", "c2"),
      sharing("c2", "c1"),
      { ...container, Ports: [] },
      sharing("lost", "gone"),
      sharing("round", "trip"),
      sharing("trip", "round"),
    ];
    const targets = await targetsOf(t, containers);
    assert.deepEqual(
      targets.map((target) => [target[`${docker}container_id`], target.__address__]),
      [
        ["c3", "172.20.0.2:80"],
        ["c2", "172.20.0.2:80"],
        ["c1", "172.20.0.2:80"],
      ],
    );
    assert.equal(targets[0]?.[`${docker}container_network_mode`], "container:c2");
  });
});
