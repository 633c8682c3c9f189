import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { parse } from "yaml";
import { found, present } from "../../../../lib/adapter/api/answer.ts";
import { readApiRequest } from "../../../../lib/adapter/api/request.ts";
import { requestOf } from "../world.ts";

const large = { items: Array.from({ length: 30_000 }, (_, n) => ({ metricName: `metric_${n}` })) };

describe("an answer of the metrics APIs", () => {
  test("is JSON unless YAML is asked for first; pretty if that is asked for", () => {
    const document = { kind: "Status", code: 404 };
    const plain = present(requestOf("/"), found(document));
    assert.deepEqual(plain.multiValueHeaders["Content-Type"], ["application/json"]);
    assert.equal(plain.body, '{"kind":"Status","code":404}\n');
    const yaml = present(requestOf("/", "GET", { accept: "application/yaml, */*" }), found(document));
    assert.deepEqual(parse(yaml.body), document);
    assert.match(present(requestOf("/?pretty=true"), found(document)).body, /^\{\n {2}"kind"/);
    assert.doesNotMatch(present(requestOf("/?pretty=false"), found(document)).body, /^\{\n/);
  });

  test("is packed when it is large and the client takes that", () => {
    const packed = present(requestOf("/", "GET", { "accept-encoding": "gzip" }), found(large));
    assert.ok(packed.isBase64Encoded);
    assert.deepEqual(packed.multiValueHeaders["Content-Encoding"], ["gzip"]);
    assert.deepEqual(JSON.parse(gunzipSync(Buffer.from(packed.body, "base64")).toString()), large);
    const small = present(requestOf("/", "GET", { "accept-encoding": "gzip" }), found({}));
    assert.equal(small.isBase64Encoded, false);
  });

  test("that is larger than a load balancer takes is a Status that names the limit", () => {
    const most = 1_000_000;
    const refused = present(requestOf("/"), found(large), most);
    assert.equal(refused.statusCode, 500);
    assert.match(
      JSON.parse(refused.body).message,
      /has \d{6,} bytes, and behind a load balancer 1000000 is the most/,
    );
    const packed = present(requestOf("/", "GET", { "accept-encoding": "gzip" }), found(large), most);
    assert.equal(packed.statusCode, 200);
    assert.equal(present(requestOf("/"), found(large)).statusCode, 200);
  });
});

describe("a load balancer's event", () => {
  const event = {
    requestContext: { elb: { targetGroupArn: "arn" } },
    httpMethod: "GET",
    path: "/apis/custom.metrics.k8s.io/v1beta1/namespaces/shop/pods/%2A/hits",
    multiValueQueryStringParameters: { labelSelector: ["app%3Dweb%2Cx+y"], b: ["1", "2"] },
    multiValueHeaders: { Host: ["Adapter.Example:443"], "X-Remote-Group": ["a", "b"] },
    body: "",
    isBase64Encoded: false,
  };

  test("has its path and query decoded once, its headers by lower-case name, its host without port", () => {
    const request = readApiRequest(event);
    assert.equal(request.path, "/apis/custom.metrics.k8s.io/v1beta1/namespaces/shop/pods/*/hits");
    assert.equal(request.query.get("labelSelector"), "app=web,x y");
    assert.deepEqual(request.query.getAll("b"), ["1", "2"]);
    assert.deepEqual(request.headers.get("x-remote-group"), ["a", "b"]);
    assert.equal(request.host, "adapter.example");
    assert.equal(readApiRequest({ ...event, path: "/%" }).path, undefined);
  });

  test("of another kind, or with single headers, is refused", () => {
    const { multiValueHeaders: _, ...single } = event;
    for (const odd of [{}, single, { ...event, requestContext: {} }, null])
      assert.throws(() => readApiRequest(odd));
  });
});
