import assert from "node:assert/strict";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { after, afterEach, describe, test } from "node:test";
import fc from "fast-check";
import { defaultHttpClient } from "../../../../lib/config/http-client.ts";
import { tellsUnreadable } from "../../../../lib/credential/missing.ts";
import { createClient } from "../../../../lib/discovery/kubernetes/client.ts";
import { createDescribe } from "../../../../lib/discovery/kubernetes/eks.ts";
import type { Eks } from "../../../../lib/discovery/kubernetes/eksaccess.ts";
import {
  createEksTokens,
  createIdentities,
  createClient as stsClient,
} from "../../../../lib/discovery/kubernetes/sts.ts";
import { reasonOf } from "../../../../lib/errors.ts";
import { verifyEksToken } from "../../../fakes/eksverifier.ts";
import { listening } from "../../../fakes/listening.ts";
import { ask } from "../../http/support/ask.ts";
import { serve } from "../../http/support/server.ts";
import { cleanUp } from "./listing.ts";
import { authority, startTlsServer } from "./tlsserver.ts";

const own = { accessKeyId: "AKIDOWN", secretAccessKey: "own+secret/=" };
const role = "arn:aws:iam::210987654321:role/rollcall-read";

/** STS's query protocol and EKS's REST, as far as they are asked here. */
const startAws = async () => {
  const asked: string[] = [];
  const state = { now: Date.parse("2026-11-26T06:00:00Z"), sessions: 0, cluster: {} as object | undefined };
  const server = createServer(async (request, response) => {
    if (request.method === "GET") {
      asked.push(`${request.url} as ${/Credential=(\w+)/.exec(request.headers.authorization ?? "")?.[1]}`);
      const status = state.cluster === undefined ? 404 : 200;
      response.writeHead(status, { "x-amzn-errortype": "ResourceNotFoundException" });
      return void response.end(
        JSON.stringify(state.cluster ? { cluster: state.cluster } : { message: "No cluster found" }),
      );
    }
    const form = new URLSearchParams(await text(request));
    asked.push(`${form.get("Action")} ${form.get("RoleArn")}`);
    if (form.get("RoleArn") !== role) {
      response.writeHead(403, { "content-type": "text/xml" });
      return void response.end(
        "<ErrorResponse><Error><Code>AccessDenied</Code><Message>is not authorized</Message></Error></ErrorResponse>",
      );
    }
    state.sessions += 1;
    const until = new Date(state.now + 3_600_000).toISOString();
    response.writeHead(200, { "content-type": "text/xml" });
    response.end(
      `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE${state.sessions}</AccessKeyId><SecretAccessKey>role-secret</SecretAccessKey><SessionToken>to/ken+==</SessionToken><Expiration>${until}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
    );
  });
  const port = await listening(server);
  after(() => void server.close().closeAllConnections());
  const endpoint = `http://127.0.0.1:${port}`;
  const client = stsClient({ endpoint, region: "eu-central-1", credentials: own, maxAttempts: 1 });
  const clock = () => state.now;
  const identities = createIdentities({ client, clock });
  const eks: Eks = {
    describe: createDescribe({ identities, clock, endpoint }),
    ...createEksTokens({ identities, clock }),
  };
  return { asked, state, eks };
};

const secretOf = (id: string) => (id === own.accessKeyId ? own.secretAccessKey : "role-secret");
const prod = { clusterName: "prod_eu-1", region: "eu-central-1" };

describe("a token for an EKS cluster", () => {
  test("is one that the cluster takes, signed by the function's own credentials", async () => {
    const { eks, state, asked } = await startAws();
    const token = await eks.token(prod);
    const verified = verifyEksToken(token, { clusterName: "prod_eu-1", secretOf, now: state.now });
    assert.deepEqual(verified, { accessKeyId: "AKIDOWN", region: "eu-central-1", sessionToken: undefined });
    assert.deepEqual(asked, []);
  });

  test("is refused by another cluster, with another key, when it is old, and when anything of it is changed", async () => {
    const { eks, state } = await startAws();
    const token = await eks.token(prod);
    const good = { clusterName: "prod_eu-1", secretOf, now: state.now };
    assert.throws(() => verifyEksToken(token, { ...good, clusterName: "other" }), /signature/);
    assert.throws(() => verifyEksToken(token, { ...good, secretOf: () => "x" }), /signature/);
    assert.throws(() => verifyEksToken(token, { ...good, now: state.now + 15 * 60_000 }), /15 minutes/);
    const changed = (from: string, to: string) => {
      const url = Buffer.from(token.slice("k8s-aws-v1.".length), "base64url").toString().replace(from, to);
      return `k8s-aws-v1.${Buffer.from(url).toString("base64url")}`;
    };
    const rules: [from: string, to: string, rule: RegExp][] = [
      ["GetCallerIdentity", "AssumeRole", /action/],
      ["X-Amz-Expires=60", "X-Amz-Expires=901", /900/],
      ["X-Amz-Expires=60", "X-Amz-Expires=61", /signature/],
      ["%3Bx-k8s-aws-id", "", /signed header/],
      ["sts.eu-central-1.amazonaws.com", "sts.eu-central-1.amazonaws.com.evil.example", /host/],
      ["https:", "http:", /https/],
      ["Version=", "Policy=x&Version=", /allowed/],
      ["Version=", "version=2011-06-15&Version=", /once/],
    ];
    for (const [from, to, rule] of rules)
      assert.throws(() => verifyEksToken(changed(from, to), good), rule, to);
    assert.throws(() => verifyEksToken(`${token}=`, good), /padding/);
  });

  test("is taken whatever the cluster, the region and the keys are", async () => {
    const name = fc.stringMatching(/^[0-9A-Za-z][\w-]{0,99}$/);
    const region = fc.constantFrom("us-east-1", "ap-southeast-3", "us-gov-west-1", "cn-north-1");
    const word = fc.string({ minLength: 1, maxLength: 60, unit: "binary-ascii" });
    const instant = fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }).map((seconds) => seconds * 1000);
    await fc.assert(
      fc.asyncProperty(
        name,
        region,
        word,
        word,
        instant,
        async (clusterName, where, secret, sessionToken, now) => {
          const identities = {
            of: async () => ({ accessKeyId: "ASIA1", secretAccessKey: secret, sessionToken }),
          };
          const { token } = createEksTokens({ identities, clock: () => now });
          const verified = verifyEksToken(await token({ clusterName, region: where }), {
            clusterName,
            secretOf: () => secret,
            now,
          });
          assert.deepEqual(verified, { accessKeyId: "ASIA1", region: where, sessionToken });
        },
      ),
    );
  });

  test("is made anew after ten minutes, and when it was refused, but not at once", async () => {
    const { eks, state } = await startAws();
    const first = await eks.token(prod);
    assert.equal(eks.refused(prod), false);
    state.now += 599_999;
    assert.equal(await eks.token(prod), first);
    state.now += 1;
    const second = await eks.token(prod);
    assert.notEqual(second, first);
    state.now += 10_000;
    assert.equal(eks.refused(prod), true);
    assert.notEqual(await eks.token(prod), second);
  });

  test("for another account is signed by the role of its entry, whose session serves until shortly before its end", async () => {
    const { eks, state, asked } = await startAws();
    const theirs = { ...prod, roleArn: role };
    for (const [later, accessKeyId] of [
      [0, "ASIAROLE1"],
      [43 * 60_000, "ASIAROLE1"],
      [60_000, "ASIAROLE2"],
    ] as const) {
      state.now += later;
      eks.refused(theirs);
      const verified = verifyEksToken(await eks.token(theirs), {
        clusterName: "prod_eu-1",
        secretOf,
        now: state.now,
      });
      assert.deepEqual(verified, { accessKeyId, region: "eu-central-1", sessionToken: "to/ken+==" });
    }
    assert.deepEqual(asked, [`AssumeRole ${role}`, `AssumeRole ${role}`]);
  });

  test("names the role that may not be assumed", async () => {
    const { eks } = await startAws();
    const roleArn = "arn:aws:iam::210987654321:role/none";
    await assert.rejects(eks.token({ ...prod, roleArn }), (error) => {
      assert.match(
        reasonOf(error),
        /^role arn:aws:iam::210987654321:role\/none is named .* cannot be read: .*not authorized/,
      );
      return tellsUnreadable(reasonOf(error));
    });
  });
});

describe("an EKS cluster", () => {
  afterEach(cleanUp);
  const access = { kind: "eks" as const, ...prod, httpClient: defaultHttpClient };

  test("is asked at the endpoint and with the CA that EKS tells, with a token that it takes", async () => {
    const { eks, state, asked } = await startAws();
    const server = await startTlsServer();
    state.cluster = {
      endpoint: server.url,
      certificateAuthority: { data: Buffer.from(authority.cert).toString("base64") },
    };
    for (let times = 0; times < 2; times++) {
      const { server: url, transport } = await createClient({ ...access, roleArn: role }, { eks });
      assert.equal((await ask(transport, new URL("/api/v1/pods", url))).status, 200);
      transport.close();
    }
    const [, token = ""] = (server.asked[0]?.authorization ?? "").split(" ");
    verifyEksToken(token, { clusterName: "prod_eu-1", secretOf, now: state.now });
    assert.deepEqual(asked, [`AssumeRole ${role}`, "/clusters/prod_eu-1 as ASIAROLE1"]);
  });

  test("whose endpoint and CA the settings give is not asked about", async () => {
    const { eks, asked } = await startAws();
    const server = await startTlsServer();
    const httpClient = { ...defaultHttpClient, tls: { insecureSkipVerify: false, ca: authority.cert } };
    const { server: url, transport } = await createClient(
      { ...access, url: server.url, httpClient },
      { eks },
    );
    assert.equal((await ask(transport, new URL("/api/v1/pods", url))).status, 200);
    transport.close();
    assert.deepEqual(asked, []);
  });

  test("that refuses a token is asked again with another one, once", async (t) => {
    const { eks, state } = await startAws();
    const tokens: string[] = [];
    const { url } = await serve(t, (request, response) => {
      tokens.push(request.headers.authorization ?? "");
      response.writeHead(tokens.length === 2 ? 200 : 401).end();
    });
    const httpClient = { ...defaultHttpClient, tls: { insecureSkipVerify: true } };
    await eks.token(prod);
    state.now += 60_000;
    const { transport } = await createClient({ ...access, url: url.href, httpClient }, { eks });
    t.after(() => transport.close());
    assert.equal((await ask(transport, url)).status, 200);
    assert.notEqual(tokens[0], tokens[1]);
    // What was made just now is not replaced.
    assert.equal((await ask(transport, url)).status, 401);
    assert.equal(tokens.length, 3);
  });

  test("that is not there, or is still being made, is named", async () => {
    const { eks, state } = await startAws();
    const place = "EKS cluster prod_eu-1 in eu-central-1 is named by the configuration and cannot be read: ";
    await assert.rejects(createClient(access, { eks }), {
      message: `${place}no endpoint and CA in the answer, is it being made?`,
    });
    state.cluster = undefined;
    await assert.rejects(createClient(access, { eks }), { message: `${place}No cluster found` });
  });

  test("is reached in the cloud only", async () => {
    await assert.rejects(
      createClient(access),
      /tokens are signed in the cloud only; use kubeconfig_file here/,
    );
  });
});
