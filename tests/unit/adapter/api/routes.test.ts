import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { tooManyRequests } from "../../../../lib/adapter/api/status.ts";
import type { Attributes } from "../../../../lib/adapter/identity/attributes.ts";
import { leafHeader } from "../../../../lib/adapter/identity/authenticate.ts";
import { createKubernetesObjects } from "../../../../lib/adapter/objects/kubernetes.ts";
import { startApiServer } from "../objects/apiserver.ts";
import { ask, node, pod, world } from "../world.ts";

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

describe("whatever path, selector and header are asked with", () => {
  const part = fc.oneof(
    fc.constantFrom("apis", "namespaces", "*", "pods", "nodes", "metrics", "hits", "shop", "web", ""),
    fc.constantFrom(
      "custom.metrics.k8s.io",
      "external.metrics.k8s.io",
      "metrics.k8s.io",
      "v1beta1",
      "v1beta2",
    ),
    fc.constantFrom("__proto__", "constructor", "%00", "%2F", "a,b=c\\", "openapi", "v3", "pods.x.y"),
    fc.constantFrom(".", "..", "%2e%2E", "%252e%252e", "..%2F..", "."),
    fc.string({ maxLength: 8 }),
  );
  const places = fc.oneof(
    fc.array(part, { maxLength: 6 }),
    part.map((one) => ["namespaces", one, "pods"]),
    part.map((one) => ["namespaces", one, "pods", "*", "hits"]),
  );
  const value = fc.oneof(
    fc.constantFrom(
      "a=b",
      "a in (b",
      "!",
      ",",
      "a notin (x)",
      "metadata.name=web",
      "a>1",
      "=",
      "a=b,,c",
      '"} or vector(1) #',
    ),
    fc.string({ maxLength: 12 }),
  );
  const name = fc.constantFrom(
    "labelSelector",
    "metricLabelSelector",
    "fieldSelector",
    "pretty",
    "includeObject",
  );
  const query = fc.array(fc.tuple(name, value), { maxLength: 3 });
  const prefix = fc.constantFrom(
    "/",
    "/apis/custom.metrics.k8s.io/v1beta1/",
    "/apis/custom.metrics.k8s.io/v1beta2/namespaces/shop/",
    "/apis/external.metrics.k8s.io/v1beta1/namespaces/",
    "/apis/metrics.k8s.io/v1beta1/",
  );
  const headers = fc.record({
    accept: fc.constantFrom("", "*/*", "application/json;as=Table;g=meta.k8s.io;v=v1", "x", ";;=,"),
    authorization: fc.constantFrom("", "Bearer", "Bearer x y", "Basic x"),
    "x-remote-extra-%zz": fc.string({ maxLength: 4 }),
  });
  const shop = { namespace: "shop", name: "web", at: 1, window: 60_000, containers: [] };

  test("the answer is never a server's failure, but for a selector that upstream answers so", async (t) => {
    const listable = /^\/api\/v1\/(?:(?:namespaces\/shop\/)?pods|nodes|namespaces)$/;
    const listed = (metadata: object) => ({
      body: { kind: "PartialObjectMetadataList", metadata: { resourceVersion: "1" }, items: [{ metadata }] },
    });
    const server = await startApiServer((place) =>
      listable.test(place.split("?")[0] ?? "") ? listed({ name: "web", namespace: "shop" }) : undefined,
    );
    t.after(server.stop);
    const { parts } = world({ custom: { hits: { web: 1 } }, external: { hits: [] }, pods: [shop] });
    let allowed: Attributes | undefined;
    const get = (target: string, more: object) =>
      ask(
        {
          ...parts,
          objects: createKubernetesObjects(server.api),
          authorize: async (_user, attributes) => {
            allowed = attributes;
            return { allowed: true, reason: "" };
          },
        },
        target,
        more,
      );
    /** Nothing is asked of the cluster but of the namespace that was allowed. */
    const checkPlaces = () => {
      for (const { path: place } of server.asked.splice(0)) {
        const [, namespace] = /^\/apis?(?:\/apps)?\/v1\/(?:namespaces\/([^/?]+)\/)?[a-z]+\?/.exec(place) ?? [
          assert.fail(`asked for ${place}`),
        ];
        assert.ok(allowed?.kind === "resource", place);
        assert.equal(decodeURIComponent(namespace ?? ""), allowed.namespace, place);
      }
    };
    await fc.assert(
      fc.asyncProperty(prefix, places, query, headers, async (begin, parts, asked, more) => {
        const search = new URLSearchParams(asked).toString();
        const { status, body } = await get(`${begin}${parts.join("/").replaceAll("?", "")}?${search}`, {
          headers: more,
        });
        const excused =
          asked.some(([one]) => one === "metricLabelSelector") ||
          // Objects that this cluster does not list, or a resource that it does not have.
          /unable to list/.test(Object(body).message ?? "");
        assert.ok(status < 500 || excused, `${status} ${JSON.stringify(body)}`);
        checkPlaces();
      }),
      { numRuns: Number(process.env.ROLLCALL_FUZZ_RUNS ?? 1000) },
    );
  });
});
