import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { eventually } from "../eventually.ts";
import { temporaryFolder } from "../folder.ts";
import { jobOf, writeConfig } from "../local/cluster.ts";
import { type Rollcall, ready, startRollcall } from "../rollcall.ts";
import { breaks } from "./breaks.ts";
import { type Patient, startPatient } from "./patient.ts";

/**
 * Promise 3 for watches: what breaks is told, nothing is taken away for it, and nothing that happened meanwhile is missed.
 * Each case has a cluster of its own, since the patience of a client grows with each failure.
 */
describe("a watch that breaks", { concurrency: true }, () => {
  const folder = temporaryFolder("interruptions");
  const patients = new Map<string, Patient>();
  let rollcall: Rollcall;

  before(async () => {
    for (const name of [...breaks.map((each) => each.name), "forgotten", "away"])
      patients.set(name, await startPatient());
    const jobs = [...patients].map(([name, { server }]) => jobOf(name, server));
    rollcall = await startRollcall({
      config: writeConfig(folder.path, jobs),
      data: join(folder.path, "data"),
    });
    await ready(rollcall);
  });
  after(async () => {
    await rollcall.stop();
    for (const patient of patients.values()) await patient.server.close();
    folder.remove();
  });

  /** The patient of a case, once it is watched. */
  const watched = async (name: string): Promise<Patient> => {
    const patient = patients.get(name);
    assert.ok(patient);
    await serves(name);
    await eventually("the pods are watched", 20, () => assert.equal(patient.server.openWatches(), 1));
    return patient;
  };

  const listOf = (name: string) => rollcall.list(encodeURIComponent(name));
  const report = async (name: string) => {
    const found = (await rollcall.providers()).find(({ jobs }) => jobs.includes(name));
    assert.ok(found);
    return found;
  };

  const says = (name: string, expected: RegExp) =>
    eventually(`the provider says ${expected}`, 30, async () => {
      const { health, lastError } = await report(name);
      assert.match(lastError, expected);
      assert.doesNotMatch(lastError, /\n/);
      assert.equal(health, "failing");
    });

  /** The list has the pods of now, and the provider is well. */
  const serves = (name: string) =>
    eventually("the pods of now are served", 60, async () => {
      const served = (await listOf(name)).flatMap(({ targets }) => targets).sort();
      assert.deepEqual(served, patients.get(name)?.targets());
      const { health, lastError } = await report(name);
      assert.deepEqual([health, lastError], ["ok", ""]);
    });

  for (const { name, expected, ...rule } of breaks) {
    test(`${name} is told, and mended`, async () => {
      const { server, change } = await watched(name);
      const before = await listOf(name);
      const fault = server.faults.set(rule);
      server.dropWatches();
      await says(name, expected);
      change();
      assert.deepEqual(await listOf(name), before);
      fault.remove();
      await serves(name);
    });
  }

  test("a version that the server has forgotten is mended by a list", async () => {
    const { server, change } = await watched("forgotten");
    const lists = server.requests.count("list");
    const fault = server.faults.set({ on: "watch", fault: { kind: "status", code: 503 } });
    server.dropWatches();
    await eventually("a watch was refused", 20, () => assert.ok(fault.hits() > 0));
    change();
    server.compact();
    fault.remove();
    await serves("forgotten");
    assert.ok(server.requests.count("list") > lists);
  });

  test("a server that is away is told, and what happened meanwhile is seen when it is back", async () => {
    const patient = await watched("away");
    const before = await listOf("away");
    await patient.server.close();
    await says("away", /refused/i);
    assert.deepEqual(await listOf("away"), before);
    await patient.comeBack();
    patient.change();
    await serves("away");
  });
});
