import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, type TestContext, test } from "node:test";
import type { SwarmSdConfig } from "../../../../lib/config/configuration.ts";
import type { Outcome } from "../../../../lib/discovery/discoverer.ts";
import type { Provider } from "../../../../lib/discovery/provider.ts";
import { createSwarmDiscoverer } from "../../../../lib/discovery/swarm/discover.ts";
import { plainClient } from "../../http/support/config.ts";
import { serve } from "../../http/support/server.ts";

const fixture = (name: string) =>
  readFileSync(new URL(`../../../fixtures/swarm/${name}.json`, import.meta.url), "utf8");

const provider = (masters: readonly URL[], changes: Partial<Provider & SwarmSdConfig> = {}): Provider => ({
  id: "swarm/0123456789ab",
  config: {
    mechanism: "swarm",
    masters: masters.map((url) => url.href.replace(/\/$/, "")),
    refreshInterval: changes.refreshInterval ?? 30_000,
    metricsPort: changes.metricsPort ?? "8070",
    httpClient: changes.httpClient ?? plainClient,
  },
  cluster: "swarm/0123456789ab",
  jobs: ["swarm"],
  every: 30_000,
  follow: "schedule",
  ...(changes.clusterName === undefined ? {} : { clusterName: changes.clusterName }),
});

/** A master whose answer can be changed; it counts how often it was asked. */
const master = async (t: TestContext, body: string | undefined) => {
  const state = { asked: 0, body, paths: [""] };
  const { url } = await serve(t, (request, response) => {
    state.asked += 1;
    state.paths.push(request.url ?? "");
    if (state.body === undefined) response.statusCode = 503;
    response.end(state.body);
  });
  return { url, state };
};

const look = async (
  discoverer: ReturnType<typeof createSwarmDiscoverer>,
  one: Provider,
): Promise<Outcome> => {
  const [outcome] = await discoverer([one], AbortSignal.timeout(20_000));
  assert.ok(outcome);
  return outcome;
};

const groupsOf = (outcome: Outcome) => {
  if ("error" in outcome) throw outcome.error;
  assert.deepEqual(outcome.look.problems, []);
  assert.equal(outcome.look.keeps("swarm_nodes"), false);
  return outcome.look.groups;
};

const errorOf = (outcome: Outcome) => ("error" in outcome ? outcome.error.message : "no error");

describe("a look at a classic Swarm", () => {
  test("gives the masters and the nodes", async (t) => {
    const { url } = await master(t, fixture("swarm-1.2"));
    const secure = new URL("https://[fd00::9]:3376/");
    const [masters, nodes, ...more] = groupsOf(await look(createSwarmDiscoverer(), provider([url, secure])));
    assert.deepEqual(more, []);
    assert.deepEqual(masters, {
      source: "swarm_masters",
      labels: { __meta_swarm_role: "master" },
      targets: [
        { __address__: "127.0.0.1:8070", __scheme__: "http", instance: url.host },
        { __address__: "[fd00::9]:8070", __scheme__: "https", instance: "[fd00::9]:3376" },
      ],
    });
    assert.equal(nodes?.source, "swarm_nodes");
    assert.deepEqual(nodes?.labels, { __meta_swarm_role: "node" });
    assert.deepEqual(nodes?.targets[2], {
      __address__: "192.168.50.32:8070",
      instance: "192.168.50.32:2376",
      __meta_swarm_node_label_kernelversion: "4.4.0-31-generic",
      __meta_swarm_node_label_operatingsystem: "Ubuntu 16.04.1 LTS",
      __meta_swarm_node_label_storagedriver: "aufs",
      __meta_swarm_node_name: "worker-1",
      __meta_swarm_node_id: "QO22:NU4C:ODDV:R2TL:HVV2:2E4I:MKAW:SBRO:WWFD:T265:HPNY:JKZI",
      __meta_swarm_node_status: "Unhealthy",
      __meta_swarm_node_containers: "2",
      __meta_swarm_node_reserved_cpus: "2",
      __meta_swarm_node_total_cpus: "4",
      __meta_swarm_node_reserved_memory_bytes: "1610612736",
      __meta_swarm_node_total_memory_bytes: "8788576829",
      __meta_swarm_node_server_version: "1.12.1",
      __meta_swarm_node_updated_at: "2016-08-18T21:26:37Z",
      __meta_swarm_node_error: "dial tcp 192.168.50.32:2376: i/o timeout",
    });
  });

  test("sanitises label names and uses the configured metrics port", async (t) => {
    const { url } = await master(t, fixture("labels"));
    const groups = groupsOf(await look(createSwarmDiscoverer(), provider([url], { metricsPort: "9100" })));
    const [target] = groups[1]?.targets ?? [];
    assert.equal(target?.__address__, "192.168.50.61:9100");
    assert.equal(target?.__meta_swarm_node_label_com_example_tier, "front=end");
    assert.equal(target?.__meta_swarm_node_label___, "東京");
  });

  test("names the port that a master's URL implies", async (t) => {
    const { url } = await master(t, fixture("empty"));
    const implied = [url, new URL("http://swarm.test"), new URL("https://swarm.test")];
    const [masters] = groupsOf(await look(createSwarmDiscoverer(), provider(implied)));
    assert.deepEqual(
      masters?.targets.slice(1).map(({ instance }) => instance),
      ["swarm.test:80", "swarm.test:443"],
    );
  });

  test("carries the cluster's name when the settings give one", async (t) => {
    const { url } = await master(t, fixture("empty"));
    const groups = groupsOf(await look(createSwarmDiscoverer(), provider([url], { clusterName: "old" })));
    assert.deepEqual(
      groups.map(({ labels }) => labels.__meta_rollcall_cluster),
      ["old", "old"],
    );
  });

  test("asks below a master's path", async (t) => {
    const { url, state } = await master(t, fixture("empty"));
    groupsOf(await look(createSwarmDiscoverer(), provider([new URL("/gate/", url)])));
    assert.equal(state.paths.at(-1), "/gate/info");
  });
});

