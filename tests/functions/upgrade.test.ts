import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { after, describe, test } from "node:test";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import { defineAwslambda, onHead } from "../../local/function/awslambda.ts";
import { startTableServer } from "../contract/table.ts";
import { startAwsService } from "../fakes/awsservice.ts";
import { batch } from "../fakes/events.ts";
import { discoveryDueEvent, relayDueEvent, restRequest } from "./recorded.ts";
import { lastRelease, type Release, thisRelease } from "./released.ts";

const entrySchema = z.object({ DetailType: z.string(), Detail: z.string(), Source: z.string() });
type Entry = z.infer<typeof entrySchema>;
const putSchema = z.object({ Entries: z.array(entrySchema) });

const folder = mkdtempSync(join(tmpdir(), "rollcall-upgrade-"));
after(() => rmSync(folder, { recursive: true }));
const put: Entry[] = [];
const service = await startAwsService((_, input) => {
  const { Entries } = putSchema.parse(input);
  put.push(...Entries);
  return { body: { FailedEntryCount: 0, Entries: Entries.map((_, at) => ({ EventId: String(at) })) } };
});
const config = join(folder, "prometheus.yml");
writeFileSync(config, "scrape_configs: [{job_name: a, file_sd_configs: [{files: [a.json, b.json]}]}]");
Object.assign(process.env, {
  AWS_ENDPOINT_URL: service.config.endpoint,
  AWS_ENDPOINT_URL_DYNAMODB: await startTableServer("rollcall"),
  AWS_REGION: "eu-central-1",
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  TABLE_NAME: "rollcall",
  BUS_NAME: "rollcall",
  DEAD_LETTER_URL: `${service.config.endpoint}/000000000000/dead`,
  CONFIG_FILE: config,
  LOG_LEVEL: "error",
});
defineAwslambda();
const context = { awsRequestId: "request", getRemainingTimeInMillis: () => 60_000 };
const { release: last, remove } = await lastRelease();
after(remove);
const current = await thisRelease();

