import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AbsentError } from "../../../lib/files/files.ts";
import { createS3Files } from "../../../lib/files/s3.ts";
import { startS3 } from "../../fakes/s3.ts";

const s3 = await startS3();
s3.objects.set("conf/a/prometheus.yml", "global: {}");
for (const name of ["jobs/one.yml", "jobs/two.yml", "jobs/three.yml", "jobs/deep/four.yml", "x.yml"]) {
  s3.objects.set(`conf/a/${name}`, name);
}
const files = createS3Files(s3.client);
const textAt = async (path: string, most = 1000) =>
  Buffer.from((await files.read(path, most)).bytes).toString();

describe("files of S3", () => {
  test("are read, and an object that has not changed costs one request without its body", async () => {
    s3.asked.length = 0;
    assert.equal(await textAt("s3://conf/a/prometheus.yml"), "global: {}");
    assert.equal(await textAt("s3://conf/a/prometheus.yml"), "global: {}");
    s3.objects.set("conf/a/prometheus.yml", "global: {scrape_interval: 5s}");
    assert.equal(await textAt("s3://conf/a/prometheus.yml"), "global: {scrape_interval: 5s}");
    assert.deepEqual(
      s3.asked,
      [200, 304, 200].map((status) => `GET /conf/a/prometheus.yml ${status}`),
    );
  });

  test("are listed folder by folder, over all pages", async () => {
    assert.deepEqual((await files.names("s3://conf/a/jobs")).toSorted(), [
      "deep",
      "one.yml",
      "three.yml",
      "two.yml",
    ]);
    assert.deepEqual(await files.names("s3://conf/none"), []);
    assert.deepEqual(await files.names("s3://conf"), ["a"]);
  });

  test("that are absent say so by their name, and a bucket that is absent makes no file absent", async () => {
    const absent = {
      name: "AbsentError",
      message: /^s3:\/\/conf\/none\.yml is named .*: The specified key does not exist\.$/,
    };
    await assert.rejects(textAt("s3://conf/none.yml"), absent);
    await assert.rejects(textAt("s3://other/none.yml"), (error: Error) => {
      assert.match(
        error.message,
        /^s3:\/\/other\/none\.yml is named .*: The specified bucket does not exist$/,
      );
      return !(error instanceof AbsentError);
    });
    assert.deepEqual(
      await Promise.all(["s3://conf/none.yml", "s3://conf/a/x.yml"].map((path) => files.exists(path))),
      [false, true],
    );
  });

  test("of which only a part is answered are not taken for whole", async () => {
    s3.objects.set("conf/a/half.yml", "scrape_configs: [{job_name: a}]");
    s3.cut.add("conf/a/half.yml");
    await assert.rejects(textAt("s3://conf/a/half.yml"), /status 206 is not the whole object/);
  });

  test("that may not be read say so, and count as being there", async () => {
    s3.forbidden.add("conf/a/secret");
    await assert.rejects(
      textAt("s3://conf/a/secret"),
      /^Error: s3:\/\/conf\/a\/secret is named .*: not allowed/,
    );
    assert.equal(await files.exists("s3://conf/a/secret"), true);
  });

  test("that are too large are refused", async () => {
    s3.objects.set("conf/a/large", "x".repeat(1001));
    await assert.rejects(textAt("s3://conf/a/large"), /more than 1000 bytes/);
  });

  test("with names of any kind are found", async () => {
    s3.objects.set("conf/ä b+c/%41.yml", "odd");
    assert.equal(await textAt("s3://conf/ä b+c/%41.yml"), "odd");
  });
});
