import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { createLists } from "../../../lib/httpsd/list.ts";
import { compressGroup, decompressGroup } from "../../../lib/pool/body.ts";
import { createMemoryPool } from "../../../lib/pool/memory.ts";
import { createView } from "../../../lib/pool/view.ts";
import { changed } from "../../fakes/events.ts";

const [a, b] = ["kubernetes/00000000000a", "static/00000000000b"] as const;

describe("a list", () => {
  test("has the groups of one provider after those of the other, each by source", async () => {
    const { apply, list } = setUp();
    await apply({ provider: b, source: "0", addresses: ["b:0"] });
    await apply({ provider: a, source: "pod/2", addresses: ["a:2"] });
    await apply({ provider: a, source: "pod/1", addresses: ["a:1"] });
    assert.deepEqual(await list([a, b]), ["a:1", "a:2", "b:0"]);
    assert.deepEqual(await list([b, a]), ["b:0", "a:1", "a:2"]);
  });

  test("leaves no stray comma for a provider without groups", async () => {
    const { apply, list } = setUp();
    assert.deepEqual(await list([a, b]), []);
    await apply({ provider: b, source: "0", addresses: ["b:0"] });
    assert.deepEqual(await list([a, b]), ["b:0"]);
  });

  test("is whole when it takes many pieces", async () => {
    const { apply, list, pieces } = setUp();
    const sources = Array.from({ length: 300 }, (_, index) => `pod/${String(index).padStart(4, "0")}`);
    for (const source of sources)
      await apply({ provider: a, source, addresses: [`${source}-${"x".repeat(9000)}`] });
    assert.ok((await pieces([a])) > 3);
    assert.deepEqual(
      (await list([a])).map((address) => address.slice(0, 8)),
      sources,
    );
  });

  test("has a tag that changes with its content, and is the same in every process", async () => {
    const { apply, tag, another } = setUp();
    await apply({ provider: a, source: "pod/1", addresses: ["a:1"] });
    await apply({ provider: a, source: "pod/2", addresses: ["a:2"] });
    const first = await tag([a, b]);
    assert.equal((await another().read([a, b])).tag, first);
    assert.notEqual(await tag([b, a]), first);
    await apply({ provider: a, source: "pod/2", addresses: ["a:3"] });
    const second = await tag([a, b]);
    assert.notEqual(second, first);
    assert.equal((await another().read([a, b])).tag, second);
    await apply({ provider: a, source: "pod/2", addresses: ["a:2"] });
    assert.equal(await tag([a, b]), first);
  });

  test("knows its size where it may be more than allowed, whatever its groups are, and rendered or not", async () => {
    const text = fc.string({ unit: "binary", maxLength: 12 });
    const labels = fc.dictionary(text, text, { maxKeys: 4 });
    const targets = fc.array(labels, { minLength: 1, maxLength: 4 });
    const property = fc.asyncProperty(
      fc.array(fc.record({ labels, targets }), { maxLength: 6 }),
      async (all) => {
        const clock = () => 0;
        const groups = all.map((one, at) => ({ source: `pod/${at}`, ...one }));
        const pool = {
          generations: async () => new Map([[a, 1]]),
          // As the table's groups come, whose size was seen on the way.
          all: async () =>
            groups.map((group) => ({
              ...{ source: group.source, version: { epoch: 1, sequence: 1 }, hash: "0" },
              group: decompressGroup(compressGroup(group), group.source),
            })),
        };
        const lists = createLists(createView({ ...createMemoryPool(clock), ...pool }, clock));
        const list = await lists.read([a]);
        assert.equal(list.sizeOver(Number.POSITIVE_INFINITY), undefined);
        const size = Buffer.concat([...list.pieces()]).length;
        assert.equal(list.sizeOver(size), undefined);
        assert.equal(list.sizeOver(size - 1), size);
      },
    );
    await fc.assert(property, { numRuns: 200 });
  });

  test("rejects when the pool cannot be read: an unsure list is not served", async () => {
    const pool = createMemoryPool();
    const broken = { ...pool, generations: () => Promise.reject(new Error("throttled")) };
    const lists = createLists(createView(broken, () => 0));
    await assert.rejects(lists.read([a]), /throttled/);
  });
});

const setUp = () => {
  const clock = () => 1_790_000_000_000;
  const pool = createMemoryPool(clock);
  const lists = createLists(createView(pool, clock));
  let sequence = 0;
  const bytes = async (providers: readonly string[]) => [...(await lists.read(providers)).pieces()];
  return {
    apply: async (one: { provider: string; source: string; addresses: string[] }) => {
      sequence += 1;
      const event = changed({ ...one, sequence });
      await pool.offer(event, event.group!);
      await pool.bump(one.provider);
    },
    tag: async (providers: readonly string[]) => (await lists.read(providers)).tag,
    another: () => createLists(createView(pool, clock)),
    pieces: async (providers: readonly string[]) => (await bytes(providers)).length,
    list: async (providers: readonly string[]): Promise<string[]> =>
      JSON.parse(Buffer.concat(await bytes(providers)).toString()).flatMap(
        (entry: { targets: string[] }) => entry.targets,
      ),
  };
};
