import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { attributesOf } from "../../../../lib/adapter/identity/attributes.ts";
import { createKubernetesObjects } from "../../../../lib/adapter/objects/kubernetes.ts";
import { NotListed } from "../../../../lib/adapter/objects/objects.ts";
import {
  createReviewAccess,
  createReviewToken,
  createTrustReader,
} from "../../../../lib/adapter/objects/reviews.ts";
import { createAuthority } from "../../http/support/certificates.ts";
import { type Answered, startApiServer } from "./apiserver.ts";

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});
const serve = async (answers: (path: string, document: unknown) => Answered | undefined) => {
  const server = await startApiServer(answers);
  stops.push(server.stop);
  return server;
};

const user = { name: "jane", groups: ["team"], extra: { scopes: ["a"] } };
const everywhere = { namespace: undefined, label: "", field: "" };

describe("objects of a cluster", () => {
  test("are listed by nothing but their metadata, narrowed on the server", async () => {
    const item = { metadata: { name: "web", namespace: "shop", labels: { app: "web" } } };
    const { api, asked } = await serve(() => ({
      body: { kind: "PartialObjectMetadataList", metadata: { resourceVersion: "1" }, items: [item] },
    }));
    const objects = createKubernetesObjects(api);
    const deployments = { group: "apps", version: "v1", resource: "deployments" };
    const narrowed = { namespace: "shop", label: "app in (web)", field: "metadata.name=web" };
    assert.deepEqual(await objects.list(deployments, narrowed), [
      { namespace: "shop", name: "web", labels: { app: "web" } },
    ]);
    const url = new URL(asked[0]?.path ?? "", "http://x");
    assert.equal(url.pathname, "/apis/apps/v1/namespaces/shop/deployments");
    assert.deepEqual(
      [url.searchParams.get("labelSelector"), url.searchParams.get("fieldSelector")],
      ["app in (web)", "metadata.name=web"],
    );
    assert.match(asked[0]?.headers.accept ?? "", /as=PartialObjectMetadataList/);
    await objects.list({ group: "", version: "v1", resource: "nodes" }, everywhere);
    assert.match(asked[1]?.path ?? "", /^\/api\/v1\/nodes\?/);
  });

  test("are not listed for somebody who waits no longer", async () => {
    const controller = new AbortController();
    const { api } = await serve(() => {
      controller.abort();
      return { body: { kind: "Status" } };
    });
    const pods = { group: "", version: "v1", resource: "pods" };
    const listing = createKubernetesObjects(api).list(pods, everywhere, controller.signal);
    await assert.rejects(listing, (error) => error instanceof NotListed && /abort/i.test(error.message));
  });

  test("of a namespace that a URL would take for another place are not asked for", async () => {
    const { api, asked } = await serve(() => ({ body: {} }));
    const pods = { group: "", version: "v1", resource: "pods" };
    const listing = createKubernetesObjects(api).list(pods, { ...everywhere, namespace: ".." });
    await assert.rejects(listing, NotListed);
    assert.deepEqual(asked, []);
  });

  test("that the server refuses to list are an error; its words for a selector are kept", async () => {
    const refusals: [number, string, string | undefined][] = [
      [403, "forbidden", undefined],
      [500, "broken", undefined],
      [400, "field label not supported: x", "field label not supported: x"],
    ];
    for (const [status, message, badSelector] of refusals) {
      const { api } = await serve(() => ({ status, body: { kind: "Status", message } }));
      const listing = createKubernetesObjects(api).list(
        { group: "", version: "v1", resource: "pods" },
        everywhere,
      );
      await assert.rejects(listing, (error) => {
        assert.ok(error instanceof NotListed);
        assert.equal(error.badSelector, badSelector);
        return true;
      });
    }
  });
});

describe("a cluster's word on its users", () => {
  test("whether one may: a SubjectAccessReview says who, and what the request wants", async () => {
    const { api, asked } = await serve(() => ({
      status: 201,
      body: { kind: "SubjectAccessReview", status: { allowed: false, reason: "no rule" } },
    }));
    const review = createReviewAccess(api);
    const path = "/apis/external.metrics.k8s.io/v1beta1/namespaces/shop/queue";
    assert.deepEqual(await review(user, attributesOf("GET", path)), { allowed: false, reason: "no rule" });
    assert.deepEqual(asked[0]?.document, {
      kind: "SubjectAccessReview",
      apiVersion: "authorization.k8s.io/v1",
      spec: {
        user: "jane",
        groups: ["team"],
        extra: { scopes: ["a"] },
        resourceAttributes: {
          verb: "list",
          group: "external.metrics.k8s.io",
          version: "v1beta1",
          namespace: "shop",
          resource: "queue",
          subresource: "",
          name: "",
        },
      },
    });
    await review(user, attributesOf("GET", "/metrics"));
    assert.deepEqual(Object(asked[1]?.document).spec.nonResourceAttributes, {
      path: "/metrics",
      verb: "get",
    });
  });

  test("is no word when it is something else: nobody is let in by it", async () => {
    for (const body of [
      "{",
      {},
      { kind: "SubjectAccessReview", status: { allowed: "yes" } },
      { kind: "Status" },
    ]) {
      const { api } = await serve(() => ({ status: 201, body }));
      await assert.rejects(createReviewAccess(api)(user, attributesOf("GET", "/metrics")));
      await assert.rejects(createReviewToken(api, () => 0)("token"));
    }
    const { api } = await serve(() => ({ status: 403, body: {} }));
    await assert.rejects(createReviewAccess(api)(user, attributesOf("GET", "/metrics")), /403/);
  });

  test("whose token it is: a TokenReview, remembered for ten seconds", async () => {
    const { api, asked, clock, later } = await serve((_, document) => ({
      status: 201,
      body: {
        kind: "TokenReview",
        status:
          Object(document).spec.token === "good"
            ? { authenticated: true, user: { username: "bot", uid: "1", groups: null, extra: { a: ["b"] } } }
            : { error: "no" },
      },
    }));
    const review = createReviewToken(api, clock);
    const bot = { name: "bot", uid: "1", groups: [], extra: { a: ["b"] } };
    assert.deepEqual(await review("good"), bot);
    assert.deepEqual(await review("good"), bot);
    assert.equal(await review("bad"), undefined);
    assert.equal(asked.length, 2);
    later(10_000);
    await review("good");
    assert.equal(asked.length, 3);
  });

  test("by whom its callers are known: read anew after a minute, and the last word holds while it is silent", async () => {
    const { cert } = createAuthority("front-proxy-ca");
    let answers: Answered = {
      body: { kind: "ConfigMap", data: { "requestheader-client-ca-file": cert } },
    };
    const { api, asked, clock, later } = await serve(() => answers);
    const trust = createTrustReader(api, clock);
    assert.equal((await trust()).frontProxy?.authorities.length, 1);
    await trust();
    assert.deepEqual(
      asked.map(({ path }) => path),
      ["/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication"],
    );
    answers = { status: 500, body: {} };
    later(60_000);
    assert.equal((await trust()).frontProxy?.authorities.length, 1);
    assert.equal(asked.length, 2);
    await assert.rejects(createTrustReader(api, clock)());
  });

  test("is asked for with new credentials once those at hand are refused", async () => {
    let count = 0;
    const { api } = await serve(() => {
      count += 1;
      return count === 1
        ? { status: 401, body: {} }
        : { status: 201, body: { kind: "SubjectAccessReview", status: { allowed: true } } };
    });
    const decided = await createReviewAccess(api)(user, attributesOf("GET", "/metrics"));
    assert.deepEqual([decided.allowed, count], [true, 2]);
  });
});
