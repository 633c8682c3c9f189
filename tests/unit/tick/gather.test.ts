import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { documentHash } from "../../../lib/config/accepted.ts";
import { ConfigurationError } from "../../../lib/config/error.ts";
import { gather } from "../../../lib/tick/gather.ts";

const adapter = (more = "") =>
  `adapters: [{cluster: a, host: a, rules_file: adapter.yml, prometheus: {url: "http://127.0.0.1:9"}${more}}]`;

const gathered = async (t: TestContext, files: Readonly<Record<string, string>>) => {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-gather-"));
  t.after(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries({ "prometheus.yml": "", ...files }))
    await writeFile(join(folder, name), text);
  return gather({
    configFile: join(folder, "prometheus.yml"),
    settingsFile: join(folder, "rollcall.yml"),
    inCluster: true,
  });
};

describe("what a configuration consists of", () => {
  test("has the rules of its adapters, as they are written", async (t) => {
    const document = await gathered(t, { "rollcall.yml": adapter(), "adapter.yml": "rules: []\n" });
    assert.deepEqual(
      document.rules?.map(({ text }) => text),
      ["rules: []\n"],
    );
  });

  test("is another when the rules are others", async (t) => {
    const document = await gathered(t, { "rollcall.yml": adapter(), "adapter.yml": "rules: []\n" });
    const [file] = document.rules ?? [];
    assert.ok(file);
    assert.notEqual(documentHash(document), documentHash({ ...document, rules: [{ ...file, text: "" }] }));
  });

  test("without adapters is what it was before there were any", async (t) => {
    const document = await gathered(t, { "rollcall.yml": "" });
    assert.equal(document.rules, undefined);
    assert.equal(documentHash(document), documentHash({ ...document, rules: [] }));
  });

  test("is refused with rules that are none, or that are not there", async (t) => {
    const wrong = gathered(t, {
      "rollcall.yml": adapter(),
      "adapter.yml": "rules: [{seriesQuery: a, metricsQuery: '<<'}]",
    });
    await assert.rejects(
      wrong,
      (error) =>
        error instanceof ConfigurationError && /adapter\.yml:1:\d+: metricsQuery: /.test(error.message),
    );
    await assert.rejects(gathered(t, { "rollcall.yml": adapter() }), /adapter\.yml:1:1: .*ENOENT/);
  });

  test("knows where an adapter's kubeconfig points", async (t) => {
    const kubeconfig =
      "apiVersion: v1\nkind: Config\ncurrent-context: c\ncontexts: [{name: c, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: 'https://127.0.0.1:1'}}]\nusers: [{name: u, user: {}}]\n";
    const document = await gathered(t, {
      "rollcall.yml": adapter(", kubeconfig_file: k"),
      "adapter.yml": "",
      k: kubeconfig,
    });
    assert.deepEqual(Object.values(document.servers), ["https://127.0.0.1:1"]);
  });
});
