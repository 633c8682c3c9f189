import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createNameSorter, sortNames } from "../../../lib/relabel/labels.ts";

test("a name sorter sorts as if it remembered nothing, whatever came before, and leaves the names as they are", () => {
  const names = fc.uniqueArray(fc.oneof(fc.constantFrom("a", "b", "__meta_c", "😀", "\uffee"), fc.string()));
  const isWanted = (name: string) => !name.startsWith("__meta_");
  fc.assert(
    fc.property(
      fc.array(fc.oneof(names, fc.constant(["b", "__meta_c", "a"])), { maxLength: 12 }),
      (lists) => {
        const sorter = createNameSorter(isWanted);
        for (const list of [...lists, ...lists.slice(-1)]) {
          const before = [...list];
          assert.deepEqual(sorter(list), sortNames(list.filter(isWanted)));
          assert.deepEqual(list, before);
        }
      },
    ),
  );
});
