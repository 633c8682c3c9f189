import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { createFileDiscoverer } from "../../../lib/discovery/file.ts";
import type { Provider } from "../../../lib/discovery/provider.ts";
import { temporaryFolder } from "../http/support/files.ts";

const provider = (files: readonly string[], clusterName?: string): Provider => ({
  id: "file/0123456789ab",
  config: { mechanism: "file", files, refreshInterval: 300_000 },
  cluster: "file/0123456789ab",
  jobs: ["job"],
  every: 300_000,
  follow: "schedule",
  ...(clusterName === undefined ? {} : { clusterName }),
});

const lookAt = async (one: Provider, maxBytes?: number) => {
  const discover = createFileDiscoverer(maxBytes === undefined ? {} : { maxBytes });
  const [outcome] = await discover([one], AbortSignal.timeout(10_000));
  if (outcome === undefined || "error" in outcome) throw outcome?.error ?? new Error("no outcome");
  const { groups, keeps, problems, files } = outcome.look;
  return { groups, keeps, problems, files, sources: groups.map(({ source }) => source) };
};

describe("file_sd", () => {
  test("gives each list item of each file, labelled with the file", async (t) => {
    const folder = await temporaryFolder(t);
    await writeFile(join(folder, "a.json"), '[{"targets":["a:1"],"labels":{"x":"y"}},{"targets":["b:2"]}]');
    await writeFile(join(folder, "b.yml"), "- targets: ['c:3']\n  labels: {__meta_filepath: mine}\n");
    await writeFile(join(folder, "c.YAML"), "[]");
    const { groups, problems } = await lookAt(
      provider(["a.json", "b.yml", "c.YAML"].map((name) => join(folder, name))),
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(groups, [
      {
        source: `${folder}/a.json:0`,
        targets: [{ __address__: "a:1" }],
        labels: { x: "y", __meta_filepath: `${folder}/a.json` },
      },
      {
        source: `${folder}/a.json:1`,
        targets: [{ __address__: "b:2" }],
        labels: { __meta_filepath: `${folder}/a.json` },
      },
      {
        source: `${folder}/b.yml:0`,
        targets: [{ __address__: "c:3" }],
        labels: { __meta_filepath: `${folder}/b.yml` },
      },
    ]);
  });

  test("reads each file once, though several patterns find it", async (t) => {
    const folder = await temporaryFolder(t);
    await writeFile(join(folder, "b.json"), "[{}]");
    await writeFile(join(folder, "a.json"), "[{}]");
    const patterns = [`${folder}/b.json`, `${folder}/*.json`];
    const { sources } = await lookAt(provider(patterns));
    assert.deepEqual(sources, [`${folder}/b.json:0`, `${folder}/a.json:0`]);
  });

  test("keeps the groups of a file with a fault, names it, and reads the others", async (t) => {
    const folder = await temporaryFolder(t);
    await writeFile(join(folder, "bad.json"), '[{"targets":["a:1"]},null]');
    await writeFile(join(folder, "good.json"), '[{"targets":["b:2"]}]');
    await mkdir(join(folder, "folder.json"));
    const { sources, keeps, problems } = await lookAt(provider([`${folder}/*.json`]));
    assert.deepEqual(sources, [`${folder}/good.json:0`]);
    assert.equal(keeps(`${folder}/bad.json:0`), true);
    assert.equal(keeps(`${folder}/bad.json:17`), true);
    assert.equal(keeps(`${folder}/folder.json:0`), true);
    assert.equal(keeps(`${folder}/good.json:1`), false);
    assert.equal(keeps(`${folder}/bad.json:0:1`), false);
    assert.deepEqual(problems, [
      `${folder}/bad.json: nil target group item found`,
      `${folder}/folder.json: not a plain file`,
    ]);
  });

  test("tells when each file changed that it could read", async (t) => {
    const folder = await temporaryFolder(t);
    const changed = new Date("2026-01-02T03:04:05Z");
    for (const [name, text] of [
      ["a.json", "[]"],
      ["bad.json", "{"],
    ] as const) {
      await writeFile(join(folder, name), text);
      await utimes(join(folder, name), changed, changed);
    }
    const { files } = await lookAt(provider([`${folder}/*.json`]));
    assert.deepEqual(files, { [`${folder}/a.json`]: changed.getTime() });
  });

  test("tells that of a hundred files at most, since it goes into a small record", async (t) => {
    const folder = await temporaryFolder(t);
    const names = Array.from({ length: 101 }, (_, at) => join(folder, `${at}.json`));
    await Promise.all(names.map((name) => writeFile(name, "[]")));
    const { files } = await lookAt(provider([`${folder}/*.json`]));
    assert.equal(Object.keys(files ?? {}).length, 100);
  });

  test("lets the groups of a file go that is gone", async (t) => {
    const folder = await temporaryFolder(t);
    const file = join(folder, "a.json");
    await writeFile(file, "[{}]");
    assert.deepEqual((await lookAt(provider([file]))).sources, [`${file}:0`]);
    await rm(file);
    for (const pattern of [file, `${folder}/*.json`]) {
      const { sources, keeps, problems } = await lookAt(provider([pattern]));
      assert.deepEqual(sources, []);
      assert.deepEqual(problems, []);
      assert.equal(keeps(`${file}:0`), false);
    }
  });

  test("keeps the groups below a folder that cannot be listed", async (t) => {
    const folder = await temporaryFolder(t);
    await writeFile(join(folder, "plain"), "");
    const { keeps, problems } = await lookAt(provider([`${folder}/plain/*.json`]));
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", /plain\/\*\.json: ENOTDIR/);
    assert.equal(keeps(`${folder}/plain/a.json:0`), true);
    assert.equal(keeps(`${folder}/plain/deeper/a.json:0`), false);
    assert.equal(keeps(`${folder}/other.json:0`), false);
  });

  test("refuses a file that is too large, and does not wait at a pipe", async (t) => {
    const folder = await temporaryFolder(t);
    await writeFile(join(folder, "large.json"), "[{}]".padEnd(101));
    execFileSync("mkfifo", [join(folder, "pipe.json")]);
    const { sources, problems } = await lookAt(provider([`${folder}/*.json`]), 100);
    assert.deepEqual(sources, []);
    assert.deepEqual(problems, [
      `${folder}/large.json: 101 bytes are more than the limit of 100`,
      `${folder}/pipe.json: not a plain file`,
    ]);
  });

  test("carries the cluster's name when the settings give one", async (t) => {
    const folder = await temporaryFolder(t);
    await writeFile(join(folder, "a.json"), "[{}]");
    const { groups } = await lookAt(provider([`${folder}/a.json`], "edge"));
    assert.equal(groups[0]?.labels.__meta_rollcall_cluster, "edge");
  });
});
