import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { parse } from "yaml";
import * as z from "zod";
import { startDemo } from "../../../../local/demo/demo.ts";
import { isLoopbackHost } from "../../../../local/loopback.ts";
import { listening } from "../../../fakes/listening.ts";

const job = z.looseObject({
  job_name: z.string(),
  kubernetes_sd_configs: z
    .array(
      z.looseObject({
        role: z.string(),
        api_server: z.string(),
        authorization: z.object({ credentials_file: z.string() }),
      }),
    )
    .default([]),
  swarm_sd_configs: z.array(z.looseObject({ masters: z.array(z.string()) })).default([]),
});
const file = z.looseObject({ scrape_configs: z.array(job) });

describe("the demo", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "rollcall-demo-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const start = (churnMilliseconds = 60_000) => startDemo({ folder, random: Math.random, churnMilliseconds });

  test("writes a configuration with a job for each role, for the Swarm and for static targets", async () => {
    const demo = await start();
    try {
      const { scrape_configs: jobs } = file.parse(parse(await readFile(demo.configFile, "utf8")));
      assert.deepEqual(
        jobs.map((one) => one.job_name),
        [
          "demo-nodes",
          "demo-pods",
          "demo-services",
          "demo-endpoints",
          "demo-endpointslices",
          "demo-ingresses",
          "demo-swarm",
          "demo-static",
        ],
      );
      const roles = jobs.flatMap((one) => one.kubernetes_sd_configs.map((config) => config.role));
      assert.deepEqual(roles, ["node", "pod", "service", "endpoints", "endpointslice", "ingress"]);
      const urls = jobs.flatMap((one) => [
        ...one.kubernetes_sd_configs.map((config) => config.api_server),
        ...one.swarm_sd_configs.flatMap((config) => config.masters),
      ]);
      assert.ok(urls.every((url) => isLoopbackHost(new URL(url).hostname)));
    } finally {
      await demo.close();
    }
  });

  test("names its clusters in the settings by the addresses that the configuration has", async () => {
    const demo = await start();
    try {
      const { clusters } = parse(await readFile(demo.settingsFile, "utf8"));
      assert.deepEqual([clusters[0].name, clusters[0].api_server], ["demo", demo.apiServerUrl]);
      assert.deepEqual([clusters[1].name, clusters[1].masters], ["demo-swarm", [demo.swarmUrl]]);
    } finally {
      await demo.close();
    }
  });

  test("lets in whoever brings the token that lies beside the configuration, for its owner only", async () => {
    await writeFile(join(folder, "demo.token"), "left by another start", { mode: 0o644 });
    const demo = await start();
    try {
      const [pods] = file
        .parse(parse(await readFile(demo.configFile, "utf8")))
        .scrape_configs.flatMap((one) => one.kubernetes_sd_configs);
      const path = join(folder, pods?.authorization.credentials_file ?? "");
      assert.equal((await stat(path)).mode & 0o777, 0o600);
      const headers = { authorization: `Bearer ${await readFile(path, "utf8")}` };
      const answer = await fetch(`${demo.apiServerUrl}/api/v1/pods`, { headers });
      assert.equal(answer.status, 200);
      assert.match(await answer.text(), /prometheus\.io\/scrape/);
      assert.equal((await fetch(`${demo.apiServerUrl}/api/v1/pods`)).status, 401);
      assert.equal((await fetch(`${demo.swarmUrl}/info`)).status, 200);
    } finally {
      await demo.close();
    }
  });

  test("goes on changing", async () => {
    const demo = await start(5);
    try {
      const headers = { authorization: `Bearer ${await readFile(join(folder, "demo.token"), "utf8")}` };
      const answer = await fetch(`${demo.apiServerUrl}/api/v1/pods?watch=true`, {
        headers,
      });
      let text = "";
      for await (const chunk of answer.body ?? []) {
        text += new TextDecoder().decode(chunk);
        if (text.includes('"type":"MODIFIED"')) break;
      }
      assert.match(text, /"type":"MODIFIED"/);
    } finally {
      await demo.close();
    }
  });

  test("counts versions on from an earlier start, which are forgotten", async () => {
    const versionOf = async (url: string) => {
      const headers = { authorization: `Bearer ${await readFile(join(folder, "demo.token"), "utf8")}` };
      const pods = await (await fetch(`${url}/api/v1/pods`, { headers })).json();
      return { version: Number(Object(pods).metadata.resourceVersion), headers };
    };
    const first = await start();
    const before = await versionOf(first.apiServerUrl);
    await first.close();
    const second = await start();
    try {
      const { version, headers } = await versionOf(second.apiServerUrl);
      assert.ok(version > before.version);
      const path = `/api/v1/pods?resourceVersionMatch=Exact&resourceVersion=${before.version}`;
      assert.equal((await fetch(`${second.apiServerUrl}${path}`, { headers })).status, 410);
    } finally {
      await second.close();
    }
  });

  test("comes back on the same ports, so that its configuration stays the same", async () => {
    const first = await start();
    const before = await readFile(first.configFile, "utf8");
    await first.close();
    const second = await start();
    await second.close();
    assert.equal(await readFile(second.configFile, "utf8"), before);
  });

  test("takes other ports when its own are taken or not readable", async () => {
    const other = createServer();
    const port = await listening(other);
    const contents = [JSON.stringify({ apiServer: port, swarm: port }), "{", '{"apiServer":-1,"swarm":0}'];
    try {
      for (const content of contents) {
        await writeFile(join(folder, "demo-ports.json"), content);
        const demo = await start();
        await demo.close();
        assert.notEqual(new URL(demo.apiServerUrl).port, String(port));
        assert.notEqual(demo.apiServerUrl, demo.swarmUrl);
      }
    } finally {
      other.close();
    }
  });
});
