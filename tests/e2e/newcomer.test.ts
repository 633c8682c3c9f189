import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { stringify } from "yaml";
import * as z from "zod";
import { type ApiServer, startApiServer } from "../../local/demo/apiserver.ts";
import { trials } from "../docs/trials.ts";
import { temporaryFolder } from "./folder.ts";
import { podOf } from "./local/cluster.ts";
import { type FirstTargets, firstTargets } from "./newcomer/firsttargets.ts";
import { tryLine } from "./newcomer/line.ts";
import { type NewMachine, newMachine } from "./newcomer/machine.ts";
import { paths, requestsIn } from "./newcomer/paths.ts";
import { freePort } from "./ports.ts";
import { repository } from "./process.ts";

/** The README at a bare machine: a clone, an empty home, the system's own Node, and nothing that is not written there. */
describe("a newcomer", () => {
  const folder = temporaryFolder("newcomer");
  let machine: NewMachine;
  let demo: FirstTargets;
  before(async () => {
    machine = newMachine(folder.path);
    demo = await firstTargets(machine, await freePort());
  });
  after(async () => {
    await demo?.program.stop();
    folder.remove();
  });

  test("sees targets of every job after git clone and npm start", (t) => {
    const seconds = (value: number) => `${value.toFixed(1)} s`;
    const { installed, greeted, listed } = demo;
    t.diagnostic(`on Node ${machine.node}: cloned in ${seconds(machine.cloned)}; after npm start,`);
    t.diagnostic(
      `installed ${seconds(installed)}, greeted ${seconds(greeted)}, all lists ${seconds(listed)}`,
    );
    assert.match(demo.program.output(), /^Rollcall looks at a demo cluster and a demo Swarm/m);
  });

  for (const request of requestsIn(readFileSync(join(repository, "README.md"), "utf8"))) {
    test(`is answered ${request}`, async () => {
      const asked = paths[request];
      assert.ok(asked, "tests/e2e/newcomer/paths.ts does not say how this is asked");
      const { status = 200, has } = asked;
      const [method = ""] = request.split(" ");
      const answer = await fetch(demo.url + (await pathOf(asked.path, demo.url)), { method });
      const text = await answer.text();
      assert.equal(answer.status, status, text.slice(0, 500));
      assert.match(text.slice(0, 1_000_000), has);
    });
  }

  test("ends it by a signal to npm, and nothing of it stays", async () => {
    await demo.program.stop();
    await assert.rejects(fetch(demo.url));
  });

  describe("with a cluster of his own", () => {
    let cluster: ApiServer;
    before(async () => {
      cluster = await startApiServer();
      cluster.apply(podOf("web-1", "127.0.0.1"));
      const kube = join(machine.home, ".kube");
      mkdirSync(kube);
      copyFileSync(await cluster.kubeconfig(kube), join(kube, "config"));
      const job = { job_name: "pods", kubernetes_sd_configs: [{ role: "pod" }] };
      writeFileSync(join(machine.clone, "prometheus.yml"), stringify({ scrape_configs: [job] }));
    });
    after(() => cluster?.close());

    for (const [command, trial] of Object.entries(trials)) {
      if (!("in" in trial && trial.in === "newcomer")) continue;
      test(`types ${command}`, async () => {
        await tryLine(machine.start, await withPort(command), trial);
      });
    }

    test("finds what is generated as the commands generate it", async () => {
      const changed = await machine.run("git status --porcelain -- docs/events docs/openapi");
      assert.deepEqual(changed, { code: 0, text: "" });
    });
  });
});

/** The line as it stands, but for the port, which others on this machine may have, and where its state is. */
const withPort = async (command: string): Promise<string> => {
  if (!command.startsWith("npm start")) return command;
  return `exec ${command} --listen 127.0.0.1:${await freePort()} --data own.rollcall`;
};

const providers = z.object({
  data: z.object({ providers: z.array(z.object({ provider: z.string(), jobs: z.array(z.string()) })) }),
});
const found = z.object({ data: z.object({ targets: z.array(z.object({ source: z.string() })) }) });

const pathOf = async (path: string, url: string): Promise<string> => {
  const ask = async (from: string): Promise<unknown> => (await fetch(url + from)).json();
  if (path.includes("PROVIDER")) {
    const { data } = providers.parse(await ask("/api/v1/providers"));
    const pods = data.providers.find(({ jobs }) => jobs.includes("demo-pods"));
    return path.replace("PROVIDER", pods?.provider ?? "");
  }
  if (path.includes("POD")) {
    const { data } = found.parse(await ask("/api/v1/search?job=demo-pods"));
    return path.replace("POD", data.targets[0]?.source ?? "");
  }
  return path
    .replace("BEFORE", String(Math.floor(Date.now() / 1000) - 3600))
    .replace("NOW", encodeURIComponent(new Date().toISOString()));
};
