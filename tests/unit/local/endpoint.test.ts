import assert from "node:assert/strict";
import { request } from "node:http";
import { type TestContext, test } from "node:test";
import { makeCredentials } from "../../../local/credentials.ts";
import { startEndpoint } from "../../../local/endpoint.ts";
import { type Service, ServiceError } from "../../../local/protocol.ts";

const service: Service = {
  target: "Echo",
  contentType: "application/x-amz-json-1.0",
  actions: {
    Say: (input) => ({ said: input }),
    Refuse: () => {
      throw new ServiceError("NoSuchThing", "there is none", "AWS.Old.NoSuchThing");
    },
    Break: () => {
      throw new Error("broken");
    },
  },
};

const credentials = makeCredentials();
const signedBy = (accessKeyId: string) =>
  `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261126/eu-central-1/echo/aws4_request, SignedHeaders=host, Signature=0`;

const start = async (context: TestContext) => {
  const endpoint = await startEndpoint(credentials);
  context.after(endpoint.close);
  endpoint.serve([service]);
  return endpoint.url;
};

const post = (
  url: string,
  { headers = {}, body = "{}" }: { headers?: Record<string, string>; body?: string },
) =>
  new Promise<{ status: number | undefined; headers: NodeJS.Dict<string | string[]>; text: string }>(
    (resolve, reject) => {
      const all = {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "Echo.Say",
        authorization: signedBy(credentials.accessKeyId),
        ...headers,
      };
      const sent = request(url, { method: "POST", headers: all }, (response) => {
        let text = "";
        response.on("data", (chunk) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, text }));
      });
      sent.on("error", reject);
      sent.end(body);
    },
  );

test("endpoint: a service is found by its target", async (context) => {
  const answer = await post(await start(context), { body: '{"a":1}' });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers["content-type"], "application/x-amz-json-1.0");
  assert.equal(answer.text, '{"said":{"a":1}}');
});

const refusals: readonly [string, { headers?: Record<string, string>; body?: string }, string][] = [
  [
    "another access key",
    { headers: { authorization: signedBy(makeCredentials().accessKeyId) } },
    "UnrecognizedClientException",
  ],
  [
    "the beginning of the access key",
    { headers: { authorization: signedBy(credentials.accessKeyId.slice(0, -1)) } },
    "UnrecognizedClientException",
  ],
  ["another scheme", { headers: { authorization: "Basic eDp5" } }, "UnrecognizedClientException"],
  ["a Host that is not loopback", { headers: { host: "rollcall.example" } }, "AccessDeniedException"],
  [
    "a Host that only begins like loopback",
    { headers: { host: "127.0.0.1.example:80" } },
    "AccessDeniedException",
  ],
  ["another content type", { headers: { "content-type": "application/cbor" } }, "SerializationException"],
  [
    "the other JSON version",
    { headers: { "content-type": "application/x-amz-json-1.1" } },
    "SerializationException",
  ],
  ["an unknown service", { headers: { "x-amz-target": "Other.Say" } }, "UnknownOperationException"],
  ["an unknown action", { headers: { "x-amz-target": "Echo.Sing" } }, "UnknownOperationException"],
  [
    "an inherited name as action",
    { headers: { "x-amz-target": "Echo.constructor" } },
    "UnknownOperationException",
  ],
  ["a body that is no JSON", { body: "{" }, "SerializationException"],
  ["a body that is too long", { body: " ".repeat(8 * 1024 * 1024 + 1) }, "RequestEntityTooLarge"],
];

for (const [name, request_, type] of refusals) {
  test(`endpoint: refuses ${name}`, async (context) => {
    const answer = await post(await start(context), request_);
    assert.equal(answer.status, 400);
    assert.equal(JSON.parse(answer.text).__type, type);
  });
}

test("endpoint: refuses who does not sign at all", async (context) => {
  const url = await start(context);
  const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": "Echo.Say" };
  const response = await fetch(url, { method: "POST", headers, body: "{}" });
  assert.equal(response.status, 400);
  assert.equal(JSON.parse(await response.text()).__type, "MissingAuthenticationTokenException");
});

test("endpoint: a loopback name and IPv6 are loopback", async (context) => {
  const url = await start(context);
  for (const host of ["localhost:9095", "LOCALHOST", "[::1]:80", "127.1.2.3"]) {
    assert.equal((await post(url, { headers: { host } })).status, 200, host);
  }
});

test("endpoint: a service's refusal carries its code, also under the older name", async (context) => {
  const answer = await post(await start(context), { headers: { "x-amz-target": "Echo.Refuse" } });
  assert.equal(answer.status, 400);
  assert.deepEqual(JSON.parse(answer.text), { __type: "NoSuchThing", message: "there is none" });
  assert.equal(answer.headers["x-amzn-query-error"], "AWS.Old.NoSuchThing;Sender");
});

test("endpoint: a fault of ours is 500, which the SDK retries", async (context) => {
  const answer = await post(await start(context), { headers: { "x-amz-target": "Echo.Break" } });
  assert.equal(answer.status, 500);
});
