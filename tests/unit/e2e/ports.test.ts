import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { freePort, freePortsInARow } from "../../e2e/ports.ts";

/** From here on Linux gives them to connections that programs open, at any moment. */
const connections = 32_768;

test("a free port is none that a connection may have taken meanwhile", async () => {
  for (let tries = 0; tries < 20; tries += 1) assert.ok((await freePort()) < connections);
});

test("ports in a row can all be listened on", async () => {
  const first = await freePortsInARow(3);
  for (const port of [first, first + 1, first + 2]) {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
    await new Promise((done) => server.close(done));
  }
});
