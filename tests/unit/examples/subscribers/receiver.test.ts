import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { beginWith, createReceiver } from "../../../../docs/examples/subscribers/state/receiver.ts";
import { createState } from "../../../../docs/examples/subscribers/state/state.ts";
import { signatureOf } from "../../../../docs/examples/subscribers/webhook/signature.ts";
import { listening } from "../../../fakes/listening.ts";
import { answering, group, secret, serverFor, token } from "./world.ts";

const receiverFor = async (context: TestContext) => {
  const state = createState(Date.now);
  const server = createReceiver({ state, secret });
  const port = await listening(server);
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${port}`;
  const post = async (body: string, { age = 0, key = secret } = {}) => {
    const timestamp = Math.floor(Date.now() / 1000) - age;
    const headers = {
      "webhook-id": "1",
      "webhook-timestamp": `${timestamp}`,
      "webhook-signature": signatureOf({ secret: key, id: "1", timestamp, body }),
    };
    return (await fetch(url, { method: "POST", headers, body })).status;
  };
  return { state, post };
};

const told = { provider: "p", version: { epoch: 1, sequence: 1 }, group };
const payload = JSON.stringify({ type: "target_group.changed", timestamp: "", data: told });

describe("a receiver of the webhook with a state", () => {
  test("takes what is signed, as often as it comes", async (context) => {
    const { state, post } = await receiverFor(context);
    assert.deepEqual([await post(payload), await post(payload)], [204, 204]);
    assert.deepEqual(state.groups(), [told]);
  });

  test("takes nothing that is signed with another key, or long ago, or not at all", async (context) => {
    const { state, post } = await receiverFor(context);
    assert.equal(await post(payload, { key: "whsec_AAAA" }), 401);
    assert.equal(await post(payload, { age: 3600 }), 401);
    assert.equal(await post("{}"), 400);
    assert.deepEqual(state.groups(), []);
  });

  test("begins with every page of the door's listing, or not at all", async (context) => {
    const pages = new Map([
      [null, { groups: [told], cursor: "2" }],
      ["2", { groups: [{ ...told, group: { ...group, source: "z" } }], cursor: null }],
    ]);
    const door = await serverFor(context, ({ path, headers }, response) => {
      const { searchParams, pathname } = new URL(path, "http://door");
      const isAllowed = headers.authorization === `Bearer ${token}` && pathname === "/prod/api/v1/groups";
      const data = pages.get(searchParams.get("cursor"));
      response.writeHead(isAllowed ? 200 : 401).end(JSON.stringify({ status: "success", data }));
    });
    const state = createState(Date.now);
    const doorUrl = new URL(`${door.url}/prod/`);
    await beginWith(state, { doorUrl, token, job: "pods", clock: Date.now });
    assert.deepEqual(
      state.groups().map(({ group: { source } }) => source),
      ["pod/shop/web-1", "z"],
    );
    assert.match(door.received[1]?.path ?? "", /job=pods&cursor=2/);
    await assert.rejects(beginWith(state, { doorUrl, token: "x", clock: Date.now }), /answered 401/);
    const broken = await serverFor(context, answering(200, '{"data":{}}'));
    await assert.rejects(beginWith(state, { doorUrl: new URL(broken.url), token, clock: Date.now }));
    assert.equal(state.groups().length, 2);
  });
});
