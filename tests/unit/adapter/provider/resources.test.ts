import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { away, providing, sample, vector } from "./providing.ts";

describe("resource metrics of a Prometheus (spec B8)", () => {
  const container = (pod: string, name: string, value: number, at?: number) =>
    sample({ pod, container: name }, value, at);

  test("of pods are those of their containers, with the earliest time", async () => {
    const { provider, asked } = providing((promql) =>
      promql.startsWith("cpu")
        ? vector(container("a", "x", 0.5, 90), container("a", "y", 1), container("b", "x", 2))
        : vector(container("a", "x", 1024), container("a", "z", 5), container("c", "x", 1)),
    );
    const pods = ["a", "b", "c", "d"].map((name) => ({ namespace: "web", name }));
    assert.deepEqual(await provider.pods(pods), [
      {
        namespace: "web",
        name: "a",
        at: 90,
        window: 300_000,
        containers: [
          { name: "x", cpu: 0.5, memory: 1024 },
          { name: "y", cpu: 1, memory: 0 },
          { name: "z", cpu: 0, memory: 5 },
        ],
      },
    ]);
    assert.deepEqual(asked.sort(), [
      'cpu{namespace="web",pod=~"a|b|c|d"} by (pod,container)@1.5',
      'memory{namespace="web",pod=~"a|b|c|d"} by (pod,container)@1.5',
    ]);
  });

  test("of pods need no registry", async () => {
    const { provider } = providing(() => vector(container("a", "x", 1)), { isListed: false });
    assert.equal((await provider.pods([{ namespace: "web", name: "a" }])).length, 1);
  });

  test("of a namespace that fails are left out, and that is told", async () => {
    const { provider, lines } = providing((promql) =>
      promql.includes('"bad"') ? away() : vector(container("a", "x", 1)),
    );
    const found = await provider.pods([
      { namespace: "bad", name: "a" },
      { namespace: "web", name: "a" },
    ]);
    assert.deepEqual(
      found.map(({ namespace }) => namespace),
      ["web"],
    );
    assert.match(lines.join(), /no metrics of a namespace's pods.*"namespace":"bad"/);
  });

  test("are asked for no further namespace once nobody waits", async () => {
    const controller = new AbortController();
    const { provider, asked } = providing(() => {
      controller.abort();
      return vector(container("a", "x", 1));
    });
    const pods = Array.from({ length: 50 }, (_, n) => ({ namespace: `n${n}`, name: "a" }));
    await assert.rejects(provider.pods(pods, controller.signal), { name: "AbortError" });
    assert.ok(asked.length <= 8, `${asked.length} queries`);
  });

  test("are never less than nothing, and always a number", async () => {
    const values = [Number.NaN, -1, Number.POSITIVE_INFINITY, 2];
    const { provider } = providing(() => vector(...values.map((value, n) => container("a", `c${n}`, value))));
    const [pod] = await provider.pods([{ namespace: "web", name: "a" }]);
    assert.deepEqual(
      pod?.containers.map(({ cpu, memory }) => [cpu, memory]),
      [
        [0, 0],
        [0, 0],
        [0, 0],
        [2, 2],
      ],
    );
  });

  test("of nodes are the first of several, of those that have both", async () => {
    const { provider, asked } = providing((promql) =>
      promql.startsWith("nodecpu")
        ? vector(sample({ node: "a" }, 1, 50), sample({ node: "a" }, 9), sample({ node: "b" }, 1))
        : vector(sample({ instance: "a" }, 2, 60), sample({ instance: "c" }, 1)),
    );
    assert.deepEqual(await provider.nodes(["a", "b", "c"]), [
      { name: "a", at: 50, window: 300_000, usage: { cpu: 1, memory: 2 } },
    ]);
    assert.deepEqual(asked.sort(), [
      'nodecpu{node=~"a|b|c"} by (node)@1.5',
      'nodememory{instance=~"a|b|c"} by (instance)@1.5',
    ]);
  });

  test("of nodes are none when a query fails", async () => {
    const { provider, lines } = providing(away);
    assert.deepEqual(await provider.nodes(["a"]), []);
    assert.match(lines.join(), /no metrics of nodes/);
  });
});
