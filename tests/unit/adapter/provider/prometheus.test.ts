import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SourceFailure } from "../../../../lib/adapter/provider/provider.ts";
import { Unbuildable, UnknownMetric } from "../../../../lib/adapter/registry/registry.ts";
import { away, entry, providing, sample, vector } from "./providing.ts";

describe("custom metrics of a Prometheus (spec B6)", () => {
  const asked = { ...entry, namespace: "web", names: ["a", "b"], selector: [] };

  test("are values by the object's name, the last of several", async () => {
    const { provider, asked: queries } = providing(() =>
      vector(
        sample({ pod: "a" }, 1),
        sample({ pod: "b" }, Number.NaN),
        sample({ pod: "a" }, 3),
        sample({}, 9),
      ),
    );
    const found = await provider.custom(asked);
    assert.deepEqual([found.get("a"), found.get("b"), found.get("c")], [3, Number.NaN, undefined]);
    assert.deepEqual(queries, ['hits{namespace="web",pod=~"a|b"}@1.5']);
  });

  test("fail when the server fails, or answers with what is no vector", async () => {
    await assert.rejects(providing(away).provider.custom(asked), SourceFailure);
    await assert.rejects(
      providing(() => ({ type: "scalar", at: 1, value: 1 })).provider.custom(asked),
      SourceFailure,
    );
    await assert.rejects(
      providing(() => ({ type: "matrix", samples: [] })).provider.custom(asked),
      SourceFailure,
    );
  });

  test("are unknown when they were not registered", async () => {
    await assert.rejects(
      providing(() => vector()).provider.custom({ ...asked, metric: "other" }),
      UnknownMetric,
    );
    await assert.rejects(
      providing(() => vector(), { isListed: false }).provider.custom(asked),
      UnknownMetric,
    );
  });

  test("cannot be asked for by what PromQL lacks", async () => {
    const selector = [{ key: "a", operator: ">" as const, values: ["1"] }];
    await assert.rejects(providing(() => vector()).provider.custom({ ...asked, selector }), Unbuildable);
  });
});

describe("external metrics of a Prometheus (spec B7)", () => {
  const asked = { metric: "queue", namespace: "web", selector: [] };

  test("are samples with all their labels and their own times", async () => {
    const { provider, asked: queries } = providing(() =>
      vector(sample({ __name__: "queue", a: "b" }, 1.5, 7)),
    );
    assert.deepEqual(await provider.external(asked), [
      { labels: { __name__: "queue", a: "b" }, at: 7, value: 1.5 },
    ]);
    assert.deepEqual(queries, ['queue{namespace="web"}@1.5']);
  });

  test("may be none, or one without labels", async () => {
    assert.deepEqual(await providing(() => vector()).provider.external(asked), []);
    assert.deepEqual(await providing(() => ({ type: "scalar", at: 3, value: 4 })).provider.external(asked), [
      { labels: null, at: 3, value: 4 },
    ]);
  });

  test("fail when the server fails, or answers with a matrix", async () => {
    await assert.rejects(providing(away).provider.external(asked), SourceFailure);
    await assert.rejects(
      providing(() => ({ type: "matrix", samples: [] })).provider.external(asked),
      SourceFailure,
    );
    await assert.rejects(
      providing(() => vector()).provider.external({ ...asked, metric: "none" }),
      UnknownMetric,
    );
  });
});

describe("the catalogue of a Prometheus's metrics", () => {
  test("is what was registered", async () => {
    const { namespaced, group, resource, metric } = entry;
    assert.deepEqual(await providing(() => vector()).provider.catalogue(), {
      custom: [{ group, resource, namespaced, metric }],
      external: ["queue"],
      resources: true,
    });
  });

  test("is empty before the first relist, and lacks what there are no rules for", async () => {
    assert.deepEqual(await providing(() => vector(), { isListed: false }).provider.catalogue(), {
      custom: [],
      external: [],
      resources: true,
    });
    assert.deepEqual(await providing(() => vector(), { of: "" }).provider.catalogue(), {
      custom: undefined,
      external: undefined,
      resources: false,
    });
  });
});
