import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import * as z from "zod";
import { allowedLoss } from "../../../cli/diff/allowed.ts";
import { fakeServer, folderFor, good, rollcall } from "./run.ts";
import { worldOf } from "./world.ts";

const sd = 'kubernetes_sd_configs: [{role: pod, api_server: "http://10.0.0.1"}]';
const keepShop = '{action: keep, source_labels: [__meta_kubernetes_namespace], regex: "shop|bank"}';
const now = `scrape_configs:
- {job_name: pods, ${sd}, relabel_configs: [${keepShop}]}
- {job_name: self, static_configs: [{targets: ["127.0.0.1:9090"]}]}
`;

const pod = (namespace: string, number: number) => ({
  source: `pod/${namespace}/${number}`,
  labels: { __meta_kubernetes_namespace: namespace, __meta_kubernetes_pod_name: `p${number}` },
  targets: [{ __address__: `10.1.0.${number}:80` }],
});

const live = worldOf(now, [
  {
    provider: "kubernetes/aaaaaaaaaaaa",
    mechanism: "kubernetes",
    role: "pod",
    cluster: "http://10.0.0.1",
    jobs: ["pods"],
    groups: [pod("shop", 1), pod("shop", 2), pod("bank", 3), pod("test", 4)],
  },
  {
    provider: "static/bbbbbbbbbbbb",
    mechanism: "static",
    cluster: "static/bbbbbbbbbbbb",
    jobs: ["self"],
    groups: [{ source: "0", labels: {}, targets: [{ __address__: "127.0.0.1:9090" }] }],
  },
]);

const diff = async (context: TestContext, proposed: string, words: readonly string[] = []) => {
  const { url } = await fakeServer(context, live);
  const file = join(folderFor(context), "new.yml");
  writeFileSync(file, proposed);
  const result = await rollcall(["diff", "--config", file, "--against", url, "--output", "json", ...words]);
  const jobs: readonly Diffed[] = result.out === "" ? [] : JSON.parse(result.out).jobs;
  return { ...result, named: (name: string) => jobs.find(({ job }) => job === name) };
};

interface Diffed {
  readonly job: string;
  readonly kind: string;
  readonly before: number;
  readonly after: number;
  readonly gained: readonly Record<string, string>[];
  readonly lost: readonly Record<string, string>[];
  readonly relabelled: readonly { added: string[]; removed: string[]; changed: string[] }[];
  readonly unknown: readonly string[];
  readonly uncertain: number;
}

