import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { callInner, openInner } from "../../../../local/table/inner.ts";
import { temporaryFolder } from "../temporary.ts";

test("queries and scans leave no iterator of the database open", async (context) => {
  const requireAsDynalite = createRequire(createRequire(import.meta.url).resolve("dynalite"));
  const { AbstractLevel } = requireAsDynalite("abstract-level");
  let open = 0;
  const { attachResource, detachResource } = AbstractLevel.prototype;
  context.after(() => Object.assign(AbstractLevel.prototype, { attachResource, detachResource }));
  Object.assign(AbstractLevel.prototype, {
    attachResource(resource: object) {
      open += 1;
      return attachResource.call(this, resource);
    },
    detachResource(resource: object) {
      open -= 1;
      return detachResource.call(this, resource);
    },
  });
  const { inner } = openInner(temporaryFolder(context));
  const key = { AttributeName: "pk", AttributeType: "S" };
  await callInner(inner, "CreateTable", {
    TableName: "one",
    AttributeDefinitions: [key],
    KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
  });
  let status = 0;
  for (let tries = 0; status !== 200 && tries < 1_000; tries += 1) {
    await new Promise(setImmediate);
    ({ status } = await callInner(inner, "PutItem", { TableName: "one", Item: { pk: { S: "a" } } }));
  }
  assert.equal(status, 200);
  const before = open;
  for (let count = 0; count < 5; count += 1) {
    await callInner(inner, "Scan", { TableName: "one", Limit: 1 });
    await callInner(inner, "Query", {
      TableName: "one",
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": { S: "a" } },
    });
  }
  await new Promise(setImmediate);
  assert.ok(open <= before, `${open - before} iterators are still open`);
});
