import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { Secret, withoutSecrets } from "../../../lib/config/secret.ts";
import { createCloudCredentials } from "../../../lib/credential/cloud.ts";
import { tellsUnreadable } from "../../../lib/credential/missing.ts";
import {
  createSecretsManager,
  createClient as secretsClient,
} from "../../../lib/credential/secretsmanager.ts";
import { createParameterStore, createClient as ssmClient } from "../../../lib/credential/ssm.ts";
import { createClient } from "../../../lib/discovery/kubernetes/client.ts";
import { reasonOf } from "../../../lib/errors.ts";
import { createS3Files } from "../../../lib/files/s3.ts";
import { createTransport } from "../../../lib/http/client.ts";
import { startAwsService } from "../../fakes/awsservice.ts";
import { startS3 } from "../../fakes/s3.ts";
import { ask } from "../http/support/ask.ts";
import { clientWith } from "../http/support/config.ts";
import { serve } from "../http/support/server.ts";

const parameters = new Map<string, string>();
const secrets = new Map<string, object>();
const asked: string[] = [];
const refusal = (code: string) => ({ status: 400, body: { __type: code, message: `no: ${code}` } });
/** Parameter Store and Secrets Manager, which speak the same protocol. */
const service = await startAwsService((operation, input) => {
  const { Name, SecretId, WithDecryption } = input as {
    Name?: string;
    SecretId?: string;
    WithDecryption?: boolean;
  };
  asked.push(`${operation} ${Name ?? SecretId}`);
  if (Name === "/denied" || SecretId === "denied") return refusal("AccessDeniedException");
  if (operation === "GetParameter") {
    assert.equal(WithDecryption, true);
    if (Name === "/valueless") return { body: { Parameter: { Name, Type: "SecureString" } } };
    const Value = parameters.get(Name ?? "");
    return Value === undefined
      ? refusal("ParameterNotFound")
      : { body: { Parameter: { Name, Type: "SecureString", Value } } };
  }
  const found = secrets.get(SecretId ?? "");
  return found === undefined ? refusal("ResourceNotFoundException") : { body: found };
});
const s3 = await startS3();

const start = () => {
  asked.length = 0;
  s3.asked.length = 0;
  const time = { now: 1_000_000 };
  const credentialsFor = createCloudCredentials({
    files: createS3Files(s3.client),
    stores: {
      ssm: createParameterStore(ssmClient({ ...service.config, maxAttempts: 1 })),
      secretsmanager: createSecretsManager(secretsClient({ ...service.config, maxAttempts: 1 })),
    },
    clock: () => time.now,
  });
  return { time, credentialsFor, credentials: credentialsFor() };
};

parameters.set("/prod/token", "first-value\n");
secrets.set("prod/db", {
  SecretString: JSON.stringify({ user: "me", password: "db-password", port: 5432, deep: {} }),
});
secrets.set("plain", { SecretString: "not-json" });
secrets.set("binary", { SecretBinary: "AAAA" });
secrets.set("empty", { SecretString: " " });

describe("a secret that is kept in AWS", () => {
  test("is had where its reference stands, whole or in part, each once", async () => {
    const { credentials } = start();
    const of = (text: string) => credentials.reveal(new Secret(text));
    assert.equal(await of("${ssm:/prod/token}"), "first-value");
    assert.equal(await of("a ${ssm:/prod/token} b ${secretsmanager:prod/db#port}"), "a first-value b 5432");
    assert.equal(await credentials.reveal("${secretsmanager:prod/db#user}"), "me");
    assert.equal(await of("${secretsmanager:plain}"), "not-json");
    assert.equal(await of("as it is"), "as it is");
    assert.deepEqual(asked, ["GetParameter /prod/token", "GetSecretValue prod/db", "GetSecretValue plain"]);
  });

  const bad: [reference: string, reason: RegExp][] = [
    ["${ssm:/none}", /: .*ParameterNotFound/],
    ["${ssm:/denied}", /AccessDenied/],
    ["${ssm:/valueless}", /: the answer has no value$/],
    ["${secretsmanager:none}", /ResourceNotFound/],
    ["${secretsmanager:denied}", /AccessDenied/],
    ["${secretsmanager:plain#user}", /: the secret is not JSON$/],
    ["${secretsmanager:prod/db#none}", /: the secret has no text under "none"$/],
    ["${secretsmanager:prod/db#deep}", /: the secret has no text under "deep"$/],
    ["${secretsmanager:prod/db#__proto__}", /: the secret has no text under "__proto__"$/],
    ["${secretsmanager:binary}", /: a binary secret, expected a text$/],
    ["${secretsmanager:empty}", /: it is empty$/],
  ];
  for (const [reference, reason] of bad) {
    test(`is named by its reference when it cannot be had: ${reference}`, async () => {
      const { credentials } = start();
      await assert.rejects(credentials.reveal(new Secret(`x ${reference}`)), (error: Error) => {
        const told = reasonOf(error);
        assert.ok(told.startsWith(`${reference} is named by the configuration and cannot be read: `), told);
        assert.match(told, reason);
        assert.doesNotMatch(told, /db-password|not-json|\n/);
        return tellsUnreadable(told);
      });
    });
  }

  test("is had anew after five minutes, a failure after ten seconds", async () => {
    const { credentials, time } = start();
    const token = new Secret("${ssm:/prod/token}");
    for (const later of [0, 299_999, 1]) {
      time.now += later;
      await credentials.reveal(token);
    }
    assert.equal(asked.length, 2);
    const none = new Secret("${ssm:/none}");
    for (const later of [0, 9_999, 1]) {
      time.now += later;
      await assert.rejects(credentials.reveal(none));
    }
    assert.equal(asked.length, 4);
  });

  test("is blotted out of what is told once it was had, and its reference is not", async () => {
    const { credentials } = start();
    parameters.set("/prod/other", "other-value-xyz");
    await credentials.reveal(new Secret("Basic ${ssm:/prod/other}"));
    await credentials.reveal(new Secret("${ssm:/prod/other}"));
    assert.equal(withoutSecrets("${ssm:/prod/other} is other-value-xyz"), "${ssm:/prod/other} is <secret>");
  });
});