describe("rollcall diff", () => {
  test("finds nothing between a configuration and itself", async (context) => {
    const { code, named } = await diff(context, now);
    assert.equal(code, 0);
    assert.deepEqual(
      ["pods", "self"].map((job) => [named(job)?.before, named(job)?.after, named(job)?.lost.length]),
      [
        [3, 3, 0],
        [1, 1, 0],
      ],
    );
  });

  test("shows what a rule would lose and gain, and ends with 1 when more is lost than allowed", async (context) => {
    const proposed = now.replace("shop|bank", "shop|test");
    const { code, named, err } = await diff(context, proposed);
    assert.equal(code, 1);
    assert.deepEqual(
      named("pods")?.lost.map(({ instance }) => instance),
      ["10.1.0.3:80"],
    );
    assert.deepEqual(
      named("pods")?.gained.map(({ instance }) => instance),
      ["10.1.0.4:80"],
    );
    assert.match(err, /1 of 4 targets would be lost, and 0 may be/);
    assert.equal((await diff(context, proposed, ["--max-lost", "1"])).code, 0);
    assert.equal((await diff(context, proposed, ["--max-lost", "25%"])).code, 0);
    assert.equal((await diff(context, proposed, ["--max-lost", "24%"])).code, 1);
  });

  test("shows other labels as relabelled, and not as lost", async (context) => {
    const rule = "{source_labels: [__meta_kubernetes_pod_name], target_label: pod}";
    const { code, named } = await diff(context, now.replace(`[${keepShop}]`, `[${keepShop}, ${rule}]`));
    assert.equal(code, 0);
    assert.deepEqual(
      named("pods")?.relabelled.map(({ added }) => added),
      [["pod"], ["pod"], ["pod"]],
    );
    assert.equal(named("pods")?.lost.length, 0);
  });

  test("counts a changed scrape option as relabelled, since the target is scraped otherwise", async (context) => {
    const { named } = await diff(
      context,
      now.replace("job_name: pods,", "job_name: pods, metrics_path: /m,"),
    );
    assert.deepEqual(named("pods")?.relabelled[0]?.changed, ["__metrics_path__"]);
  });

  test("knows a new job whose block somebody looks at already, and the static targets of any", async (context) => {
    const more = `- {job_name: copy, ${sd}}\n- {job_name: fixed, static_configs: [{targets: ["a:1", "b:2"]}]}\n`;
    const { named } = await diff(context, now + more);
    assert.deepEqual([named("copy")?.kind, named("copy")?.gained.length], ["new", 4]);
    assert.equal(named("fixed")?.gained.length, 2);
  });

  test("says of a block that nobody looks at that its targets are unknown, and loses nothing for it", async (context) => {
    const more = `- {job_name: other, kubernetes_sd_configs: [{role: node, api_server: "http://10.0.0.9"}]}\n`;
    const { code, named } = await diff(context, now + more);
    assert.equal(code, 0);
    assert.deepEqual(named("other")?.unknown, ["nobody looks at kubernetes node http://10.0.0.9 yet"]);
    assert.equal(named("other")?.gained.length, 0);
  });

  test("takes a block with other selectors for one that nobody looks at, and guesses nothing", async (context) => {
    const proposed = now.replace("role: pod,", "role: pod, selectors: [{role: pod, label: a=b}],");
    const { code, named } = await diff(context, proposed);
    assert.equal(code, 0);
    assert.match(named("pods")?.unknown[0] ?? "", /with just these options yet/);
    assert.deepEqual(
      [named("pods")?.before, named("pods")?.uncertain, named("pods")?.lost.length],
      [3, 3, 0],
    );
  });

  test("knows what fewer namespaces would leave", async (context) => {
    const { named } = await diff(
      context,
      now.replace("role: pod,", "role: pod, namespaces: {names: [bank]},"),
    );
    assert.deepEqual([named("pods")?.after, named("pods")?.lost.length], [1, 2]);
  });

  test("counts the targets of a removed job as lost", async (context) => {
    const { code, named } = await diff(context, "scrape_configs: []\n");
    assert.equal(code, 1);
    assert.deepEqual([named("pods")?.kind, named("pods")?.lost.length], ["removed", 3]);
  });

  test("takes a target that had a twin for lost only when the twin does not go on either", async (context) => {
    const twins = worldOf(now, [
      {
        provider: "kubernetes/aaaaaaaaaaaa",
        mechanism: "kubernetes",
        role: "pod",
        cluster: "http://10.0.0.1",
        jobs: ["pods"],
        groups: [pod("shop", 1), { ...pod("bank", 1), source: "pod/bank/9" }],
      },
    ]);
    const { url } = await fakeServer(context, twins);
    const file = join(folderFor(context), "new.yml");
    const rule = "{source_labels: [__meta_kubernetes_namespace], target_label: namespace}";
    writeFileSync(file, now.replace("shop|bank", "shop").replace("}]}\n", `}, ${rule}]}\n`));
    const { code, out } = await rollcall(["diff", "--config", file, "--against", url]);
    assert.equal(code, 0, out);
    assert.match(out, /^pods +kept +1 +1 +0 +0 +1$/m);
  });

  test("leaves out what came or went while it read", async (context) => {
    const { url } = await fakeServer(context, (asked) => {
      const told = live(asked);
      if (asked.path !== "api/v1/groups") return told;
      const { data } = z.object({ data: z.object({ groups: z.array(z.unknown()) }) }).parse(told?.body);
      return good({ groups: data.groups.slice(1), cursor: null });
    });
    const file = join(folderFor(context), "new.yml");
    writeFileSync(file, now);
    const { code, out } = await rollcall(["diff", "--config", file, "--against", url]);
    assert.equal(code, 0);
    assert.match(out, /^ {2}1 targets came, went or changed while this was read; left out$/m);
  });

  test("refuses a broken proposal as check does", async (context) => {
    const { code, err } = await diff(context, "scrape_configs: [{}]\n");
    assert.equal(code, 1);
    assert.match(err, /new\.yml:1:\d+: job_name is empty/);
  });

  test("prints a table for people", async (context) => {
    const { url } = await fakeServer(context, live);
    const file = join(folderFor(context), "new.yml");
    writeFileSync(file, now.replace("shop|bank", "shop"));
    const { out } = await rollcall(["diff", "--config", file, "--against", url]);
    assert.match(out, /^pods +kept +3 +2 +0 +1 +0$/m);
    assert.match(out, /^ {2}- 10\.1\.0\.3:80 \{instance="10\.1\.0\.3:80", job="pods"\}$/m);
  });
});

test("a loss is allowed as a number or a share", () => {
  assert.equal(allowedLoss("5")(100), 5);
  assert.equal(allowedLoss("2.5%")(200), 5);
  for (const bad of ["-1", "1.5", "101%", "%", "", "1e3"])
    assert.throws(() => allowedLoss(bad), /--max-lost/);
});
