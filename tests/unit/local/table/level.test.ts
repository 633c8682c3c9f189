import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { callInner, openInner } from "../../../../local/table/inner.ts";
import { tableInMemory } from "../../../mapped.ts";
import { eventually, temporaryFolder } from "../temporary.ts";

const TableName = "rollcall-test";
const mebibyte = 1024 * 1024;

test("of a table larger than 96 MiB that was read as a whole no more than 80 are in memory", async (context) => {
  const folder = temporaryFolder(context);
  const { inner, close } = openInner(folder);
  context.after(close);
  const call = async (action: string, input: object) => {
    const { status, body } = await callInner(inner, action, { TableName, ...input });
    assert.equal(status, 200, body);
    return JSON.parse(body);
  };
  await call("CreateTable", {
    AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
  });
  await eventually(async () => (await call("DescribeTable", {})).Table.TableStatus === "ACTIVE" || undefined);
  const put = (number: number) => {
    const body = { B: randomBytes(0.25 * mebibyte).toString("base64") };
    return call("PutItem", { Item: { pk: { S: String(number) }, body } });
  };
  // What is written at once makes larger files than what is written one by one.
  for (let first = 0; first < 450; first += 30)
    await Promise.all(Array.from({ length: 30 }, (_, at) => put(first + at)));
  let read = 0;
  for (
    let page = await call("Scan", {});
    ;
    page = await call("Scan", { ExclusiveStartKey: page.LastEvaluatedKey })
  ) {
    read += page.Count;
    if (page.LastEvaluatedKey === undefined) break;
  }
  assert.equal(read, 450);
  assert.ok(sizeOf(folder) > 96 * mebibyte, `${sizeOf(folder)} bytes on disk`);
  const mapped = tableInMemory();
  assert.ok(mapped > 0 && mapped <= 80 * mebibyte, `${mapped} bytes in memory`);
});

test("why the table's folder cannot be opened is what the process ends with", (context) => {
  const file = join(temporaryFolder(context), "file");
  writeFileSync(file, "");
  const inner = new URL("../../../../local/table/inner.ts", import.meta.url);
  const script = `import { openInner } from "${inner}"; openInner(${JSON.stringify(file)});`;
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script]);
  assert.equal(status, 1);
  assert.match(String(stderr), /cause: Error: EEXIST/);
});

const sizeOf = (folder: string) =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
