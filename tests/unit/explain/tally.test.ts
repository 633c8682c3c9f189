import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ruleOf } from "../relabel/rules.ts";
import { answerOf, failing, jobWith, now, otherShard, pod, podsId, web1 } from "./world.ts";

describe("what was found", () => {
  test("is partly served when the rules drop one of two targets, with the dropped one in front", async () => {
    const jobs = [
      jobWith("pods", ruleOf({ action: "drop", sourceLabels: ["__address__"], regex: ".*:8080" })),
    ];
    const groups = { [podsId]: [pod("web-1", ["10.0.0.1:9090", "10.0.0.1:8080"])] };
    const answer = await answerOf("shop/web-1", { jobs, groups });
    assert.equal(answer.verdict, "partly");
    assert.match(answer.sentence, /^1 of 2 targets of pod\/shop\/web-1 are served to job pods, 1 is not: 10/);
    assert.deepEqual(
      answer.targets.map(({ reason, scrapeUrl }) => [reason, scrapeUrl]),
      [
        ["dropped", ""],
        ["served", "http://10.0.0.1:9090/metrics"],
      ],
    );
    assert.deepEqual(Object.fromEntries(answer.targets[1]?.labels ?? []), {
      instance: "10.0.0.1:9090",
      job: "pods",
    });
  });

  test("shows what each rule read and changed, before and after, up to the one that drops", async () => {
    const jobs = [
      jobWith(
        "pods",
        ruleOf({ sourceLabels: ["__meta_kubernetes_pod_name"], targetLabel: "pod" }),
        ruleOf({ action: "labeldrop", regex: "pod" }),
        ruleOf({ action: "drop", sourceLabels: ["job"], regex: "pods" }),
        ruleOf({ targetLabel: "never", replacement: "x" }),
      ),
    ];
    const [target] = (await answerOf(web1, { jobs })).targets;
    const plain = target?.rules.map(({ number, keep, before, after }) => [
      number,
      keep,
      Object.fromEntries(before),
      Object.fromEntries(after),
    ]);
    assert.deepEqual(plain, [
      [
        1,
        true,
        { __meta_kubernetes_pod_name: "web-1" },
        { __meta_kubernetes_pod_name: "web-1", pod: "web-1" },
      ],
      [2, true, { pod: "web-1" }, {}],
      [3, false, { job: "pods" }, {}],
    ]);
  });

  test("tells who read the job's list last, and that others do", async () => {
    const mark = { job: "pods", reader: "fleet-a", agent: "Prometheus/3.5.0", shard: { index: 0, of: 2 } };
    const readers = [
      { ...mark, at: now - 12_000 },
      { ...mark, shard: undefined, at: now - 60_000 },
    ];
    const answer = await answerOf(web1, { readers });
    const read =
      /last read 12 seconds ago by fleet-a \(Prometheus\/3\.5\.0, shard 0 of 2\), and by 1 other reader\.$/;
    assert.match(answer.sentence, read);
  });

  test("a shard of how many is told when nobody says which", async () => {
    const answer = await answerOf(web1, { shard: { index: undefined, of: 2 } });
    assert.equal(answer.verdict, "served");
    assert.equal(
      answer.steps.find(({ step }) => step === "sharded")?.detail,
      `in shard ${1 - otherShard} of 2`,
    );
  });

  test("another namespace's refusal does not make it stale", async () => {
    const error = "GET https://127.0.0.1:6403/api/v1/namespaces/test/pods: 403 Forbidden";
    assert.equal((await answerOf(web1, { statuses: failing(error) })).reason, "served");
  });

  test("of many targets 50 are shown and all are counted", async () => {
    const addresses = Array.from({ length: 60 }, (_, port) => `10.0.0.1:${port}`);
    const answer = await answerOf(web1, { groups: { [podsId]: [pod("web-1", addresses)] } });
    assert.equal(answer.targetCount, 60);
    assert.equal(answer.targets.length, 50);
    assert.equal(answer.targets.filter(({ rules }) => rules.length > 0).length, 0);
  });

  test("huge labels are shown for as many targets as an answer has room for", async () => {
    const group = pod("web-1", ["10.0.0.1:1", "10.0.0.1:2", "10.0.0.1:3"]);
    const labels = { ...group.labels, huge: "x".repeat(900_000) };
    const answer = await answerOf(web1, { groups: { [podsId]: [{ ...group, labels }] } });
    assert.equal(answer.targetCount, 3);
    assert.equal(answer.targets.length, 1);
  });
});
