import assert from "node:assert/strict";
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { type Answering, fakeServer, folderFor, rollcall, type Told } from "./run.ts";

const list = (address: string): Told => ({
  headers: { ETag: `"${address}"` },
  body: [{ targets: [address], labels: { team: "shop" } }],
});

/** Answers one after another, the last one for good; `done` when all have been given. */
const inTurn = (answers: readonly Told[]) => {
  const finished = Promise.withResolvers<void>();
  let at = 0;
  const answering: Answering = () => {
    if (at === answers.length) finished.resolve();
    const told = answers[Math.min(at, answers.length - 1)];
    at += 1;
    return told;
  };
  return { answering, done: finished.promise };
};

const once = (file: string, server: string, job = "pods") =>
  rollcall(["file-sd", "--once", "--job", job, "--out", file, "--server", server]);

describe("rollcall file-sd", () => {
  test("writes the list once, complete, and leaves nothing beside it", async (context) => {
    const { url, asked } = await fakeServer(context, () => list("10.0.0.1:80"));
    const folder = folderFor(context);
    const file = join(folder, "pods.json");
    const { code } = await once(file, url, "a/b c");
    assert.equal(code, 0);
    assert.equal(asked[0]?.path, "sd/a%2Fb%20c");
    assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), [
      { targets: ["10.0.0.1:80"], labels: { team: "shop" } },
    ]);
    assert.deepEqual(readdirSync(folder), ["pods.json"]);
  });

  test("keeps the last good list, and its mode, when there is no good answer", async (context) => {
    const file = join(folderFor(context), "pods.json");
    writeFileSync(file, "[]");
    chmodSync(file, 0o640);
    for (const told of [
      { status: 503, body: { error: "not yet" } },
      { body: "<html>" },
      { body: { a: 1 } },
    ]) {
      const { url } = await fakeServer(context, () => told);
      const { code, err } = await once(file, url);
      assert.equal(code, 2);
      assert.match(err, /status 503: not yet|no HTTP SD list/);
      assert.equal(readFileSync(file, "utf8"), "[]");
    }
    const { url } = await fakeServer(context, () => list("10.0.0.2:80"));
    await once(file, url);
    assert.equal(statSync(file).mode & 0o777, 0o640);
  });

  test("goes on until it is stopped: asks by tag, tells a failure once, and takes up what is new", async (context) => {
    const { answering, done } = inTurn([
      list("10.0.0.1:80"),
      { status: 304, body: "" },
      { status: 500, body: "" },
      { status: 500, body: "" },
      list("10.0.0.2:80"),
    ]);
    const { url, asked } = await fakeServer(context, answering);
    const file = join(folderFor(context), "pods.json");
    const stop = new AbortController();
    const words = ["file-sd", "--job", "pods", "--out", file, "--interval", "1s", "--server", url];
    const running = rollcall(words, { stopped: stop.signal });
    await done;
    stop.abort();
    const { code, err } = await running;
    assert.equal(code, 0);
    assert.equal(asked[1]?.headers["if-none-match"], '"10.0.0.1:80"');
    assert.equal(err.match(/stays as it is/g)?.length, 1, err);
    assert.match(readFileSync(file, "utf8"), /10\.0\.0\.2/);
  });

  test("says where it cannot write", async (context) => {
    const { url } = await fakeServer(context, () => list("10.0.0.1:80"));
    const file = join(folderFor(context), "gone", "pods.json");
    const { code, err } = await once(file, url);
    assert.equal(code, 2);
    assert.match(err, /ENOENT/);
    assert.ok(!existsSync(file));
  });
});
