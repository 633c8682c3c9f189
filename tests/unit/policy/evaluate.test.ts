import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { decide, type Resolved } from "../../policy/evaluate.ts";
import { unusedRights } from "../../policy/usage.ts";

const allow = (more: Partial<Resolved> = {}): Resolved => ({
  effect: "Allow",
  principal: undefined,
  actions: ["dynamodb:PutItem"],
  resources: ["arn:table"],
  condition: {},
  ...more,
});

const put = (keys: Record<string, string[]> = {}) => ({
  action: "dynamodb:PutItem",
  resource: "arn:table",
  keys,
});

describe("a policy", () => {
  test("allows what it names and nothing else", () => {
    assert.equal(decide([allow()], put()), "allowed");
    assert.equal(decide([allow()], { ...put(), action: "dynamodb:GetItem" }), "not allowed");
    assert.equal(decide([allow()], { ...put(), resource: "arn:table/index/moved" }), "not allowed");
    assert.equal(decide([], put()), "not allowed");
  });

  test("takes * and ? for any text and any character, and nothing else for a pattern", () => {
    assert.equal(decide([allow({ resources: ["arn:*"] })], put()), "allowed");
    assert.equal(decide([allow({ resources: ["arn:t?ble"] })], put()), "allowed");
    assert.equal(decide([allow({ resources: ["arn.table"] })], put()), "not allowed");
  });

  test("denies before it allows", () => {
    assert.equal(decide([allow(), allow({ effect: "Deny" })], put()), "denied");
  });

  const marks = {
    "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["reader#*"] },
    Null: { "dynamodb:LeadingKeys": "false" },
  };
  const conditions: [string, Record<string, unknown>, Record<string, string[]>, boolean][] = [
    ["every leading key below a prefix", marks, { "dynamodb:LeadingKeys": ["reader#a", "reader#b"] }, true],
    ["one leading key elsewhere", marks, { "dynamodb:LeadingKeys": ["reader#a", "group#b"] }, false],
    ["no leading key at all", marks, {}, false],
    ["an equal text", { StringEquals: { k: ["a", "b"] } }, { k: ["b"] }, true],
    ["another text", { StringEquals: { k: "a" } }, { k: ["b"] }, false],
    ["a missing text", { StringEquals: { k: "a" } }, {}, false],
    ["a negated missing text", { StringNotEquals: { k: "a" } }, {}, true],
    ["a spared principal", { ArnNotEquals: { p: ["arn:a", "arn:b"] } }, { p: ["arn:b"] }, false],
    ["another principal", { ArnNotEquals: { p: ["arn:a", "arn:b"] } }, { p: ["arn:c"] }, true],
    [
      "two operators of which one fails",
      { StringEquals: { k: "a" }, StringLike: { l: "x*" } },
      { k: ["a"], l: ["y"] },
      false,
    ],
  ];
  for (const [name, condition, keys, expected] of conditions) {
    test(`judges ${name}`, () => {
      assert.equal(decide([allow({ condition })], put(keys)), expected ? "allowed" : "not allowed");
    });
  }

  test("refuses to judge an operator that it does not know", () => {
    assert.throws(
      () => decide([allow({ condition: { IpAddress: { "aws:SourceIp": "::1" } } })], put()),
      /IpAddress/,
    );
  });

  test("tells each right that nobody used, an event's type and a resource among them", () => {
    const statements = [
      allow({ actions: ["dynamodb:PutItem", "dynamodb:GetItem"], resources: ["arn:table", "arn:index"] }),
      allow({
        actions: ["events:PutEvents"],
        resources: ["arn:bus"],
        condition: { StringEquals: { "events:detail-type": ["Relay Due", "Discovery Due"] } },
      }),
    ];
    const putEvents = {
      action: "events:PutEvents",
      resource: "arn:bus",
      keys: { "events:detail-type": ["Relay Due"] },
    };
    const requests = [put(), putEvents].map((one) => ({ function: "tick", ...one }));
    assert.deepEqual(unusedRights("TickRole", statements, requests), [
      { role: "TickRole", action: "dynamodb:PutItem", resource: "arn:index" },
      { role: "TickRole", action: "dynamodb:GetItem", resource: "arn:table" },
      { role: "TickRole", action: "dynamodb:GetItem", resource: "arn:index" },
      { role: "TickRole", action: "events:PutEvents", resource: "arn:bus", detailType: "Discovery Due" },
    ]);
  });
});
