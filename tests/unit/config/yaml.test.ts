import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseYaml } from "../../../lib/config/yaml.ts";

describe("an alias that nothing is known by", () => {
  const hidden = [
    "password: *hunter2",
    "api_key: *hunter2",
    "token: *hunter2",
    "secret_key: *hunter2",
    "secrets: [*hunter2]",
    "proxy_url: *hunter2",
    "proxy_connect_header: *hunter2",
    "proxy_connect_header: {Authorization: [*hunter2]}",
    "tls_config: {key: *hunter2}",
  ];
  for (const text of hidden) {
    test(`is not repeated where it may be a secret itself: ${text.replace("hunter2", "…")}`, () => {
      assert.throws(() => parseYaml(text), { message: /^yaml: unknown anchor '<secret>' referenced$/ });
    });
  }

  test("is named elsewhere", () => {
    for (const text of ["job_name: *one", "username: *one", "matchers: {key: *one}"])
      assert.throws(() => parseYaml(text), { message: /^yaml: unknown anchor 'one' referenced$/ });
  });
});
