import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DockerSdConfig, SdConfig } from "../../../lib/config/configuration.ts";
import { defaultHttpClient } from "../../../lib/config/http-client.ts";
import { Secret } from "../../../lib/config/secret.ts";
import type { ClusterSettings, FollowMode } from "../../../lib/config/settings.ts";
import { matchesGlob } from "../../../lib/discovery/plan.ts";
import { apiServer, kubernetes, plan, server } from "./planned.ts";

describe("planning providers", () => {
  test("gives jobs with an equal block one provider, in the jobs' order", () => {
    const [provider, ...others] = plan({ a: [kubernetes()], b: [kubernetes()] });
    assert.deepEqual([provider?.jobs, others], [["a", "b"], []]);
  });

  test("gives blocks that differ in anything a provider each", () => {
    assert.equal(plan({ a: [kubernetes(), kubernetes({ role: "node" })] }).length, 2);
  });

  test("counts a block that a job has twice once", () => {
    assert.deepEqual(plan({ a: [kubernetes(), kubernetes()] })[0]?.jobs, ["a"]);
  });

  test("looks at the providers of one API server together, whatever their credentials", () => {
    const other = {
      ...defaultHttpClient,
      authorization: { type: "Bearer", credentials: new Secret("hunter2") },
    };
    const providers = plan({
      a: [kubernetes()],
      b: [kubernetes({ access: apiServer(`${server}/`, other) })],
    });
    assert.deepEqual(
      providers.map(({ cluster }) => cluster),
      [server, server],
    );
  });

  test("finds the API server of a kubeconfig, and takes the file's path when it cannot be read", () => {
    const access = { kind: "kubeconfig", file: "/etc/a.conf" } as const;
    const of = (servers: Record<string, string>) =>
      plan({ a: [kubernetes({ access })] }, { servers })[0]?.cluster;
    assert.equal(of({ "/etc/a.conf": server }), server);
    assert.equal(of({}), "/etc/a.conf");
  });

  test("lets a Swarm, a file or an HTTP provider stand alone", () => {
    const [provider] = plan({ a: [{ mechanism: "file", files: ["a.yml"], refreshInterval: 300_000 }] });
    assert.equal(provider?.cluster, provider?.id);
  });

  test("reads files each minute, whatever longer interval they have, since upstream reads them at each change", () => {
    const [provider] = plan({ a: [{ mechanism: "file", files: ["a.yml"], refreshInterval: 300_000 }] });
    assert.equal(provider?.every, 60_000);
  });

  test("spreads a block without an API server over every cluster of the settings", () => {
    const providers = plan({ a: [anywhere] }, { clusters: [cluster("eu"), cluster("us")] });
    assert.deepEqual(
      providers.map(({ clusterName, cluster: one }) => [clusterName, one]),
      [
        ["eu", "eu"],
        ["us", "us"],
      ],
    );
    assert.notEqual(providers[0]?.id, providers[1]?.id);
  });

  test("narrows that to the clusters that the settings allow a job", () => {
    const jobs = [{ name: "a", clusters: ["e*"] }];
    const providers = plan(
      { a: [anywhere], b: [anywhere] },
      { clusters: [cluster("eu"), cluster("us")], jobs },
    );
    assert.deepEqual(
      providers.map(({ clusterName, jobs: names }) => [clusterName, names]),
      [
        ["eu", ["a", "b"]],
        ["us", ["b"]],
      ],
    );
  });

  test("takes a block without an API server for the cluster around us when the settings name none", () => {
    const [provider] = plan({ a: [anywhere] });
    assert.deepEqual([provider?.cluster, provider?.clusterName], ["in-cluster", undefined]);
  });

  test("gives a block the name under which the settings know its API server", () => {
    const [provider] = plan(
      { a: [kubernetes()] },
      { clusters: [{ ...cluster("eu"), access: apiServer(server), every: 5000 }] },
    );
    assert.deepEqual([provider?.clusterName, provider?.cluster, provider?.every], ["eu", "eu", 5000]);
  });

  test("gives the Docker blocks of one host the name under which the settings know it, and looks at them together", () => {
    const named: ClusterSettings = { name: "edge", access: { kind: "host", host: "http://127.0.0.1:2375/" } };
    const swarm: SdConfig = { ...daemon("http://127.0.0.1:2375"), mechanism: "dockerswarm", role: "nodes" };
    const blocks = [docker("http://127.0.0.1:2375"), swarm, docker("unix:///var/run/docker.sock")];
    const providers = plan({ a: blocks }, { clusters: [named] });
    assert.deepEqual(
      providers.map(({ clusterName }) => clusterName),
      ["edge", "edge", undefined],
    );
    assert.equal(providers[0]?.cluster, "edge");
    assert.equal(providers[2]?.cluster, providers[2]?.id);
  });

  test("does not take a Docker host or Swarm masters for a Kubernetes cluster", () => {
    const clusters: ClusterSettings[] = [
      { name: "edge", access: { kind: "host", host: "unix:///var/run/docker.sock" } },
      { name: "old", access: { kind: "masters", masters: ["http://127.0.0.1:2375"] } },
    ];
    assert.deepEqual(
      plan({ a: [anywhere] }, { clusters }).map(({ cluster }) => cluster),
      ["in-cluster"],
    );
  });

  test("has each cluster followed as its settings say, else as the configuration's default does", () => {
    const clusters: ClusterSettings[] = [{ ...cluster("eu"), follow: "schedule" }, cluster("us")];
    const of = (follow: FollowMode) =>
      plan({ a: [anywhere] }, { clusters, follow }).map(({ cluster: name, follow: by }) => [name, by]);
    assert.deepEqual(of("relay"), [
      ["eu", "schedule"],
      ["us", "relay"],
    ]);
    assert.deepEqual(of("schedule"), [
      ["eu", "schedule"],
      ["us", "schedule"],
    ]);
  });

  test("has a cluster followed as a whole as soon as one of its providers needs it", () => {
    const masters = ["http://127.0.0.1:2375"];
    const swarm = (refreshInterval: number): SdConfig => ({
      mechanism: "swarm",
      masters,
      refreshInterval,
      metricsPort: "8070",
      httpClient: defaultHttpClient,
    });
    const clusters: ClusterSettings[] = [{ name: "old", access: { kind: "masters", masters } }];
    const providers = plan({ a: [swarm(60_000), swarm(5_000)] }, { clusters, follow: "relay" });
    assert.deepEqual(
      providers.map(({ follow }) => follow),
      ["relay", "relay"],
    );
  });
});

test("a glob knows the asterisk and nothing else", () => {
  const cases: [string, string, boolean][] = [
    ["*", "", true],
    ["prod-*", "prod-eu", true],
    ["prod-*", "prod", false],
    ["*-eu", "prod-eu", true],
    ["a*a", "a", false],
    ["a*b*c", "a-b-b-c", true],
    ["a*b*c", "acb", false],
    ["prod?", "prod1", false],
    ["prod", "prod", true],
    ["**", "x", true],
  ];
  for (const [glob, text, expected] of cases)
    assert.equal(matchesGlob(glob, text), expected, `${glob} ${text}`);
});

const daemon = (host: string) => ({
  host,
  port: 80,
  filters: [],
  refreshInterval: 60_000,
  httpClient: defaultHttpClient,
});

const docker = (host: string): DockerSdConfig => ({
  ...daemon(host),
  mechanism: "docker",
  hostNetworkingHost: "localhost",
  matchFirstNetwork: true,
});

const anywhere = kubernetes({ access: { kind: "default" } });

const cluster = (name: string): ClusterSettings => ({
  name,
  access: { kind: "kubeconfig", file: `/etc/${name}.conf` },
});
