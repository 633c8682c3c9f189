import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { parse, stringify } from "yaml";
import { createAdaptersReader } from "../../../lib/adapter/settings.ts";
import { createMemoryAccepted } from "../../../lib/config/memory.ts";
import { createPlanReader } from "../../../lib/discovery/current.ts";
import { createLog } from "../../../lib/log.ts";
import { acceptConfiguration } from "../../../lib/tick/accept.ts";
import { gather } from "../../../lib/tick/gather.ts";
import { temporaryFolder } from "../../unit/http/support/files.ts";
import { spoiltText, type TextFault, textFaults } from "../bytes.ts";
import { behaviour, type Door, type Scope } from "../door.ts";
import { recorded } from "../samples.ts";
import { spoiltJson, type TreeFault, treeFaults } from "../trees.ts";

const secret = `made-up-${process.hrtime.bigint()}`;

const main = `
global: {scrape_interval: 30s, external_labels: {region: here}}
scrape_config_files: [jobs.yml]
scrape_configs:
- job_name: pods
  kubernetes_sd_configs:
  - {role: pod, namespaces: {names: [shop]}, selectors: [{role: pod, label: "app=web"}]}
  - {role: node, api_server: "http://127.0.0.1:9", basic_auth: {username: u, password: ${secret}}}
  relabel_configs:
  - {source_labels: [__address__, a], regex: "(.*):(\\\\d+)", target_label: b, replacement: "$1"}
- job_name: swarm
  swarm_sd_configs: [{masters: ["http://127.0.0.1:9"]}]
  http_sd_configs:
  - url: http://127.0.0.1:9/sd
    authorization: {credentials: ${secret}}
  file_sd_configs: [{files: ["*.json"]}]
  docker_sd_configs: [{host: "unix:///none", filters: [{name: n, values: [v]}]}]
  static_configs: [{targets: ["127.0.0.1:9"], labels: {a: b}}]
`;
const settings = `
clusters:
- {name: east, api_server: "http://127.0.0.1:9", authorization: {credentials: ${secret}}, every: 30s, follow: schedule}
- {name: west, kubeconfig_file: kubeconfig}
- {name: swarm, masters: ["http://127.0.0.1:9"]}
jobs: [{name: pods, clusters: ["e*"]}]
tokens: [{name: a, sha256: ${"0".repeat(64)}, jobs: [pods], clusters: ["*"], expires: 2027-01-01T00:00:00Z}]
guard: {max_removed: 0.5, min_removed: 10}
history: {retention: 7d}
metrics:
  resolution: 60s
  sources: ["kubernetes.summary_api:http://127.0.0.1:9?inClusterConfig=false"]
  sinks: ["metric", "influxdb:http://127.0.0.1:9?db=k8s&pw=${secret}"]
  historical_source: "influxdb:http://127.0.0.1:9?db=k8s&pw=${secret}"
adapters:
- cluster: east
  host: metrics.example
  rules_file: adapter.yml
  prometheus: {url: "http://127.0.0.1:9", basic_auth: {username: u, password: ${secret}}}
`;
const [rules = ""] = recorded("fixtures/adapter/generated.yml");

const sound = {
  "prometheus.yml": main,
  "rollcall.yml": settings,
  "jobs.yml": "scrape_configs: [{job_name: more, static_configs: [{targets: [a]}], scrape_interval: 10s}]\n",
  "adapter.yml": rules,
} as const;

interface Case {
  readonly name: keyof typeof sound;
  /** In place of the sound `prometheus.yml`. */
  readonly recording: string | undefined;
  readonly tree: readonly TreeFault[] | undefined;
  readonly text: readonly TextFault[];
}

const cases: fc.Arbitrary<Case> = fc.record({
  name: fc.constantFrom<Case["name"]>(
    "prometheus.yml",
    "prometheus.yml",
    "rollcall.yml",
    "rollcall.yml",
    "jobs.yml",
    "adapter.yml",
  ),
  recording: fc.oneof(fc.constant(undefined), fc.constantFrom(...recorded("fixtures/config/*.yml"))),
  tree: fc.oneof(fc.constant(undefined), treeFaults),
  text: textFaults,
});

/**
 * The files of a configuration (design §3.1, §3.7), read as `tick` reads them: accepted, and then everybody can read it, or
 * refused with the place, and then the one before stands. No secret is told.
 */
export const configuration: Door = {
  name: "configuration",
  runs: 30,
  open: async (scope) => [
    behaviour(
      "is accepted and of use, or refused with its place and changes nothing",
      cases,
      await hold(scope),
    ),
  ],
};

const hold = async (scope: Scope) => {
  const folder = await temporaryFolder(scope);
  const restore = () =>
    Promise.all(Object.entries(sound).map(([name, text]) => writeFile(join(folder, name), text)));
  await restore();
  const lines: string[] = [];
  const log = createLog({ level: "debug", write: (line) => lines.push(line) });
  const files = {
    configFile: join(folder, "prometheus.yml"),
    settingsFile: join(folder, "rollcall.yml"),
    inCluster: true,
  };
  const accept = async (accepted: ReturnType<typeof createMemoryAccepted>) =>
    acceptConfiguration({ accepted, log, gather: (servers) => gather(files, servers) });
  const soundly = createMemoryAccepted();
  assert.deepEqual(await accept(soundly), { outcome: "accepted" });
  const before = await soundly.current();
  assert.ok(before !== undefined);
  return async ({ name, recording, tree, text }: Case) => {
    const accepted = createMemoryAccepted();
    await accepted.accept(before.document, { insteadOf: undefined });
    await restore();
    const from = name === "prometheus.yml" ? (recording ?? sound[name]) : sound[name];
    await writeFile(join(folder, name), spoiltText(tree === undefined ? from : asTree(from, tree), text));
    lines.splice(0);
    const outcome = await accept(accepted);
    if (outcome.outcome === "kept") {
      assert.equal((await accepted.current())?.hash, before.hash);
      for (const line of outcome.reason.split("\n"))
        assert.match(line, place, JSON.stringify(outcome.reason));
      assert.ok(!outcome.reason.includes(secret), outcome.reason);
    } else {
      await createPlanReader(accepted)();
      await createAdaptersReader(accepted)();
    }
    for (const line of lines) assert.ok(!line.includes(secret), line);
  };
};

/** A finding's file, line and column, or the file that cannot be read. */
const place = /^\/\S+:\d+:\d+: .|: .*\/|^\/.*: ./;

const asTree = (text: string, faults: readonly TreeFault[]): string => {
  try {
    return spoiltJson(parse(text, { logLevel: "silent" }), faults);
  } catch {
    // Some recordings are no YAML.
    return stringify(text);
  }
};
