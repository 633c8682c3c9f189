import assert from "node:assert/strict";
import { resolve } from "node:path";
import { describe, test } from "node:test";
import fc from "fast-check";
import { joined } from "../../../lib/config/paths.ts";
import { confined, refuseOutside } from "../../../lib/files/confined.ts";
import type { Files } from "../../../lib/files/files.ts";

const reached: string[] = [];
const everything: Files = {
  read: async (path) => {
    reached.push(path);
    return { bytes: Buffer.from(path), changedAt: 0 };
  },
  names: async () => [],
  exists: async () => true,
};

/** What a reader of the path would open, without the scheme. */
const opened = (path: string) => (path.startsWith("s3://") ? resolve("/", path.slice(5)) : resolve(path));

describe("files of a configuration's own folder", () => {
  const outside: [folder: string, path: string][] = [
    ["s3://conf/a", "../b/secret"],
    ["s3://conf/a", "../../other/secret"],
    ["s3://conf/a", "x/../../b"],
    ["s3://conf/a", "/etc/passwd"],
    ["s3://conf/a", "/proc/self/environ"],
    ["s3://conf/a", "s3://other/a/x"],
    ["s3://conf/a", "s3://conf/ab"],
    ["s3://conf/a", "%2e%2e/b"],
    ["s3://conf/a", "..%2Fb"],
    ["s3://conf/a", "..\\b"],
    ["s3://conf/a", "x\u0000/y"],
    ["s3://conf/a", "x\n/y"],
    [".", "../x"],
    [".", "/var/run/secrets/kubernetes.io/serviceaccount/token"],
    ["conf", "../lib/errors.ts"],
    ["conf", "../confidential"],
  ];
  for (const [folder, path] of outside) {
    test(`${folder}: ${JSON.stringify(path)} is refused by name, and not reached`, async () => {
      const files = confined(everything, [folder]);
      const whole = joined(folder, path);
      reached.length = 0;
      for (const act of [files.read(whole, 10), files.names(whole), files.exists(whole)]) {
        await assert.rejects(act, (error: Error) => error.message.startsWith(JSON.stringify(whole)));
      }
      assert.deepEqual(reached, []);
    });
  }

  test("are reached, also through dots that stay inside, and in each of several folders", async () => {
    const files = confined(everything, ["s3://conf/a", "conf"]);
    for (const path of ["s3://conf/a/x/../ca.pem", "s3://conf/a/..x", "conf/ca.pem", "./conf/x/ca.pem"]) {
      assert.equal(Buffer.from((await files.read(path, 10)).bytes).toString(), path);
    }
  });

  test("whatever is written, only what lies below the folder is let through", () => {
    const piece = fc.constantFrom("..", ".", "", "a", "b", "conf", "s3:", "%2e%2e", "%252e", "c\\d", "...");
    const path = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join("/"));
    fc.assert(
      fc.property(fc.constantFrom("s3://conf/a", "s3://conf", "conf", "."), path, (folder, written) => {
        const whole = joined(folder, written);
        try {
          refuseOutside(whole, [folder]);
        } catch {
          return;
        }
        const [inner, outer] = [opened(whole), opened(folder)];
        assert.equal(whole.startsWith("s3://"), folder.startsWith("s3://"));
        assert.ok(inner === outer || inner.startsWith(outer === "/" ? outer : `${outer}/`), whole);
      }),
    );
  });
});
