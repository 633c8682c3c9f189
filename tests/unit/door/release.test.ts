import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createMemoryBus } from "../../../lib/bus/memory.ts";
import { noSettings } from "../../../lib/config/settings.ts";
import type { Plan } from "../../../lib/discovery/current.ts";
import { answerRelease } from "../../../lib/door/release.ts";
import { createLog } from "../../../lib/log.ts";
import { createMemoryReleases, createMemoryStatuses } from "../../../lib/pool/memory.ts";
import { provider, status } from "../../fakes/providers.ts";

const pods = provider({ id: "kubernetes/00000000000a", cluster: "prod" });
const since = Date.parse("2026-11-22T12:00:00Z");
const path = `/api/v1/providers/${pods.id}/guard/release`;

describe("POST /api/v1/providers/{provider}/guard/release", () => {
  test("lets go what is held, tells what that is, and orders the look that announces it", async () => {
    const world = await setUp({ held: true });
    const { statusCode, json } = await world.post(path);
    assert.equal(statusCode, 200);
    const data = { provider: pods.id, since: "2026-11-22T12:00:00.000Z", sources: 3, targets: 7 };
    assert.deepEqual(json, { status: "success", data });
    assert.equal(await world.releases.released(pods.id), since);
    assert.deepEqual(world.bus.entries, [
      { detailType: "Discovery Due", detail: { schema: 1, cluster: "prod" } },
    ]);
  });

  test("is 409 when nothing is held", async () => {
    const world = await setUp({ held: false });
    const { statusCode, json } = await world.post(path);
    assert.deepEqual([statusCode, json.errorType], [409, "conflict"]);
    assert.equal(json.error, `nothing is held back of ${pods.id}`);
    assert.deepEqual(world.bus.entries, []);
  });

  test("is 404 for a provider that the configuration does not have", async () => {
    const world = await setUp({ held: true });
    const { statusCode, json } = await world.post("/api/v1/providers/kubernetes/00000000000f/guard/release");
    assert.deepEqual([statusCode, json.error], [404, "no such provider: kubernetes/00000000000f"]);
  });

  test("is refused to a page from elsewhere, and changes nothing then", async () => {
    const world = await setUp({ held: true });
    assert.equal((await world.post(path, { origin: "https://evil.example" })).statusCode, 403);
    assert.equal((await world.post(path, { host: "rollcall.example" })).statusCode, 403);
    assert.equal(await world.releases.released(pods.id), undefined);
    assert.deepEqual(world.bus.entries, []);
  });

  test("leaves schedules and other requests to others", async () => {
    const world = await setUp({ held: true });
    assert.equal(await world.answer({ schedule: "tick" }), "others");
    assert.equal(await world.answer(request("/-/reload", {})), "others");
  });
});

const now = since + 1000;

const setUp = async ({ held }: { held: boolean }) => {
  const bus = createMemoryBus();
  const statuses = createMemoryStatuses();
  const releases = createMemoryReleases();
  await statuses.put(
    status({ provider: pods.id, ...(held && { guard: { since, sources: 3, targets: 7 } }) }),
  );
  const plan = async (): Promise<Plan> => ({
    hash: "h",
    providers: [pods],
    warnings: [],
    settings: noSettings,
    configuration: { jobs: [] },
  });
  const log = createLog({ level: "error", write: () => undefined });
  const answer = answerRelease(
    { plan, statuses, releases, bus, log, clock: () => now },
    async () => "others",
  );
  const post = async (to: string, headers: Record<string, string> = {}) => {
    const answered = await answer(request(to, headers));
    assert.ok(typeof answered === "object");
    return { statusCode: answered.statusCode, json: JSON.parse(String(answered.body)) };
  };
  return { answer, post, bus, releases };
};

/** As the door hands it to `tick`: its own path parameters, no `path`. */
const request = (path: string, headers: Record<string, string>) => ({
  httpMethod: "POST",
  path,
  pathParameters: { mechanism: "kubernetes", id: "00000000000a" },
  headers: { host: "127.0.0.1:9095", ...headers },
  requestContext: { identity: { sourceIp: "127.0.0.1" } },
});
