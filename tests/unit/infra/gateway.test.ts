import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, test } from "node:test";
import { parse } from "yaml";
import * as z from "zod";
import { failure } from "../../../lib/door/answer.ts";
import { ownAnswers } from "../../../local/gateway/own.ts";

const file = join(resolve(import.meta.dirname, "../../.."), "infra/gateway.yml");
const response = z.object({
  Type: z.literal("AWS::ApiGateway::GatewayResponse"),
  Properties: z.object({
    ResponseType: z.string(),
    StatusCode: z.string().optional(),
    ResponseParameters: z.record(z.string(), z.string()),
    ResponseTemplates: z.strictObject({ "application/json": z.string() }),
  }),
});
const { Resources } = z
  .object({ Resources: z.record(z.string(), response) })
  .parse(parse(readFileSync(file, "utf8"), { merge: true, logLevel: "error" }));
const byType = new Map(
  Object.values(Resources).map(({ Properties }) => [Properties.ResponseType, Properties]),
);

/** AWS puts a quoted text in the place of its variable. */
const bodyOf = (template: string) =>
  JSON.parse(template.replace("$context.error.messageString", '"as AWS says"'));

describe("what API Gateway answers by itself", () => {
  test("is there for every fault: the two that stand for all others among them", () => {
    assert.ok(byType.has("DEFAULT_4XX"));
    assert.ok(byType.has("DEFAULT_5XX"));
    assert.equal(byType.size, Object.keys(Resources).length);
  });

  for (const [type, { ResponseParameters, ResponseTemplates }] of byType) {
    test(`has the headers and the shape of our own errors: ${type}`, () => {
      const own = failure(400, "bad_data", "as AWS says");
      for (const [name, value] of Object.entries(own.headers)) {
        if (name === "Content-Type") continue;
        // Quotes end a value there, and a list without sources is 'none' in browsers.
        const expected = value.replaceAll(" 'none'", "");
        assert.equal(ResponseParameters[`gatewayresponse.header.${name}`], `'${expected}'`, name);
      }
      const { status, errorType, error } = bodyOf(ResponseTemplates["application/json"]);
      assert.deepEqual([status, typeof errorType, typeof error], ["error", "string", "string"]);
    });
  }

  test("is what the local door answers", () => {
    for (const [type, local] of [
      ["MISSING_AUTHENTICATION_TOKEN", ownAnswers.noRoute],
      ["REQUEST_TOO_LARGE", ownAnswers.tooLarge],
      ["DEFAULT_5XX", ownAnswers.noAnswer],
    ] as const) {
      const { StatusCode, ResponseTemplates } = byType.get(type) ?? assert.fail(type);
      assert.deepEqual(bodyOf(ResponseTemplates["application/json"]), JSON.parse(String(local.body)));
      if (StatusCode !== undefined) assert.equal(Number(StatusCode), local.statusCode);
    }
  });
});
