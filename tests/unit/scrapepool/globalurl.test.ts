import assert from "node:assert/strict";
import { test } from "node:test";
import { globalUrl } from "../../../lib/scrapepool/globalurl.ts";

for (const [url, host, expected] of [
  ["http://127.0.0.1:80/m?a=1", "door.example:9095", "http://door.example:80/m?a=1"],
  ["https://localhost:443/", "[fd00::1]:9095", "https://[fd00::1]:443/"],
  ["http://[::1]:80/m", "door.example", "http://door.example:80/m"],
  ["http://[::1]:80/m", "[::1]", "http://[::1]:80/m"],
  ["http://127.0.0.2:80/m", "door.example", "http://127.0.0.2:80/m"],
  ["http://localhost/m", "door.example", "http://localhost/m"],
  ["http://a:1/127.0.0.1:80", "door.example", "http://a:1/127.0.0.1:80"],
  ["http://127.0.0.1:80/m", "", "http://127.0.0.1:80/m"],
] as const) {
  test(`${url} is ${expected} to whoever called us ${host || "nothing"}`, () => {
    assert.equal(globalUrl(url, host), expected);
  });
}
