import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tooManyRequests } from "../../../../lib/adapter/api/status.ts";
import type { Attributes } from "../../../../lib/adapter/identity/attributes.ts";
import { leafHeader } from "../../../../lib/adapter/identity/authenticate.ts";
import { node, pod, world } from "../world.ts";

const path = "/apis/external.metrics.k8s.io/v1beta1/namespaces/shop/queue";
const external = { queue: [] };

describe("a request to the metrics APIs", () => {
  test("of somebody who may not is 403; the cluster is asked for the user and what the path says", async () => {
    const asked: [string, Attributes][] = [];
    const authorize = async (user: { name: string }, attributes: Attributes) => {
      asked.push([user.name, attributes]);
      return { allowed: false, reason: "" };
    };
    const { status, body } = await world({ external, authorize }).get(path, {
      headers: { "X-Remote-User": "root", "X-Remote-Group": "system:masters" },
    });
    assert.deepEqual([status, body.reason], [403, "Forbidden"]);
    assert.equal(
      body.message,
      'queue.external.metrics.k8s.io is forbidden: User "system:anonymous" cannot list resource "queue" in API group "external.metrics.k8s.io" in the namespace "shop"',
    );
    assert.deepEqual(
      asked.map(([name]) => name),
      ["system:anonymous"],
    );
  });

  test("of somebody who is not believed is 401, and says no more", async () => {
    const { get } = world({ external });
    const answers = [
      await get(path, { headers: { [leafHeader]: "x" } }),
      await get(path, { headers: { authorization: "Bearer x" } }),
      await world({ external, allowsAnonymous: false }).get(path, { headers: { "x-remote-user": "root" } }),
    ];
    for (const { status, body } of answers)
      assert.deepEqual([status, body.message, body.reason], [401, "Unauthorized", "Unauthorized"]);
  });

  test("of somebody who is not believed is told with the reason", async () => {
    const { get, refused } = world({ external });
    await get(path, { headers: { authorization: "Bearer x" } });
    assert.deepEqual(refused, ["the token is nobody's"]);
  });

  test("is 429 when the cluster would be asked too often", async () => {
    const often = async () => Promise.reject(tooManyRequests());
    const headers = { authorization: "Bearer x" };
    for (const options of [{ reviewToken: often }, { authorize: often }]) {
      const more = "reviewToken" in options ? { headers } : {};
      const { status, body } = await world({ external, ...options }).get(path, more);
      assert.deepEqual([status, body.reason], [429, "TooManyRequests"]);
    }
  });

  test("is 500 while the cluster cannot be asked who that is or whether they may, without the reason", async () => {
    const away = async () => Promise.reject(new Error("connect ECONNREFUSED 10.0.0.1"));
    for (const options of [{ trust: away }, { authorize: away }]) {
      const { status, body } = await world({ external, ...options }).get(path);
      assert.equal(status, 500);
      assert.doesNotMatch(JSON.stringify(body), /10\.0\.0\.1/);
    }
  });

  test("for health is answered to everybody, whatever the cluster does", async () => {
    const away = async () => Promise.reject(new Error("away"));
    const { get } = world({ trust: away, allowsAnonymous: false });
    for (const one of ["/healthz", "/livez", "/readyz"])
      assert.deepEqual(await get(one), { status: 200, body: "ok", type: undefined });
    assert.notEqual((await get("/healthz/x")).status, 200);
  });

  test("by another method than GET is 405, for another form than we have 406", async () => {
    const { get } = world({ external });
    assert.deepEqual((await get(path, { method: "POST" })).body.reason, "MethodNotAllowed");
    const protobuf = { accept: "application/vnd.kubernetes.protobuf" };
    assert.equal((await get(path, { headers: protobuf })).status, 406);
    const second = { accept: "application/vnd.kubernetes.protobuf, */*" };
    assert.equal((await get(path, { headers: second })).status, 200);
  });

  test("with a path that is not percent-encoded is 400", async () => {
    assert.equal((await world().get("/apis/%zz")).status, 400);
  });

  const wrong: [string, string][] = [
    ["/apis/metrics.k8s.io/v1beta1/namespaces/../pods", `invalid namespace "..": may not be '..'`],
    ["/apis/metrics.k8s.io/v1beta1/namespaces/%2e/pods/web", `invalid namespace ".": may not be '.'`],
    ["/apis/metrics.k8s.io/v1beta1/nodes/%2e%2e", `invalid name "..": may not be '..'`],
    ["/apis/metrics.k8s.io/v1beta1/nodes/a%252e", `invalid name "a%2e": may not contain '%'`],
    [
      "/apis/custom.metrics.k8s.io/v1beta1/namespaces/%2e%2e/pods/*/hits",
      `invalid namespace "..": may not be '..'`,
    ],
    ["/apis/custom.metrics.k8s.io/v1beta1/../x/hits", `invalid resource "..": may not be '..'`],
    ["/apis/external.metrics.k8s.io/v1beta1/namespaces/../queue", `invalid namespace "..": may not be '..'`],
  ];
  for (const [one, message] of wrong)
    test(`for ${one} is 400: ${message}`, async () => {
      const { get, asked } = world({ external, objects: { "../pods": [pod("web")], "/nodes": [node("n")] } });
      const { status, body } = await get(one);
      assert.deepEqual([status, body.reason, body.message, asked], [400, "BadRequest", message, []]);
    });

  test("with a slash at its end is allowed and answered as without one", async () => {
    for (const one of ["/metrics", "/version", "/openapi/v2", "/apis"]) {
      const asked: Attributes[] = [];
      const authorize = async (_user: object, attributes: Attributes) => {
        asked.push(attributes);
        return { allowed: true, reason: "" };
      };
      assert.equal((await world({ authorize }).get(`${one}/`)).status, 200);
      assert.deepEqual(asked, [{ kind: "path", verb: "get", path: one }]);
    }
  });

  test("for the version tells one", async () => {
    assert.equal((await world().get("/version")).body.gitVersion, "rollcall");
  });
});