describe("masters that fail", () => {
  test("are passed over in the same look and asked last from then on", async (t) => {
    const bad = await master(t, undefined);
    const refused = await master(t, fixture("count-mismatch"));
    const good = await master(t, fixture("empty"));
    const discoverer = createSwarmDiscoverer();
    const one = provider([bad.url, refused.url, good.url]);
    const first = groupsOf(await look(discoverer, one));
    const second = groupsOf(await look(discoverer, one));
    assert.deepEqual([bad.state.asked, refused.state.asked, good.state.asked], [1, 1, 2]);
    // The rotation is no change of the group.
    assert.deepEqual(second, first);

    good.state.body = undefined;
    bad.state.body = fixture("empty");
    groupsOf(await look(discoverer, one));
    assert.deepEqual([bad.state.asked, refused.state.asked, good.state.asked], [2, 1, 3]);
  });

  test("are named, each with its fault, in one line when none answers well", async (t) => {
    const away = await master(t, undefined);
    const garbage = await master(t, "<html>");
    const { url: gone, server } = await serve(t, () => undefined);
    await new Promise((closed) => server.close(closed));
    gone.username = "me";
    gone.password = "hush";
    const outcome = await look(createSwarmDiscoverer(), provider([away.url, garbage.url, gone]));
    const message = errorOf(outcome);
    assert.ok(message.includes(`http://${away.url.host}: HTTP status 503 Service Unavailable; `), message);
    assert.ok(message.includes(`http://${garbage.url.host}: /info: not JSON`), message);
    assert.match(message, new RegExp(`http://${gone.host}/info: .*ECONNREFUSED`));
    assert.match(message, /^no Swarm master answers well: /);
    assert.doesNotMatch(message, /\n|hush/);
  });

  test("may also be silent", async (t) => {
    const { url: silent } = await serve(t, (_request, response) => void response.write("{"));
    const good = await master(t, fixture("empty"));
    const discoverer = createSwarmDiscoverer({ masterMilliseconds: 100 });
    groupsOf(await look(discoverer, provider([silent, good.url])));
    assert.equal(good.state.asked, 1);
  });

  test("have one refresh interval each when that is shorter", async (t) => {
    const { url: silent } = await serve(t, (_request, response) => void response.write("{"));
    const good = await master(t, fixture("empty"));
    const one = provider([silent, good.url], { refreshInterval: 100 });
    groupsOf(await look(createSwarmDiscoverer({ masterMilliseconds: 60_000 }), one));
    assert.equal(good.state.asked, 1);
  });

  test("are not blamed when the look itself is called off", async (t) => {
    const { url: silent } = await serve(t, () => undefined);
    const good = await master(t, fixture("empty"));
    const calledOff = AbortSignal.timeout(100);
    const [outcome] = await createSwarmDiscoverer()([provider([silent, good.url])], calledOff);
    assert.ok(outcome !== undefined && "error" in outcome);
    assert.equal(good.state.asked, 0);
  });
});
