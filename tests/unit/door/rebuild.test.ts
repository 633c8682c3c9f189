import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { createMemoryBus } from "../../../lib/bus/memory.ts";
import { noSettings } from "../../../lib/config/settings.ts";
import type { Plan } from "../../../lib/discovery/current.ts";
import { answerRebuild } from "../../../lib/door/rebuild.ts";
import { createMemoryLeases } from "../../../lib/lease/memory.ts";
import { createLog } from "../../../lib/log.ts";
import { createMemoryRebuilds } from "../../../lib/pool/memory.ts";
import { provider } from "../../fakes/providers.ts";

const now = Date.parse("2026-11-22T12:00:00Z");
const pods = provider({ id: "kubernetes/00000000000a", cluster: "prod", jobs: ["pods"], follow: "relay" });
const nodes = provider({ id: "kubernetes/00000000000b", cluster: "prod", jobs: ["nodes"], follow: "relay" });
const files = provider({ id: "file/00000000000c", cluster: "file/00000000000c", jobs: ["files"] });

describe("POST /api/v1/rebuild", () => {
  test("asks for one provider, with an epoch that nobody has taken yet", async () => {
    const world = await setUp();
    const taken = await world.leases.take({ cluster: "prod", holder: "relay/1", milliseconds: 1000 });
    assert.ok("epoch" in taken);
    const { statusCode, json } = await world.post({ provider: pods.id });
    assert.equal(statusCode, 202);
    const told = { provider: pods.id, cluster: "prod", jobs: ["pods"], epoch: taken.epoch + 1 };
    assert.deepEqual(json, { status: "success", data: { providers: [told] } });
    assert.deepEqual([...(await world.rebuilds.asked())], [[pods.id, taken.epoch + 1]]);
    assert.deepEqual(world.bus.entries, [], "its relay sees it");
  });

  test("asks for all of a cluster, or for everything, and orders looks where no relay follows", async () => {
    const world = await setUp();
    await world.post({ cluster: "prod" });
    assert.deepEqual([...(await world.rebuilds.asked()).keys()], [pods.id, nodes.id]);
    const { json } = await world.post({ all: "true" });
    assert.equal(json.data.providers.length, 3);
    assert.deepEqual(world.bus.entries, [
      { detailType: "Discovery Due", detail: { schema: 1, cluster: files.cluster } },
    ]);
  });

  test("is 400 for no question, two, or one that is not known, and 404 for what is not there", async () => {
    const world = await setUp();
    for (const query of [
      {},
      { all: "no" },
      { job: "pods" },
      { all: "true", cluster: "prod" },
      { cluster: "" },
    ]) {
      const { statusCode, json } = await world.post(query);
      assert.deepEqual(
        [statusCode, json.error],
        [400, "expected exactly one of provider=ID, cluster=NAME and all=true"],
      );
    }
    const { statusCode, json } = await world.post({ cluster: "stage" });
    assert.deepEqual([statusCode, json.error], [404, "there is no cluster stage"]);
    assert.equal((await world.rebuilds.asked()).size, 0);
  });

  test("needs a token that may operate, and then rebuilds only what the token may read", async () => {
    const world = await setUp({ tokens: true });
    assert.equal((await world.post({ all: "true" })).statusCode, 401);
    assert.equal((await world.post({ all: "true" }, { authorization: "Bearer reader" })).statusCode, 403);
    const { json } = await world.post({ all: "true" }, { authorization: "Bearer operator" });
    assert.deepEqual(
      json.data.providers.map((one: { provider: string }) => one.provider),
      [pods.id],
    );
  });

  test("is refused to a page from elsewhere, and leaves other requests and schedules to others", async () => {
    const world = await setUp();
    assert.equal((await world.post({ all: "true" }, { origin: "https://evil.example" })).statusCode, 403);
    assert.equal((await world.rebuilds.asked()).size, 0);
    assert.equal(await world.answer({ schedule: "tick" }), "others");
  });
});

const setUp = async ({ tokens = false } = {}) => {
  const bus = createMemoryBus();
  const leases = createMemoryLeases(() => now);
  const rebuilds = createMemoryRebuilds();
  const token = (name: string, operate: boolean) => ({
    name,
    sha256: createHash("sha256").update(name).digest("hex"),
    jobs: ["pods"],
    clusters: ["*"],
    operate,
  });
  const settings = tokens
    ? { ...noSettings, tokens: [token("reader", false), token("operator", true)] }
    : noSettings;
  const plan = async (): Promise<Plan> => ({
    hash: "h",
    providers: [pods, nodes, files],
    warnings: [],
    settings,
    configuration: { jobs: [] },
  });
  const log = createLog({ level: "error", write: () => undefined });
  const parts = { plan, leases, rebuilds, bus, log, clock: () => now };
  const answer = answerRebuild(parts, async () => "others");
  const post = async (query: Record<string, string>, headers: Record<string, string> = {}) => {
    const answered = await answer(request(query, headers));
    assert.ok(typeof answered === "object");
    return { statusCode: answered.statusCode, json: JSON.parse(String(answered.body)) };
  };
  return { answer, post, bus, leases, rebuilds };
};

const request = (query: Record<string, string>, headers: Record<string, string>) => ({
  httpMethod: "POST",
  path: "/api/v1/rebuild",
  headers: { host: "127.0.0.1:9095", ...headers },
  multiValueQueryStringParameters: Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, [value]]),
  ),
  requestContext: { identity: { sourceIp: "127.0.0.1" } },
});
