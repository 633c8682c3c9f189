import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { describe, test } from "node:test";
import { openPrometheus } from "../../../../lib/adapter/prometheus/open.ts";
import { defaultHttpClient } from "../../../../lib/config/http-client.ts";
import { Secret } from "../../../../lib/config/secret.ts";
import { ownReach } from "../../../../lib/discovery/reach.ts";
import { createLog } from "../../../../lib/log.ts";
import { serve } from "../../http/support/server.ts";

const now = Date.UTC(2026, 10, 26, 12);
const secret = createHash("sha256").update(String(Math.random())).digest("hex");

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();

/** What AWS would compute of a request (its "Create a signed AWS API request"), by the headers that were signed. */
const expectedSignature = (request: IncomingMessage, body: string): string => {
  const { authorization = "" } = request.headers;
  const signed = /SignedHeaders=([^,]+)/.exec(authorization)?.[1] ?? "";
  const [path = "", search = ""] = (request.url ?? "").split("?");
  const query = search
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) =>
      pair
        .split("=")
        .map((text) =>
          encodeURIComponent(decodeURIComponent(text)).replace(
            /[!'()*]/g,
            (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
          ),
        )
        .join("="),
    )
    .sort()
    .join("&");
  const headers = signed.split(";").map((name) => `${name}:${String(request.headers[name]).trim()}\n`);
  const canonical = [request.method, path, query, headers.join(""), signed, sha256(body)].join("\n");
  const date = "20261126";
  const scope = `${date}/eu-central-1/aps/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", "20261126T120000Z", scope, sha256(canonical)].join("\n");
  const key = ["eu-central-1", "aps", "aws4_request"].reduce<Buffer>(
    (made, text) => hmac(made, text),
    hmac(`AWS4${secret}`, date),
  );
  return createHmac("sha256", key).update(toSign).digest("hex");
};

describe("a request to a managed Prometheus", () => {
  for (const verb of ["GET", "POST"] as const) {
    test(`by ${verb} is signed as AWS checks it`, async (t) => {
      const judged: boolean[] = [];
      const { url } = await serve(t, async (request, response) => {
        let body = "";
        for await (const chunk of request) body += chunk;
        const found = /Signature=([0-9a-f]+)/.exec(request.headers.authorization ?? "")?.[1];
        judged.push(found === expectedSignature(request, body));
        response.end('{"status":"success","data":{"resultType":"vector","result":[]}}');
      });
      const sigv4 = {
        region: "eu-central-1",
        service: "aps",
        accessKey: "AKIDEXAMPLE",
        secretKey: new Secret(secret),
      };
      const settings = {
        url: new URL("/workspaces/ws-1", url).href,
        verb,
        httpClient: { ...defaultHttpClient, followRedirects: false },
        sigv4,
      };
      const prometheus = openPrometheus(settings, {
        reach: ownReach,
        now: () => now,
        log: createLog({ level: "error" }),
      });
      t.after(() => prometheus.close());
      await prometheus.query('sum(rate(a{b=~"c|d e*"}[5m])) by (x)', 12.5);
      assert.deepEqual(judged, [true]);
    });
  }

  test("is not made on this machine without keys", async () => {
    const sigv4 = { region: "eu-central-1", service: "aps" };
    const settings = {
      url: "http://127.0.0.1:9",
      verb: "GET" as const,
      httpClient: defaultHttpClient,
      sigv4,
    };
    const prometheus = openPrometheus(settings, {
      reach: ownReach,
      now: () => now,
      log: createLog({ level: "error" }),
    });
    await assert.rejects(prometheus.query("x", 1), /with access_key and secret_key only/);
  });

  test("is signed by the role that is named", async (t) => {
    const asked: (string | undefined)[] = [];
    const identityOf = async (roleArn: string | undefined) => {
      asked.push(roleArn);
      return { accessKeyId: "AKIDROLE", secretAccessKey: secret, sessionToken: "a-session-token" };
    };
    let token: unknown;
    const { url } = await serve(t, (request, response) => {
      token = request.headers["x-amz-security-token"];
      response.end('{"status":"success","data":[]}');
    });
    const sigv4 = { region: "eu-central-1", service: "aps", roleArn: "arn:aws:iam::123456789012:role/r" };
    const settings = { url: url.href, verb: "GET" as const, httpClient: defaultHttpClient, sigv4 };
    const prometheus = openPrometheus(settings, {
      reach: { ...ownReach, identityOf },
      now: () => now,
      log: createLog({ level: "error" }),
    });
    t.after(() => prometheus.close());
    await prometheus.series("x", 1);
    assert.deepEqual([asked, token], [["arn:aws:iam::123456789012:role/r"], "a-session-token"]);
  });
});
