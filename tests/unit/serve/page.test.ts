import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { pageAlone, pageAnswer, readPage } from "../../../lib/serve/page.ts";

const folder = mkdtempSync(join(tmpdir(), "rollcall-page-"));
after(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, "index.html"), "<title>Rollcall</title>");
writeFileSync(join(folder, "app-0123456789ab.js"), "1");
writeFileSync(join(folder, "app-0123456789ab.js.new-17"), "half of it");
const files = readPage(folder);
const request = (path: string, accept: string) => ({
  method: "GET",
  path,
  query: new URLSearchParams(),
  headers: { accept },
  peer: "127.0.0.1",
});

describe("the files of the page", () => {
  test("are the index and what is named after its content, nothing else in the folder", () => {
    assert.deepEqual([...(files?.keys() ?? [])].sort(), ["app-0123456789ab.js", "index.html"]);
    assert.equal(pageAnswer(files, "../package.json"), undefined);
  });

  test("go out with a policy that allows no script from elsewhere and none in the text", () => {
    const policy = pageAnswer(files, "index.html")?.headers["Content-Security-Policy"] ?? "";
    for (const directive of [
      "default-src 'none'",
      "script-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ]) {
      assert.ok(policy.includes(directive), directive);
    }
    assert.doesNotMatch(policy, /unsafe|\*|https?:/);
  });

  test("are kept for good by the browser, but for the index", () => {
    const script = pageAnswer(files, "app-0123456789ab.js");
    assert.match(script?.headers["Cache-Control"] ?? "", /immutable/);
    assert.equal(script?.headers["Content-Type"], "text/javascript; charset=utf-8");
    assert.equal(pageAnswer(files, "index.html")?.headers["Cache-Control"], "no-store");
  });

  test("are there for a browser before any configuration is, and for nobody else", () => {
    assert.equal(pageAlone(request("", "text/html,*/*;q=0.8"), files)?.statusCode, 200);
    assert.equal(pageAlone(request("page/app-0123456789ab.js", "*/*"), files)?.statusCode, 200);
    assert.equal(pageAlone(request("", "*/*"), files), undefined);
    assert.equal(pageAlone(request("sd/pods", "text/html"), files), undefined);
  });

  test("are missing where the page was never built", () => {
    assert.equal(readPage(join(folder, "nowhere")), undefined);
    assert.equal(pageAnswer(undefined, "index.html"), undefined);
  });
});