/** One table under the last release, this one, and the last one again: as a deployment and its rollback leave it. */
describe("an upgrade and its rollback", () => {
  test("what the last release wrote, this one serves, takes for unchanged, and goes on with", async () => {
    write("a.json", ["127.0.0.1:1"]);
    write("b.json", ["127.0.0.1:2"]);
    assert.equal(await look(last), 2);
    await look(last);
    assert.deepEqual(await served(last), ["127.0.0.1:1", "127.0.0.1:2"]);
    assert.deepEqual(await served(current), ["127.0.0.1:1", "127.0.0.1:2"]);
    assert.equal(await look(current), 0, "the same identifiers, hashes and formats");
    const before = await versions(current);
    write("b.json", ["127.0.0.1:3"]);
    assert.equal(await look(current), 1);
    assert.deepEqual(await served(current), ["127.0.0.1:1", "127.0.0.1:3"]);
    const after = await versions(current);
    assert.ok(after.get("b.json:0")! > before.get("b.json:0")!, "a later version");
    assert.equal(after.get("a.json:0"), before.get("a.json:0"), "what did not change holds its version");
  });

  test("what this release wrote, the last one serves, takes for unchanged, and goes on with", async () => {
    assert.deepEqual(await served(last), ["127.0.0.1:1", "127.0.0.1:3"]);
    assert.equal(await look(last), 0);
    const before = await versions(last);
    write("a.json", []);
    write("b.json", ["127.0.0.1:4"]);
    assert.equal(await look(last), 2);
    assert.deepEqual([await served(last), await served(current)], [["127.0.0.1:4"], ["127.0.0.1:4"]]);
    assert.ok((await versions(last)).get("b.json:0")! > before.get("b.json:0")!);
    assert.equal(await look(current), 0);
  });

  test("loses nothing of the history: both tell the same changes", async () => {
    const [told, toldBefore] = await Promise.all([changes(current), changes(last)]);
    assert.deepEqual(told, toldBefore);
    assert.deepEqual(told.sort(), ["added a", "added b", "removed a", "updated b", "updated b"]);
  });

  test("a rebuild that was asked for before the rollback is no obstacle to the last release", async () => {
    const answer = await current.tick(rebuildRequest, context);
    assert.equal(z.object({ statusCode: z.number() }).parse(answer).statusCode, 202);
    put.splice(0);
    assert.equal(await look(last), 0);
    assert.deepEqual(await served(last), ["127.0.0.1:4"]);
    assert.equal(await look(current), 1, "this release makes good for it");
    assert.equal(await look(current), 0);
  });

  test("an order for a shared relay is one for the first cluster to the last release, and the other way round", async () => {
    const detail = { schema: 1, cluster: "one", alongside: ["two"] };
    const left = { ...context, getRemainingTimeInMillis: () => 0 };
    assert.equal(await last.relay(relayDueEvent(detail), left), "no time");
    const ends = await current.relay(relayDueEvent({ schema: 1, cluster: "one" }), left);
    assert.deepEqual(ends, { one: "no time" });
  });

  test("every item carries its format's number", async () => {
    const items = await everyItem();
    const kinds = new Set(items.map(({ pk }) => pk?.S?.replace(/[#/].*/s, "")));
    assert.ok(kinds.size >= 8, [...kinds].join(", "));
    for (const item of items) assert.equal(item.v?.N, "1", JSON.stringify([item.pk, item.sk]));
  });
});

const write = (file: string, addresses: readonly string[]) =>
  writeFileSync(join(folder, file), JSON.stringify(addresses.length === 0 ? [] : [{ targets: addresses }]));

/** A tick, the look that it orders, and its events applied, all by one release; returns how many changes it announced. */
const look = async (release: Release): Promise<number> => {
  await release.tick({ schedule: "tick", start: true }, context);
  for (const due of put.splice(0).filter(({ DetailType }) => DetailType === "Discovery Due"))
    await release.discover(discoveryDueEvent(JSON.parse(due.Detail)), context);
  const changed = put.splice(0).filter(({ DetailType }) => DetailType === "Target Group Changed");
  for (const one of changed)
    assert.deepEqual(await release.reduce(sent(one), context), { batchItemFailures: [] });
  return changed.length;
};

const sent = ({ DetailType, Detail, Source }: Entry) => {
  const time = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const body = { "detail-type": DetailType, source: Source, time, detail: JSON.parse(Detail) };
  const { Records } = batch(JSON.stringify(body));
  const SentTimestamp = String(Date.now());
  return { Records: Records.map((one) => ({ ...one, attributes: { ...one.attributes, SentTimestamp } })) };
};

const get = async (release: Release, path: string): Promise<unknown> => {
  const stream = new PassThrough();
  let status: number | undefined;
  onHead(stream, (head) => {
    status = head.statusCode;
  });
  const [body] = await Promise.all([text(stream), release.serve(restRequest(path), stream, context)]);
  assert.equal(status, 200, body);
  return JSON.parse(body);
};

const served = async (release: Release) =>
  z
    .array(z.object({ targets: z.array(z.string()) }))
    .parse(await get(release, "sd/a"))
    .flatMap(({ targets }) => targets)
    .sort();

const groupsSchema = z.object({
  data: z.object({
    groups: z.array(
      z.object({ source: z.string(), version: z.object({ epoch: z.number(), sequence: z.number() }) }),
    ),
  }),
});

const versions = async (release: Release) => {
  const { data } = groupsSchema.parse(await get(release, "api/v1/groups"));
  return new Map(
    data.groups.map(({ source, version }) => [
      source.split("/").at(-1)!,
      version.epoch * 1e6 + version.sequence,
    ]),
  );
};

const changesSchema = z.object({
  data: z.object({ changes: z.array(z.object({ change: z.string(), source: z.string() })) }),
});

const changes = async (release: Release) =>
  changesSchema
    .parse(await get(release, "api/v1/changes"))
    .data.changes.map(({ change, source }) => `${change} ${source.split("/").at(-1)?.[0]}`);

const rebuildRequest = {
  httpMethod: "POST",
  path: "/api/v1/rebuild",
  headers: { Host: "127.0.0.1:9095" },
  multiValueQueryStringParameters: { all: ["true"] },
  requestContext: { identity: { sourceIp: "127.0.0.1" } },
};

const everyItem = async () => {
  const client = new DynamoDBClient({});
  try {
    const { Items, LastEvaluatedKey } = await client.send(new ScanCommand({ TableName: "rollcall" }));
    assert.equal(LastEvaluatedKey, undefined, "all of them in one page");
    return Items ?? [];
  } finally {
    client.destroy();
  }
};
