import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import * as z from "zod";
import { type DemoSwarm, startDemoSwarm } from "../../../../local/demo/swarm.ts";
import { isLoopbackHost } from "../../../../local/loopback.ts";

const pairs = z.array(z.tuple([z.string(), z.string()]));
const info = z.looseObject({ SystemStatus: pairs.nullable(), DriverStatus: pairs.nullable() });

describe("the demo Swarm master", () => {
  let swarm: DemoSwarm;
  beforeEach(async () => {
    let state = 1;
    const random = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    swarm = await startDemoSwarm({ random, clock: () => Date.UTC(2026, 0, 1) });
  });
  afterEach(() => swarm.close());

  const ask = async () => info.parse(await (await fetch(`${swarm.url}/info`)).json());

  test("lists its nodes in SystemStatus, with the layout of a terminal", async () => {
    const status = (await ask()).SystemStatus ?? [];
    assert.deepEqual(status[3], ["Nodes", "4"]);
    assert.deepEqual(status[4], [" swarm-1", "127.40.0.1:2375"]);
    assert.deepEqual(
      status.slice(5, 14).map(([key]) => key),
      [
        "ID",
        "Status",
        "Containers",
        "Reserved CPUs",
        "Reserved Memory",
        "Labels",
        "Error",
        "UpdatedAt",
        "ServerVersion",
      ].map((name) => `  └ ${name}`),
    );
    assert.deepEqual(status[7], ["  └ Containers", "3 (3 Running, 0 Paused, 0 Stopped)"]);
    assert.match(status[10]?.[1] ?? "", /^kernelversion=6\.8\.0-demo, .*com\.example\.rack=rack-1$/);
  });

  test("lists them in DriverStatus with backspaces, as it was before 1.1, when switched so", async () => {
    swarm.layout = "driver";
    const { DriverStatus, SystemStatus } = await ask();
    assert.equal(SystemStatus, null);
    assert.deepEqual(DriverStatus?.[2], ["\bNodes", "4"]);
    assert.deepEqual(DriverStatus?.[3], ["swarm-1", "127.40.0.1:2375"]);
    assert.equal(DriverStatus?.[4]?.[0], " └ ID");
  });

  test("counts exactly the nodes that it lists, all on loopback, while one goes away and returns", async () => {
    const counts = new Set<number>();
    const told = [];
    for (let step = 0; step < 200; step += 1) {
      told.push(swarm.step());
      const status = (await ask()).SystemStatus ?? [];
      const nodes = status.filter(([key]) => /^ swarm-/.test(key));
      assert.equal(status.find(([key]) => key === "Nodes")?.[1], String(nodes.length));
      assert.ok(nodes.every(([, address]) => isLoopbackHost(address.replace(/:2375$/, ""))));
      counts.add(nodes.length);
    }
    assert.deepEqual([...counts].sort(), [3, 4]);
    for (const what of ["unhealthy", "went away", "is back", "containers"]) {
      assert.ok(
        told.some((says) => says.includes(what)),
        what,
      );
    }
  });

  test("answers version and ping, with an API version in the path or without, and 404 elsewhere", async () => {
    assert.equal(await (await fetch(`${swarm.url}/_ping`)).text(), "OK");
    assert.match(await (await fetch(`${swarm.url}/v1.22/version`)).text(), /"ApiVersion":"1.22"/);
    assert.equal((await fetch(`${swarm.url}/v1.22/info`)).status, 200);
    assert.equal((await fetch(`${swarm.url}/nodes`)).status, 404);
    assert.equal(swarm.requests.count("other", "/info"), 1);
  });

  test("goes wrong when a fault switch says so", async () => {
    swarm.faults.set({ path: "/info", times: 1, fault: { kind: "status", code: 503 } });
    assert.equal((await fetch(`${swarm.url}/info`)).status, 503);
    swarm.faults.set({ path: "/info", times: 1, fault: { kind: "truncate", bytes: 10 } });
    await assert.rejects(ask(), SyntaxError);
    assert.equal((await fetch(`${swarm.url}/info`)).status, 200);
  });
});
