import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { stringify } from "yaml";
import { type ApiServer, startApiServer } from "../../local/demo/apiserver.ts";
import { commandsIn } from "../docs/commands.ts";
import { trials } from "../docs/trials.ts";
import { eventually } from "./eventually.ts";
import { temporaryFolder } from "./folder.ts";
import { podOf } from "./local/cluster.ts";
import { tryLine } from "./newcomer/line.ts";
import { freePort } from "./ports.ts";
import { type Program, repository, startProgram } from "./process.ts";
import { runPrometheus } from "./prometheus.ts";

/**
 * The commands of the guides (docs/migrate.md and others), typed in their order where a guide's reader would be: a folder with his
 * `prometheus.yml`, a kubeconfig, a real Prometheus that discovers by itself, `rollcall` in the path. Only addresses are others.
 */
describe("a guide's reader", () => {
  const folder = temporaryFolder("guides");
  const home = join(folder.path, "home");
  let cluster: ApiServer;
  let prometheus: Awaited<ReturnType<typeof runPrometheus>>;
  let url = "";
  let up: Program;

  const start = (line: string) => {
    const path = `PATH=${join(folder.path, "bin")}${delimiter}${process.env.PATH}`;
    const words = [path, `HOME=${home}`, `ROLLCALL_SERVER=${url}`, "bash", "-c", line];
    return startProgram("env", words, folder.path);
  };
  const told = (command: string) =>
    command
      .replace("http://127.0.0.1:9090", prometheus.url)
      .replace("--against http://rollcall:9095", `--against ${url}`);

  before(async () => {
    cluster = await startApiServer();
    for (const [index, name] of ["web-1", "web-2", "cart-1"].entries())
      cluster.apply(podOf(name, `127.0.0.${index + 1}`));
    mkdirSync(join(home, ".kube"), { recursive: true });
    copyFileSync(await cluster.kubeconfig(folder.path), join(home, ".kube/config"));
    mkdirSync(join(folder.path, "bin"));
    mkdirSync(join(folder.path, "targets"));
    symlinkSync(join(repository, "cli/bin.mjs"), join(folder.path, "bin/rollcall"));
    const job = (more: object, rules: object[] = []) => ({
      scrape_configs: [
        {
          job_name: "pods",
          proxy_url: "http://127.0.0.1:9",
          kubernetes_sd_configs: [{ role: "pod", ...more }],
          relabel_configs: rules,
        },
      ],
    });
    const keep = { source_labels: ["__meta_kubernetes_pod_name"], regex: "cart-.*", action: "keep" };
    writeFileSync(join(folder.path, "prometheus.yml"), stringify(job({})));
    writeFileSync(join(folder.path, "proposed.yml"), stringify(job({}, [keep])));
    writeFileSync(join(folder.path, "rollcall.yml"), stringify({ guard: { max_removed: 0.5 } }));
    const access = { api_server: cluster.url, authorization: { credentials: cluster.token } };
    prometheus = await runPrometheus(job(access));
    const address = `127.0.0.1:${await freePort()}`;
    url = `http://${address}`;
    up = start(`exec rollcall up --config prometheus.yml --kubeconfig ~/.kube/config --listen ${address}`);
    await eventually("Rollcall has targets", 60, async () => {
      assert.equal(up.exit(), undefined, up.output());
      assert.match(await (await fetch(`${url}/sd/pods`)).text(), /web-1/);
    });
  });
  after(async () => {
    await up?.stop();
    await prometheus?.stop();
    await cluster?.close();
    folder.remove();
  });

  const pages = ["docs/migrate.md", "docs/deploy.md", "docs/adapter-rules.md", "docs/examples/README.md"];
  const shown = pages.flatMap((page) => commandsIn(readFileSync(join(repository, page), "utf8")));
  for (const command of new Set(shown)) {
    const trial = trials[command];
    if (!(trial && "in" in trial && trial.in === "guides")) continue;
    test(`types ${command}`, async () => {
      // A further one of the same kind, at a port and with a state of its own.
      const more = command.startsWith("rollcall up")
        ? ` --listen 127.0.0.1:${await freePort()} --data second`
        : "";
      await tryLine(start, told(command) + more, trial);
    });
  }

  test("types no command that is on another page only", () => {
    const own = Object.entries(trials).filter(([, trial]) => "in" in trial && trial.in === "guides");
    assert.deepEqual(
      own.map(([command]) => command).filter((command) => !shown.includes(command)),
      [],
    );
    assert.ok(own.length > 10);
  });

  test("has then a file of targets, a token and a configuration to switch to", () => {
    for (const file of ["targets/pods.json", "scrapers.token", "prometheus.new.yml"])
      assert.ok(existsSync(join(folder.path, file)), file);
    assert.match(
      readFileSync(join(folder.path, "prometheus.new.yml"), "utf8"),
      /http:\/\/rollcall:9095\/sd\/pods/,
    );
  });
});
