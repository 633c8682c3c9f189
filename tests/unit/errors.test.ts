import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as z from "zod";
import { reasonOf } from "../../lib/errors.ts";

describe("the reason for an error", () => {
  test("names the place of the first thing that does not fit a schema, in one line", () => {
    const schema = z.object({ detail: z.object({ cluster: z.string() }), more: z.number() });
    const { error } = schema.safeParse({ detail: { cluster: 1 } });
    assert.equal(reasonOf(error), "detail.cluster: Invalid input: expected string, received number");
    assert.equal(
      reasonOf(z.string().safeParse(1).error),
      "it: Invalid input: expected string, received number",
    );
    const odd = z.record(z.string(), z.string()).safeParse({ [`a\r\nb${"c".repeat(1_000)}`]: 1 }).error;
    assert.match(reasonOf(odd), /^a bc{190,200}: Invalid input: expected string, received number$/);
  });

  test("has its causes behind it, unless it quotes them", () => {
    const cause = new Error("the socket is closed");
    assert.equal(reasonOf(new Error("no list", { cause })), "no list: the socket is closed");
    assert.equal(
      reasonOf(new Error("no list: the socket is closed", { cause })),
      "no list: the socket is closed",
    );
  });
});
