import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createDynamoLeases } from "../../../lib/lease/dynamodb.ts";
import { createClient, createTable } from "../../../lib/table/dynamodb.ts";
import { discoveryDue, relayDue } from "../../../lib/targetgroup/event.ts";
import { eventually } from "../eventually.ts";
import { temporaryFolder } from "../folder.ts";
import { repository, startProgram } from "../process.ts";
import { reload } from "../rollcall.ts";
import { credentialsIn } from "./busman.ts";
import { type FaultKind, type Place, type PromiseNumber, pause, type Stage } from "./fault.ts";
import { order } from "./order.ts";

const kind = (
  where: Place,
  name: string,
  promises: readonly PromiseNumber[],
  befall: FaultKind["befall"],
): FaultKind => ({ name, where, promises, befall });

/** The cluster's name in the lease, the events and the settings' own words for it. */
const clusterOf = async ({ program, followed }: Stage): Promise<string> => {
  const reports = await program().providers();
  const found = reports.find(({ jobs }) => jobs.includes(`${followed.prefix}pods`));
  assert.ok(found);
  return found.cluster;
};

const leasesOf = (environment: Readonly<Record<string, string>>) => {
  const client = createClient({
    endpoint: environment.AWS_ENDPOINT_URL_DYNAMODB ?? "",
    region: environment.AWS_REGION ?? "",
    credentials: credentialsIn(environment),
  });
  return createDynamoLeases(createTable(environment.TABLE_NAME ?? "", { client }), { clock: Date.now });
};

/** A relay in a process of its own takes the lease from the one that has it, follows for a while, and is killed. */
const rival = async (stage: Stage): Promise<number> => {
  const environment = await stage.door.environment();
  const cluster = await clusterOf(stage);
  const folder = temporaryFolder("rival");
  const file = join(folder.path, "environment.json");
  writeFileSync(file, JSON.stringify(environment), { mode: 0o600 });
  const leases = leasesOf(environment);
  const before = await leases.last(cluster);
  const relay = startProgram(process.execPath, [
    join(repository, "bench/support/alone/relay.ts"),
    file,
    cluster,
  ]);
  try {
    await eventually("the rival has the lease", 30, async () => {
      assert.equal(relay.exit(), undefined, relay.output().slice(-500));
      await leases.revoke(cluster);
      await sleep(400);
      const holder = await leases.last(cluster);
      assert.notEqual(holder?.heldBy, before?.heldBy);
      assert.ok((holder?.until ?? 0) > Date.now());
    });
    await pause(stage.length());
  } finally {
    relay.send("SIGKILL");
    await relay.ended;
    folder.remove();
  }
  // The schedule would order a relay within the minute.
  await reload(stage.program());
  return 1;
};

/** The other kind of work that the bus can order for a cluster, or the same once more. */
const ordered = (DetailType: string) => async (stage: Stage) => {
  const cluster = await clusterOf(stage);
  for (let count = 0; count < 3; count += 1) await order(stage, DetailType, cluster);
  return 3;
};

/** What stands in a file is replaced, read by a reload, and put back. */
const written =
  (file: "config" | "settings", text: (good: string) => string, status: number) => async (stage: Stage) => {
    const { files, program, length } = stage;
    writeFileSync(files[file], text(files.good[file]));
    try {
      const answer = await reload(program());
      assert.equal(answer.status, status, `a reload of ${file}: ${answer.text}`);
      await pause(length());
    } finally {
      writeFileSync(files[file], files.good[file]);
    }
    assert.equal((await reload(program())).status, 200);
    return 1;
  };

const oneMore = "\n  - {job_name: one-more, static_configs: [{targets: ['127.0.0.1:1']}]}\n";

export const programFaults: readonly FaultKind[] = [
  kind("program", "killed (kill -9), and started", [2, 5], async ({ restart }) => {
    await restart("SIGKILL");
    return 1;
  }),
  kind("program", "killed again while it starts", [2, 5], async ({ restart, random }) => {
    await restart("SIGKILL", { wait: false });
    await pause(random() * 3_000);
    await restart("SIGKILL");
    return 2;
  }),
  kind("program", "ended orderly, and started", [2, 5], async ({ restart }) => {
    await restart("SIGTERM");
    return 1;
  }),
  kind("lease", "stolen by a relay in another process, which is killed", [2, 5], rival),
  kind("lease", "revoked under its holder", [2, 5], async (stage) => {
    await leasesOf(await stage.door.environment()).revoke(await clusterOf(stage));
    await pause(stage.length());
    await reload(stage.program());
    return 1;
  }),
  kind("lease", "a full look is ordered while a relay follows", [1, 2], ordered(discoveryDue)),
  kind("lease", "a second relay is ordered", [1, 2], ordered(relayDue)),
  kind(
    "configuration",
    "a good one with one job more is reloaded, and the old one again",
    [5],
    written("config", (good) => good + oneMore, 200),
  ),
  kind(
    "configuration",
    "a broken prometheus.yml is reloaded",
    [3],
    written("config", () => "scrape_configs: [{", 500),
  ),
  kind(
    "configuration",
    "a broken rollcall.yml is reloaded",
    [3],
    written("settings", (good) => `${good}\nno_such_thing: 1\n`, 500),
  ),
  kind("configuration", "everything is rebuilt", [1, 2], async ({ program, length }) => {
    const answer = await fetch(`${program().url}/api/v1/rebuild?all=true`, { method: "POST" });
    assert.equal(answer.status, 202, await answer.text());
    await pause(length());
    return 1;
  }),
  kind("queue", "messages that can never be applied", [6], async ({ door, letters }) => {
    const sample = door.bus.sample();
    return sample?.Detail === undefined ? 0 : letters.poison(sample.Detail);
  }),
];
