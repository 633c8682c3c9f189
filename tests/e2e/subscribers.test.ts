import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { stringify } from "yaml";
import { readListing } from "../../docs/examples/subscribers/state/listing.ts";
import { beginWith, createReceiver } from "../../docs/examples/subscribers/state/receiver.ts";
import { createState } from "../../docs/examples/subscribers/state/state.ts";
import { listening } from "../fakes/listening.ts";
import { eventually } from "./eventually.ts";
import { temporaryFolder } from "./folder.ts";
import { freePort } from "./ports.ts";
import { type Rollcall, ready, startRollcall } from "./rollcall.ts";
import { copyWithSubscriber } from "./subscribers/deployment.ts";

/**
 * The subscriber examples on the local bus: the SAM template's rule and queue feed the webhook function, which posts to the
 * receiver that keeps a state. Whether a signature is good is judged by Standard Webhooks' own library.
 */
describe("a changed target group reaches a subscriber", () => {
  const folder = temporaryFolder("subscribers");
  const targets = join(folder.path, "targets.json");
  const secret = `whsec_${randomBytes(24).toString("base64")}`;
  const token = randomBytes(24).toString("hex");
  const state = createState(Date.now);
  const seen: { id: string; status: number }[] = [];
  let isDown = false;
  let receiver: Server;
  let rollcall: Rollcall;
  let door: { doorUrl: URL; token: string };

  const write = (groups: readonly object[]) => {
    writeFileSync(`${targets}.new`, JSON.stringify(groups));
    renameSync(`${targets}.new`, targets);
  };
  const listed = () => readListing(door);

  before(async () => {
    receiver = createReceiver({ state, secret });
    const [take] = receiver.listeners("request");
    receiver.removeAllListeners("request").on("request", (request, response) => {
      response.once("finish", () =>
        seen.push({ id: String(request.headers["webhook-id"]), status: response.statusCode }),
      );
      if (isDown) response.writeHead(503).end();
      else take?.(request, response);
    });
    const webhookPort = await listening(receiver);
    const port = await freePort();
    door = { doorUrl: new URL(`http://127.0.0.1:${port}/`), token };
    write([small(1), small(2), large]);
    const root = copyWithSubscriber(folder.path, {
      job: "files",
      environment: {
        WEBHOOK_URL: `http://127.0.0.1:${webhookPort}/`,
        WEBHOOK_LOCAL: "true",
        WEBHOOK_SECRET: secret,
        ROLLCALL_URL: door.doorUrl.href,
        ROLLCALL_TOKEN: token,
      },
    });
    const config = join(folder.path, "prometheus.yml");
    const settings = join(folder.path, "rollcall.yml");
    const job = (name: string) => ({ job_name: name, file_sd_configs: [{ files: [targets] }] });
    const other = { job_name: "other", static_configs: [{ targets: ["127.0.0.1:1"] }] };
    writeFileSync(config, stringify({ scrape_configs: [job("files"), other] }));
    const sha256 = createHash("sha256").update(token).digest("hex");
    writeFileSync(settings, stringify({ tokens: [{ name: "subscriber", sha256, jobs: ["files"] }] }));
    const data = join(folder.path, "data");
    mkdirSync(data);
    rollcall = await startRollcall({ config, settings, data, port, root });
    await ready(rollcall);
  });
  after(async () => {
    await rollcall?.stop();
    receiver?.closeAllConnections();
    receiver?.close();
    folder.remove();
  });

  test("signed, a large one by its claim, and none of another job", async () => {
    await eventually("the subscriber has what the pool has", 20, async () => {
      const pool = await listed();
      assert.equal(pool.length, 3);
      assert.deepEqual(state.groups(), pool, rollcall.output());
    });
    const sizes = state.groups().map(({ group }) => JSON.stringify(group).length);
    assert.ok(sizes.some((size) => size > 60_000) && sizes.some((size) => size < 1000), sizes.join());
    assert.ok(seen.length >= 3 && seen.every(({ status }) => status === 204), JSON.stringify(seen));
    assert.equal(new Set(seen.map(({ id }) => id)).size, 3);
  });

  test("as it changes, and as it vanishes", async () => {
    const began = performance.now();
    write([small(7), large]);
    await eventually("the subscriber has the change", 20, async () => {
      const ports = state.groups().flatMap(({ group }) => group.targets.map((one) => one.__address__));
      assert.ok(ports.includes("127.0.0.1:7") && !ports.includes("127.0.0.1:2"), "not yet");
    });
    process.stdout.write(
      `a change of a file reached the webhook after ${Math.round(performance.now() - began)} ms\n`,
    );
    await eventually("the pool has it", 20, async () => assert.deepEqual(state.groups(), await listed()));
  });

  test("again, under the same key, when the subscriber was down", async () => {
    isDown = true;
    const from = seen.length;
    write([small(8), large]);
    await eventually("the subscriber refused it", 20, () => assert.equal(seen[from]?.status, 503));
    isDown = false;
    await eventually("the queue brought it again", 30, async () => {
      const tries = seen.slice(from).filter(({ id }) => id === seen[from]?.id);
      assert.equal(tries.at(-1)?.status, 204, JSON.stringify(tries));
      assert.deepEqual(state.groups(), await listed());
    });
  });

  test("at the latest when it begins: a listing is all that a late one needs", async () => {
    const late = createState(Date.now);
    await beginWith(late, { ...door, job: "files", clock: Date.now });
    assert.ok(late.groups().length >= 2);
    assert.deepEqual(late.groups(), state.groups());
  });
});

const small = (port: number) => ({ targets: [`127.0.0.1:${port}`], labels: { size: "small" } });
const large = {
  targets: Array.from({ length: 3000 }, (_, index) => `127.0.0.1:${10_000 + index}`),
  labels: { size: "large" },
};