describe("a file of the configuration in S3", () => {
  test("is read by who uses it, kept for five minutes, and named when it is not there", async () => {
    const { credentials, time } = start();
    s3.objects.set("conf/ca.pem", "PEM");
    for (const later of [0, 299_999, 1]) {
      time.now += later;
      assert.equal(await credentials.read("tls_config ca_file", "s3://conf/ca.pem"), "PEM");
    }
    assert.deepEqual(s3.asked, ["GET /conf/ca.pem 200", "GET /conf/ca.pem 304"]);
    await assert.rejects(credentials.read("tls_config ca_file", "s3://conf/none.pem"), {
      message: /^tls_config ca_file: s3:\/\/conf\/none\.pem is named .*: The specified key does not exist\.$/,
    });
  });
});

describe("a rotated secret", () => {
  const serverWith = async (t: TestContext) => {
    const state = { accepted: "Bearer one-secret", seen: [] as (string | undefined)[] };
    const { url } = await serve(t, (request, response) => {
      state.seen.push(request.headers.authorization);
      response.writeHead(request.headers.authorization === state.accepted ? 200 : 401).end();
    });
    return { state, url };
  };
  const bearing = clientWith({
    authorization: { type: "Bearer", credentials: new Secret("${ssm:/rotated}") },
  });

  test("is had anew as soon as a server refuses the old one, in the same request", async (t) => {
    const { state, url } = await serverWith(t);
    const { credentialsFor, time } = start();
    const transport = createTransport(bearing, { credentialsFor });
    t.after(() => transport.close());
    parameters.set("/rotated", "one-secret");
    assert.equal((await ask(transport, url)).status, 200);
    parameters.set("/rotated", "two-secret");
    state.accepted = "Bearer two-secret";
    time.now += 60_000;
    assert.equal((await ask(transport, url)).status, 200);
    assert.deepEqual(state.seen, ["Bearer one-secret", "Bearer one-secret", "Bearer two-secret"]);
  });

  test("of an OAuth client is had anew after the token server refused the old one", async (t) => {
    const { url } = await serve(t, async (request, response) => {
      if (request.url !== "/token") return void response.end(request.headers.authorization);
      const [, login = ""] = (request.headers.authorization ?? "").split(" ");
      const isGood = Buffer.from(login, "base64").toString() === "me:two-secret";
      response.writeHead(isGood ? 200 : 401, { "content-type": "application/json" });
      response.end(isGood ? '{"access_token":"granted-token"}' : "{}");
    });
    const { credentialsFor, time } = start();
    const oauth2 = {
      clientId: "me",
      clientSecret: new Secret("${ssm:/client}"),
      scopes: [],
      endpointParams: {},
      tokenUrl: new URL("/token", url).href,
      tls: { insecureSkipVerify: false },
      proxy: { fromEnvironment: false, connectHeader: {} },
    };
    const transport = createTransport(clientWith({ oauth2 }), { credentialsFor });
    t.after(() => transport.close());
    parameters.set("/client", "one-secret");
    await credentialsFor().reveal("${ssm:/client}");
    parameters.set("/client", "two-secret");
    time.now += 60_000;
    await assert.rejects(ask(transport, url), /HTTP status 401/);
    assert.equal((await ask(transport, url)).body, "Bearer granted-token");
  });

  test("in a kubeconfig is read anew once a server has refused it", async (t) => {
    const { state, url } = await serverWith(t);
    const { credentialsFor, time } = start();
    const kubeconfigWith = (token: string) =>
      JSON.stringify({
        "current-context": "c",
        clusters: [{ name: "c", cluster: { server: url.href } }],
        contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
        users: [{ name: "u", user: { token } }],
      });
    const statusNow = async () => {
      const options = { credentialsFor, environment: {} };
      const { transport } = await createClient({ kind: "kubeconfig", file: "s3://conf/kubeconfig" }, options);
      const { status } = await ask(transport, url);
      transport.close();
      return status;
    };
    s3.objects.set("conf/kubeconfig", kubeconfigWith("one-secret"));
    assert.equal(await statusNow(), 200);
    s3.objects.set("conf/kubeconfig", kubeconfigWith("two-secret"));
    state.accepted = "Bearer two-secret";
    time.now += 60_000;
    assert.deepEqual([await statusNow(), await statusNow()], [401, 200]);
  });

  test("that is refused again and again is not asked for at each request, and nobody else's is", async (t) => {
    const { state, url } = await serverWith(t);
    state.accepted = "never";
    const { credentialsFor, credentials, time } = start();
    await credentials.reveal("${ssm:/prod/token}");
    const transport = createTransport(bearing, { credentialsFor });
    t.after(() => transport.close());
    for (const later of [0, 1000, 8_999, 1]) {
      time.now += later;
      assert.equal((await ask(transport, url)).status, 401);
    }
    await credentials.reveal("${ssm:/prod/token}");
    assert.deepEqual(asked, ["GetParameter /prod/token", "GetParameter /rotated", "GetParameter /rotated"]);
  });
});
