import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { afterEach, describe, test } from "node:test";
import { listAll } from "../../../../lib/discovery/kubernetes/list.ts";
import { pods, replicaSets } from "../../../../lib/discovery/kubernetes/resources.ts";
import type { Transport } from "../../../../lib/http/transport.ts";
import {
  answerJson,
  cleanUp,
  clientOf,
  continues,
  listPods,
  manyPods,
  podsNamed,
  podsPath,
  startServer,
} from "./listing.ts";
import { answerStatus } from "./server.ts";

afterEach(cleanUp);

describe("a list", () => {
  test("is read page by page and whole", async () => {
    const server = await startServer({ lists: { [podsPath]: manyPods(7) } });
    assert.deepEqual(await listPods(server.url, { pageSize: 3 }), ["p0", "p1", "p2", "p3", "p4", "p5", "p6"]);
    assert.deepEqual(server.requests, [
      `${podsPath}?limit=3`,
      `${podsPath}?limit=3&continue=3`,
      `${podsPath}?limit=3&continue=6`,
    ]);
  });

  test("asks for pages of 500, compressed, and says what narrows it", async () => {
    const server = await startServer({ lists: { [podsPath]: [] } });
    await listPods(server.url, {}, { label: "app=web,x!=y", field: "spec.nodeName=n" });
    const query = new URL(server.requests[0]!, server.url).searchParams;
    assert.deepEqual(Object.fromEntries(query), {
      labelSelector: "app=web,x!=y",
      fieldSelector: "spec.nodeName=n",
      limit: "500",
    });
    assert.equal(server.headers[0]!["accept-encoding"], "gzip");
  });

  test("keeps the path that the server's URL begins with", async () => {
    const server = await startServer({ lists: { [`/k8s/clusters/c1${podsPath}`]: podsNamed("a") } });
    assert.deepEqual(await listPods(`${server.url}/k8s/clusters/c1/`), ["a"]);
  });

  test("asks for the next page before the one at hand is decoded", async () => {
    const server = await startServer({ lists: { [podsPath]: manyPods(3) } });
    const log: string[] = [];
    const { server: url, transport } = await clientOf(server.url);
    const open: Transport["open"] = (page, options) => {
      log.push("asked");
      return transport.open(page, options);
    };
    const decode: typeof pods.decode = (object) => {
      log.push("decoded");
      return pods.decode(object);
    };
    const request = { resource: { ...pods, decode }, namespace: "", selector: { label: "", field: "" } };
    const watched = { open, close: transport.close };
    await listAll(request, {
      server: url,
      transport: watched,
      signal: AbortSignal.timeout(20_000),
      pageSize: 1,
    });
    assert.deepEqual(log, ["asked", "asked", "decoded", "asked", "decoded", "decoded"]);
  });

  test("begins anew when its continuation has expired, and mixes nothing", async () => {
    let expired = false;
    const server = await startServer({
      lists: { [podsPath]: podsNamed("new1", "new2", "new3") },
      override: (request, response) => {
        if (expired) return false;
        if (continues(request)) {
          expired = true;
          return answerStatus(response, 410, "The provided continue parameter is too old");
        }
        const metadata = { resourceVersion: "1", continue: "2" };
        return answerJson(response, {
          kind: "PodList",
          apiVersion: "v1",
          metadata,
          items: podsNamed("old1", "old2"),
        });
      },
    });
    assert.deepEqual(await listPods(server.url, { pageSize: 2 }), ["new1", "new2", "new3"]);
  });

  test("gives up when it expires every time", async () => {
    const server = await startServer({
      lists: { [podsPath]: manyPods(4) },
      override: (request, response) => continues(request) && answerStatus(response, 410, "too old"),
    });
    await assert.rejects(listPods(server.url, { pageSize: 2 }), {
      message: `GET ${server.url}${podsPath}: the list expired between pages 3 times`,
    });
    assert.equal(server.requests.length, 6);
  });

  test("is refused when its pages come from two states of the cluster", async () => {
    const server = await startServer({
      override: (request, response) => {
        const second = continues(request);
        const metadata = second ? { resourceVersion: "2" } : { resourceVersion: "1", continue: "x" };
        return answerJson(response, { kind: "PodList", apiVersion: "v1", metadata, items: [] });
      },
    });
    await assert.rejects(listPods(server.url), /expired between pages/);
  });

  test("that never ends is given up", async () => {
    const text =
      '{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1","continue":"again"},"items":[]}';
    let asked = 0;
    const open: Transport["open"] = async () => {
      asked += 1;
      const headers = { "content-type": "application/json" };
      return { status: 200, statusText: "OK", headers, body: Readable.from([Buffer.from(text)]) };
    };
    const transport = { open, close: () => {} };
    const request = { resource: pods, namespace: "", selector: { label: "", field: "" } };
    const server = new URL("http://127.0.0.1:9");
    await assert.rejects(listAll(request, { server, transport, signal: AbortSignal.timeout(60_000) }), {
      message: "GET http://127.0.0.1:9/api/v1/pods: more than 2000 pages",
    });
    assert.equal(asked, 2_001);
  });

  test("accepts null for what Go takes as empty", async () => {
    const server = await startServer({
      override: (_request, response) => answerJson(response, { kind: "PodList", metadata: {}, items: null }),
    });
    assert.deepEqual(await listPods(server.url), []);
  });

  test("of what is only metadata says so, and takes whole objects all the same", async () => {
    const server = await startServer({ lists: { "/apis/apps/v1/replicasets": podsNamed("web-1") } });
    const request = { resource: replicaSets, namespace: "", selector: { label: "", field: "" } };
    const found = await listAll(request, {
      ...(await clientOf(server.url)),
      signal: AbortSignal.timeout(20_000),
    });
    assert.deepEqual(
      found.map(({ meta }) => meta.name),
      ["web-1"],
    );
    assert.match(server.headers[0]!.accept ?? "", /as=PartialObjectMetadataList.*,application\/json/);
  });
});
