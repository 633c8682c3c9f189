import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fakeServer, folderFor, good, rollcall } from "./run.ts";

const told = { provider: "kubernetes/0123456789ab", cluster: "prod", jobs: ["pods"], epoch: 1_790_000_000 };

describe("rollcall rebuild", () => {
  test("asks for what was named, as an operator, and tells which providers begin at which epoch", async (context) => {
    const { url, asked } = await fakeServer(context, () => ({ ...good({ providers: [told] }), status: 202 }));
    const file = join(folderFor(context), "token");
    writeFileSync(file, "made-up\n");
    const { code, out, err } = await rollcall([
      "rebuild",
      "--cluster",
      "prod",
      "--server",
      url,
      "--token-file",
      file,
    ]);
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, /kubernetes\/0123456789ab +prod +pods +1790000000/);
    const [request] = asked;
    assert.equal(`${request?.method} ${request?.path}?${request?.query}`, "POST api/v1/rebuild?cluster=prod");
    assert.equal(request?.headers.authorization, "Bearer made-up");
    assert.equal(request?.headers["x-rollcall-operate"], "1");
  });

  test("answers in JSON, and asks for one provider or for all", async (context) => {
    const { url, asked } = await fakeServer(context, () => ({ ...good({ providers: [told] }), status: 202 }));
    for (const words of [["--all"], ["--provider", told.provider]]) {
      const { out } = await rollcall(["rebuild", ...words, "--server", url, "--output", "json"]);
      assert.deepEqual(JSON.parse(out), { providers: [told] });
    }
    assert.deepEqual(
      asked.map(({ query }) => String(query)),
      ["all=true", "provider=kubernetes%2F0123456789ab"],
    );
  });

  test("ends with 2 and the server's reason when it is refused", async (context) => {
    const body = { status: "error", errorType: "not_found", error: "there is no cluster stage" };
    const { url } = await fakeServer(context, () => ({ status: 404, body }));
    const { code, err } = await rollcall(["rebuild", "--cluster", "stage", "--server", url]);
    assert.equal(code, 2);
    assert.match(err, /status 404: there is no cluster stage/);
  });
});
