import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defaultHttpClient } from "../../../lib/config/http-client.ts";
import { Secret } from "../../../lib/config/secret.ts";
import { apiServer, kubernetes, plan, server } from "./planned.ts";

describe("a provider's identifier", () => {
  test("is the same in every process that has the table's key", () => {
    assert.equal(plan({ a: [kubernetes()] })[0]?.id, plan({ other: [kubernetes()] })[0]?.id);
  });

  test("is another under another key, so that nobody can try passwords against it", () => {
    assert.notEqual(
      plan({ a: [kubernetes()] })[0]?.id,
      plan({ a: [kubernetes()] }, { key: Buffer.alloc(32, 1) })[0]?.id,
    );
  });

  test("is the mechanism and twelve hex digits", () => {
    assert.match(plan({ a: [kubernetes()] })[0]?.id ?? "", /^kubernetes\/[0-9a-f]{12}$/);
  });

  test("changes with a password, without showing it", () => {
    const secret = (text: string) => ({
      ...defaultHttpClient,
      authorization: { type: "Bearer", credentials: new Secret(text) },
    });
    const id = (text: string) => plan({ a: [kubernetes({ access: apiServer(server, secret(text)) })] })[0];
    assert.notEqual(id("hunter2")?.id, id("hunter3")?.id);
    assert.doesNotMatch(JSON.stringify(id("hunter2")), /hunter2/);
  });
});
