import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, test } from "node:test";
import { importViolations } from "../imports.ts";

describe("the import rules", () => {
  const folders: string[] = [];
  after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

  const planted = async (files: Record<string, string>, read = ["lib"]) => {
    const folder = await mkdtemp(join(tmpdir(), "rollcall-imports-"));
    folders.push(folder);
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    return importViolations(read, folder);
  };

  test("find a discoverer that knows the pool", async () => {
    const found = await planted({
      "lib/pool/pool.ts": "export const pool = 1;\n",
      "lib/discovery/node.ts": 'import { pool } from "../pool/pool.ts";\nexport const node = pool;\n',
    });
    assert.deepEqual(found, ["discovery-knows-no-pool: lib/discovery/node.ts -> lib/pool/pool.ts"]);
  });

  test("find one that knows it by its types only", async () => {
    const found = await planted({
      "lib/pool/pool.ts": "export interface Pool {}\n",
      "lib/discovery/node.ts":
        'import type { Pool } from "../pool/pool.ts";\nexport const node = (pool: Pool) => pool;\n',
    });
    assert.deepEqual(found, ["discovery-knows-no-pool: lib/discovery/node.ts -> lib/pool/pool.ts"]);
  });

  test("find a discoverer that knows the relay, and a relay that knows how something is discovered", async () => {
    const found = await planted({
      "lib/relay/relay.ts":
        'import type { Poll } from "../discovery/poll.ts";\nexport const relay = (poll: Poll) => poll;\n',
      "lib/discovery/poll.ts": "export interface Poll {}\n",
      "lib/discovery/node.ts": 'import { relay } from "../relay/relay.ts";\nexport const node = relay;\n',
      "lib/tick/tick.ts": 'import { relay } from "../relay/relay.ts";\nexport const tick = relay;\n',
    });
    assert.deepEqual(found.sort(), [
      "discovery-knows-no-pool: lib/discovery/node.ts -> lib/relay/relay.ts",
      "relay-is-on-top: lib/discovery/node.ts -> lib/relay/relay.ts",
      "relay-is-on-top: lib/tick/tick.ts -> lib/relay/relay.ts",
      "relay-knows-contracts: lib/relay/relay.ts -> lib/discovery/poll.ts",
    ]);
  });

  test("let the relay know the contract of following", async () => {
    const found = await planted({
      "lib/relay/relay.ts":
        'import type { Follow } from "../discovery/follower.ts";\nexport const relay = (follow: Follow) => follow;\n',
      "lib/discovery/follower.ts": "export interface Follow {}\n",
    });
    assert.deepEqual(found, []);
  });

  test("find a function that would carry the Kubernetes client without reaching a cluster", async () => {
    const found = await planted(
      {
        "node_modules/@kubernetes/client-node/package.json":
          '{"name":"@kubernetes/client-node","main":"index.js"}',
        "node_modules/@kubernetes/client-node/index.js": "exports.client = 1;\n",
        "lib/discovery/kubernetes/client.ts": 'export { client } from "@kubernetes/client-node";\n',
        "functions/relay.ts": 'export { client } from "../lib/discovery/kubernetes/client.ts";\n',
        "functions/tick.ts": 'export { client } from "../lib/discovery/kubernetes/client.ts";\n',
      },
      ["lib", "functions"],
    );
    assert.deepEqual(found, [
      "kubernetes-client-where-clusters-are-reached: functions/tick.ts -> node_modules/@kubernetes/client-node/index.js",
    ]);
  });

  test("find an example that nobody could copy", async () => {
    const found = await planted(
      {
        "lib/log.ts": "export const log = 1;\n",
        "docs/examples/subscribers/webhook/handler.ts": 'export { log } from "../../../../lib/log.ts";\n',
      },
      ["docs"],
    );
    assert.deepEqual(found, [
      "examples-stand-alone: docs/examples/subscribers/webhook/handler.ts -> lib/log.ts",
    ]);
  });

  test("find a cycle", async () => {
    const found = await planted({
      "lib/a.ts": 'import { b } from "./b.ts";\nexport const a = () => b;\n',
      "lib/b.ts": 'import { a } from "./a.ts";\nexport const b = () => a;\n',
    });
    assert.ok(found.every((line) => line.startsWith("no-cycles: ")) && found.length > 0, found.join());
  });

  test("fail when nothing was read, since silence would then mean nothing", async () => {
    await assert.rejects(planted({ "lib/readme.txt": "" }), /no module was read in lib/);
  });
});
